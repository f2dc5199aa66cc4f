"""Findings as a person reads them: place, message, the line with carets, hint."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from k8sgen_core.cli.redaction import Excerpt, masked, redacted
from k8sgen_core.cli.terminal import Terminal, inert
from k8sgen_core.columns import lines_of
from k8sgen_core.findings import SEVERITIES, Finding, Place
from k8sgen_core.ids import SECRETS, registry

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

# By file and line, the columns from and to which they are.
Leaks: TypeAlias = dict[tuple[str, int], set[tuple[int, int]]]
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def report(
    evaluations: Sequence[Evaluation],
    findings: Sequence[Finding],
    *,
    quiet: bool,
    level: str | None = None,
) -> None:
    """
    Write to standard error what files print and what matters for what they generate.

    Of the built-in rules, only how much they find, but for what reaches the level. When
    ``quiet``, errors only.
    """
    terminal = Terminal(sys.stderr)
    shown = [each for each in findings if _concerns(each, level)]
    if quiet:
        Report(terminal).show([each for each in shown if each.severity == "error"])
        return
    show_output(terminal, evaluations)
    Report(terminal).show(shown)
    if len(shown) < len(findings):
        left = summary([each for each in findings if each not in shown])
        names = " ".join({shown_path(each.request.path): None for each in evaluations})
        terminal.line(terminal.paint(f"{left} of the rules: k8sgen validate {names}", "dim"))


def _concerns(finding: Finding, level: str | None) -> bool:
    """Does a finding say something of what is generated, or prevent it?"""
    rule = registry().get(finding.rule)
    return rule is None or not rule.is_lint or reaches([finding], level)


def show_output(terminal: Terminal, evaluations: Sequence[Evaluation]) -> None:
    """Write what files print, each line with the file's name."""
    for each in evaluations:
        name = shown_path(each.request.path)
        for text in each.output.splitlines():
            terminal.line(terminal.paint(f"{name} prints: {inert(text)}", "dim"))


