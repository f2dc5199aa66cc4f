"""Core ⇄ protocol: the only module that knows both vocabularies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from lsprotocol import types
from pygls.uris import to_fs_path

from k8sgen_core.columns import Unit, in_units
from k8sgen_core.findings import Position, Range

Json: TypeAlias = dict[str, Any]

SOURCE = "k8sgen"
UNITS: Mapping[types.PositionEncodingKind | str, Unit] = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16",
    types.PositionEncodingKind.Utf32: "utf-32",
}
SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
START = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
_ENCODINGS: Mapping[Unit, tuple[str, int]] = {
    "utf-8": ("utf-8", 1),
    "utf-16": ("utf-16-le", 2),
    "utf-32": ("utf-32-le", 4),
}
_LINE_END = re.compile(r"\r\n|\r|\n")


def path_of(uri: str) -> Path | None:
    """Return the path of a document; one that is not saved anywhere has none."""
    path = to_fs_path(uri)
    return Path(path) if path else None


def diagnostic_of(finding: Json) -> types.Diagnostic:
    """Return a finding as a diagnostic; its columns are in the unit of the session already."""
    return types.Diagnostic(
        range=range_of(finding["range"] or START),
        message=_message(finding),
        severity=SEVERITIES[finding["severity"]],
        code=finding["rule"],
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(
                location=types.Location(uri=related["uri"], range=range_of(related["range"])),
                message=related["message"],
            )
            for related in finding["related"]
        ],
    )


def _message(finding: Json) -> str:
    hint = finding["hint"]
    return f"{finding['message']}\n{hint}" if hint else str(finding["message"])


def range_of(shown: Json) -> types.Range:
    """Return a range of the core's results."""
    start, end = (types.Position(**shown[side]) for side in ("start", "end"))
    return types.Range(start=start, end=end)


def shown_range(found: Range, lines: Sequence[str], unit: Unit) -> types.Range:
    """Return a range of code points as the client counts."""

    def position(at: Position) -> types.Position:
        line = lines[at.line] if at.line < len(lines) else ""
        return types.Position(at.line, in_units(line, at.character, unit))

    return types.Range(start=position(found.start), end=position(found.end))


def offset_of(text: str, position: types.Position, unit: Unit) -> int:
    """
    Return the index in ``text`` of a position of the client's.

    Only the three line ends of the protocol count: a form feed, for one, ends no line.
    """
    start = _line_start(text, position.line)
    end = _LINE_END.search(text, start)
    line = text[start : end.start() if end else len(text)]
    return start + _code_point(line, position.character, unit)


def _line_start(text: str, number: int) -> int:
    if not number:
        return 0
    found = next(islice(_LINE_END.finditer(text), number - 1, None), None)
    return found.end() if found else len(text)


def _code_point(line: str, column: int, unit: Unit) -> int:
    if line.isascii():
        return min(column, len(line))
    encoding, width = _ENCODINGS[unit]
    before = line.encode(encoding, "surrogatepass")[: column * width]
    return len(before.decode(encoding, "ignore"))


def range_between(text: str, start: int, end: int, unit: Unit) -> types.Range:
    """Return the range of a part of one line of ``text`` as the client counts."""
    line_ends = [each.end() for each in _LINE_END.finditer(text, 0, start)]
    line_start = line_ends[-1] if line_ends else 0
    line = text[line_start:end]
    columns = (in_units(line, offset - line_start, unit) for offset in (start, end))
    first, last = (types.Position(len(line_ends), column) for column in columns)
    return types.Range(start=first, end=last)
