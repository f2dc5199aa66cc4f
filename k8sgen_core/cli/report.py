"""Findings as a person reads them: place, message, the line with carets, hint."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from k8sgen_core.cli.terminal import Terminal, inert
from k8sgen_core.columns import lines_of
from k8sgen_core.findings import SEVERITIES, Finding, Place


class Report:
    """Writes findings with excerpts of the sources."""

    def __init__(self, terminal: Terminal, texts: dict[str, str] | None = None) -> None:
        self.terminal = terminal
        self._lines = {path: lines_of(text) for path, text in (texts or {}).items()}

    def show(self, findings: Sequence[Finding]) -> None:
        """Write every finding."""
        for finding in findings:
            self._finding(finding)

    def _finding(self, finding: Finding) -> None:
        paint, line = self.terminal.paint, self.terminal.line
        head = paint(f"{finding.severity}[{finding.rule}]", finding.severity)
        where = f" {shown_place(finding.place)}" if finding.place else ""
        line(f"{head}{where} {inert(finding.message)}")
        if finding.object:
            field = f" {finding.field}" if finding.field else ""
            line(paint(f"  in {inert(finding.object)}{inert(field)}", "dim"))
        if finding.place is not None:
            self._excerpt(finding.place, finding.severity)
        for related in finding.related:
            line(paint(f"  {related.message}: {shown_place(related.place)}", "dim"))
        if finding.hint:
            line(f"  {paint('hint:', 'hint')} {inert(finding.hint)}")

    def _excerpt(self, place: Place, style: str) -> None:
        lines = self._text(place.path)
        start, end = place.range
        if start.line >= len(lines) or start == end:
            return
        text = inert(lines[start.line].replace("\t", " "))
        last = end.character if end.line == start.line else len(text)
        number = str(start.line + 1)
        before = _width(text[: start.character])
        marked = max(1, _width(text[start.character : last]))
        self.terminal.line(f"  {self.terminal.paint(f'{number} |', 'dim')} {text}")
        gap = " " * (len(number) + 2)
        carets = self.terminal.paint("^" * marked, style)
        self.terminal.line(f"  {gap} {' ' * before}{carets}")

    def _text(self, path: str) -> list[str]:
        if path not in self._lines:
            try:
                self._lines[path] = lines_of(Path(path).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                self._lines[path] = []
        return self._lines[path]


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
    return str(path) if relative.startswith("..") else Path(relative).as_posix()


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity."""
    count = Counter(finding.severity for finding in findings)
    found = [f"{count[s]} {s}{'s' if count[s] > 1 else ''}" for s in SEVERITIES if count[s]]
    return ", ".join(found) or "no findings"


def reaches(findings: Sequence[Finding], level: str | None) -> bool:
    """Is there a finding at or above a level?"""
    if level is None:
        return False
    limit = SEVERITIES.index(level)
    return any(SEVERITIES.index(finding.severity) <= limit for finding in findings)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    joined = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - joined
