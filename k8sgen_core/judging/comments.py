"""
Comments that except a finding: ``# k8sgen: ignore[latest-tag] the base image of the team``.

One at the end of a line is for that line, one on a line of its own for the statement below it;
inside a statement, or in YAML, for the next line.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from k8sgen_core.findings import Finding, Place, Position, Range
from k8sgen_core.ids import blocks, registry
from k8sgen_core.judging.linting import UNUSED, in_vain
from k8sgen_core.judging.selection import Selection
from k8sgen_core.misfits import unknown_id

_COMMENT = re.compile(r"#\s*k8sgen:\s*ignore\s*\[(?P<ids>[^\]]*)\](?P<reason>[^#]*)")
_ID = re.compile(r"[^,\s]+")
_MARK = "k8sgen:"
_PYTHON = ".py"


class _Written(NamedTuple):
    """A comment: where it stands, and whether it has its line to itself."""

    line: int
    column: int
    text: str
    alone: bool


@dataclass
class Exemption:
    """
    One id that a comment excepts, in which lines, and whether that was of any use.

    It is ``refused`` if what it is for prevents writing.
    """

    rule: str
    place: Place
    lines: range
    reason: str
    used: bool = field(default=False)
    refused: bool = field(default=False)


def exemptions(path: str, text: str) -> list[Exemption]:
    """Return what the comments of a file except."""
    if _MARK not in text:
        return []
    lines = text.split("\n")
    is_python = path.endswith(_PYTHON)
    written = _of_python(text) if is_python else _of_yaml(lines)
    statements = _statements(text) if is_python else {}
    return [each for one in written for each in _excepted(path, one, lines, statements)]


def _of_python(text: str) -> Iterator[_Written]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield _Written(line - 1, column, token.string, not token.line[:column].strip())
    except (tokenize.TokenError, SyntaxError):
        return


def _of_yaml(lines: Sequence[str]) -> Iterator[_Written]:
    for number, line in enumerate(lines):
        found = _COMMENT.search(line)
        if found is not None:
            before = line[: found.start()].strip()
            yield _Written(number, found.start(), line[found.start() :], not before)


def _statements(text: str) -> dict[int, int]:
    """Return the last line of the statement that begins on a line."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[int, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.end_lineno is not None:
            found.setdefault(node.lineno - 1, node.end_lineno - 1)
    return found


def _excepted(
    path: str, comment: _Written, lines: Sequence[str], statements: dict[int, int]
) -> Iterator[Exemption]:
    found = _COMMENT.match(comment.text)
    if found is None:
        return
    governed = _governed(comment, lines, statements)
    for name in _ID.finditer(found["ids"]):
        start = comment.column + found.start("ids") + name.start()
        at = Range(Position(comment.line, start), Position(comment.line, start + len(name[0])))
        yield Exemption(name[0], Place(path, at), governed, found["reason"].strip())


def _governed(comment: _Written, lines: Sequence[str], statements: dict[int, int]) -> range:
    if not comment.alone:
        return range(comment.line, comment.line + 1)
    below = (n for n in range(comment.line + 1, len(lines)) if _is_code(lines[n]))
    first = next(below, comment.line)
    return range(first, statements.get(first, first) + 1)


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def without_excepted(
    findings: Iterable[Finding], texts: dict[str, str], selection: Selection
) -> list[Finding]:
    """Return the findings that no comment excepts, and what is wrong with the comments."""
    told = [each for path, text in texts.items() for each in exemptions(path, text)]
    left = unexcepted(findings, told)
    return [*left, *(one for each in told for one in _misuse(each, selection))]


def unexcepted(findings: Iterable[Finding], told: Sequence[Exemption]) -> list[Finding]:
    """
    Return the findings that no comment excepts.

    What prevents writing is not excepted: its output would be refused.
    """
    return [each for each in findings if not _is_excepted(each, told)] if told else list(findings)


def _is_excepted(finding: Finding, told: Iterable[Exemption]) -> bool:
    if finding.place is None:
        return False
    path, (start, _) = finding.place
    meant = [
        each
        for each in told
        if each.rule == finding.rule and each.place.path == path and start.line in each.lines
    ]
    is_blocking = bool(meant) and blocks(finding)
    for each in meant:
        each.used |= not is_blocking
        each.refused |= is_blocking
    return bool(meant) and not is_blocking


def _misuse(told: Exemption, selection: Selection) -> Iterator[Finding]:
    if told.rule not in registry():
        said = unknown_id(told.rule, registry())
        yield Finding(said.rule, said.message, told.place, "warning", said.hint)
    elif told.refused and not registry()[told.rule].is_refusal:
        message = f"{told.rule} prevents writing, which no comment excepts"
        hint = (
            f'write: .ignore("{told.rule}", reason="...")'
            if told.place.path.endswith(_PYTHON)
            else "remove it"
        )
        yield Finding(UNUSED, message, told.place, "warning", hint)
    elif not told.used and selection.allows(told.rule):
        message = in_vain(told.rule, "the comment")
        yield Finding(UNUSED, message, told.place, "warning", "remove it")
    elif not told.reason:
        message = f"why {told.rule} does not apply is not said"
        hint = f"write: # k8sgen: ignore[{told.rule}] the reason"
        yield Finding("unexplained-suppression", message, told.place, "info", hint)