class Report:
    """Writes findings with excerpts of the sources."""

    def __init__(self, terminal: Terminal, texts: dict[str, str] | None = None) -> None:
        self.terminal = terminal
        self._lines = {path: lines_of(text) for path, text in (texts or {}).items()}
        self._leaks: Leaks = {}

    def show(self, findings: Sequence[Finding]) -> None:
        """
        Write every finding; of those at one place the excerpt is shown once, at the end.

        So is what they are about, unless several objects are at the place, or one says the same
        of several fields.
        """
        self._leaks = leaks(findings)
        unclear = _unclear(findings)
        for number, finding in enumerate(findings):
            following = findings[number + 1] if number + 1 < len(findings) else None
            self._head(finding)
            if following is None or not _is_beside(finding, following):
                self._subject(finding)
            else:
                if finding.place in unclear:
                    self._about(finding)
                self._hint(finding)

    def _head(self, finding: Finding) -> None:
        head = self.terminal.paint(f"{finding.severity}[{finding.rule}]", finding.severity)
        where = f" {shown_place(finding.place)}" if finding.place else ""
        self.terminal.line(f"{head}{where} {inert(finding.message)}")

    def _about(self, finding: Finding) -> None:
        if finding.object:
            field = f" {finding.field}" if finding.field else ""
            about = f"  in {inert(finding.object)}{inert(field)}"
            self.terminal.line(self.terminal.paint(about, "dim"))

    def _subject(self, finding: Finding) -> None:
        paint, line = self.terminal.paint, self.terminal.line
        self._about(finding)
        if finding.place is not None and not _is_secret(finding):
            self._excerpt(finding.place, finding.severity)
        for related in finding.related:
            line(paint(f"  {related.message}: {shown_place(related.place)}", "dim"))
        self._hint(finding)

    def _hint(self, finding: Finding) -> None:
        if finding.hint:
            self.terminal.line(f"  {self.terminal.paint('hint:', 'hint')} {inert(finding.hint)}")

    def _excerpt(self, place: Place, style: str) -> None:
        lines = self._text(place.path)
        start, end = place.range
        if start.line >= len(lines) or start == end:
            return
        source = lines[start.line]
        last = end.character if end.line == start.line else len(source)
        excerpt = Excerpt(source, start.character, last)
        told = self._leaks.get((place.path, start.line))
        excerpt = masked(excerpt, told) if told else _shown(lines, place, excerpt)
        number = str(start.line + 1)
        room = self.terminal.width - len(number) - 5
        text = inert(excerpt.text.replace("\t", " "))
        text, first, last = _cropped(text, excerpt.first, excerpt.last, room)
        marked = max(1, _width(text[first:last]))
        self.terminal.line(f"  {self.terminal.paint(f'{number} |', 'dim')} {text}")
        gap = " " * (len(number) + 2 + _width(text[:first]))
        self.terminal.line(f"  {gap} {self.terminal.paint('^' * marked, style)}")

    def _text(self, path: str) -> list[str]:
        if path not in self._lines:
            try:
                self._lines[path] = lines_of(Path(path).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                self._lines[path] = []
        return self._lines[path]


def leaks(findings: Iterable[Finding]) -> Leaks:
    """Return the parts of lines that rules take for secrets, which no excerpt may show."""
    found: Leaks = {}
    for finding in findings:
        rule = registry().get(finding.rule)
        if finding.place is not None and rule is not None and rule.subject == SECRETS:
            path, (start, end) = finding.place
            last = end.character if end.line == start.line else sys.maxsize
            found.setdefault((path, start.line), set()).add((start.character, last))
    return found


def _unclear(findings: Iterable[Finding]) -> set[Place]:
    """Return the places at which the message does not tell what a finding is about."""
    objects: dict[Place, set[str | None]] = {}
    said: Counter[tuple[Place, str, str]] = Counter()
    for each in findings:
        if each.place is not None:
            objects.setdefault(each.place, set()).add(each.object)
            said[each.place, each.rule, each.message] += 1
    repeated = {place for (place, *_), count in said.items() if count > 1}
    return repeated.union(place for place, named in objects.items() if len(named) > 1)


def _is_beside(one: Finding, other: Finding) -> bool:
    """Do two findings have the same excerpt?"""
    alike = one.place == other.place and one.object == other.object
    return alike and one.place is not None and one.related == other.related


def _is_secret(finding: Finding) -> bool:
    """Is what a finding of a manifest is about the value of a Secret?"""
    held = (finding.object or "").startswith("Secret/")
    return held and (finding.field or "").startswith(("data", "stringData"))


def _shown(lines: Sequence[str], place: Place, excerpt: Excerpt) -> Excerpt:
    """Return an excerpt without secret values."""
    if not place.path.endswith(".py"):
        return excerpt
    return redacted(lines, place.range.start.line, excerpt)


def shown_place(place: Place | None) -> str:
    """Return ``path:line:column``, counted from 1, the path relative to the working folder."""
    if place is None:
        return ""
    start = place.range.start
    return f"{shown_path(place.path)}:{start.line + 1}:{start.character + 1}"


def shown_path(path: str | Path) -> str:
    """Return a path as short as it can be from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return os.path.abspath(path) if relative.startswith("..") else Path(relative).as_posix()


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity."""
    count = Counter(finding.severity for finding in findings)
    # There is no plural of "info".
    found = [
        counted(count[s], s) if s != "info" else f"{count[s]} info" for s in SEVERITIES if count[s]
    ]
    return ", ".join(found) or "no findings"


def counted(number: int, noun: str) -> str:
    """Return a number of things, as one says it."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def reaches(findings: Sequence[Finding], level: str | None) -> bool:
    """Is there a finding at or above a level?"""
    if level is None:
        return False
    limit = SEVERITIES.index(level)
    return any(SEVERITIES.index(finding.severity) <= limit for finding in findings)


def _cropped(text: str, first: int, last: int, room: int) -> tuple[str, int, int]:
    """Return the part of a line that fits, and what is marked in it."""
    if len(text) <= room:
        return text, first, last
    begin = max(0, min(first - room // 4, len(text) - room))
    shown = text[begin : begin + room]
    if begin:
        shown = _ELLIPSIS + shown[1:]
    if begin + room < len(text):
        shown = shown[:-1] + _ELLIPSIS
    return shown, first - begin, min(last - begin, room)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    joined = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - joined
