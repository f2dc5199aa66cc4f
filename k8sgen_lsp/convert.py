"""Core ⇄ protocol: the only module that knows both vocabularies."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeAlias

from cattrs import Converter
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.uris import to_fs_path

from k8sgen_core.columns import Unit, in_units
from k8sgen_core.findings import Position, Range
from k8sgen_core.ids import manual_pages

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
LINE_END = re.compile(r"\r\n|\r|\n")


@lru_cache(maxsize=1024)
def path_of(uri: str) -> Path | None:
    """Return the path of a document; one that is not saved anywhere has none."""
    try:
        path = to_fs_path(uri)
    except ValueError:
        return None
    return Path(path) if path and "\0" not in path else None


def diagnostic_of(finding: Json) -> Json:
    """
    Return a finding as the protocol writes a diagnostic.

    Its columns are in the unit of the session already. There may be hundreds at each save, so
    that they do not go through the structures of the protocol.
    """
    rule = finding["rule"]
    diagnostic: Json = {
        "range": finding["range"] or START,
        "message": _message(finding),
        "severity": SEVERITIES[finding["severity"]].value,
        "code": rule,
        "source": SOURCE,
        "data": {key: finding[key] for key in ("object", "field")},
    }
    if finding["related"]:
        diagnostic["relatedInformation"] = [
            {
                "location": {"uri": related["uri"], "range": related["range"]},
                "message": related["message"],
            }
            for related in finding["related"]
        ]
    page = manual_pages().get(rule)
    if page:
        diagnostic["codeDescription"] = {"href": page}
    tag = _tag(rule)
    if tag is not None:
        diagnostic["tags"] = [tag.value]
    return diagnostic


def structured(finding: Json) -> types.Diagnostic:
    """Return a finding as the diagnostic that a client sends back with it."""
    diagnostic: types.Diagnostic = _converter().structure(diagnostic_of(finding), types.Diagnostic)
    return diagnostic


@cache
def _converter() -> Converter:
    return get_converter()


def _tag(rule: str) -> types.DiagnosticTag | None:
    """Return how editors show code that does nothing, or that will stop to do what it does."""
    if rule == "no-effect":
        return types.DiagnosticTag.Unnecessary
    is_old = rule.startswith(("removed-", "deprecated-"))
    return types.DiagnosticTag.Deprecated if is_old else None


def _message(finding: Json) -> str:
    hint = finding["hint"]
    return f"{finding['message']}\n{hint}" if hint else str(finding["message"])


def hint_of(diagnostic: types.Diagnostic) -> str | None:
    """Return the hint of a finding that was made a diagnostic; messages have one line."""
    return str(diagnostic.message).partition("\n")[2] or None


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
    starts = line_starts(text)
    if position.line >= len(starts):
        return len(text)
    start = starts[position.line]
    end = starts[position.line + 1] if position.line + 1 < len(starts) else len(text)
    line = text[start:end].rstrip("\r\n")
    return start + _code_point(line, position.character, unit)


@lru_cache(maxsize=32)
def line_starts(text: str) -> Sequence[int]:
    """Return where the lines of a text begin, those of the texts that were asked for last."""
    if "\r" in text:
        return [0, *(each.end() for each in LINE_END.finditer(text))]
    lengths = [len(line) + 1 for line in text.split("\n")]
    lengths.pop()
    return list(accumulate(lengths, initial=0))


def _code_point(line: str, column: int, unit: Unit) -> int:
    if line.isascii():
        return min(column, len(line))
    encoding, width = _ENCODINGS[unit]
    before = line.encode(encoding, "surrogatepass")[: column * width]
    return len(before.decode(encoding, "ignore"))


def position_of(text: str, offset: int, unit: Unit) -> types.Position:
    """Return where an index of ``text`` is, as the client counts."""
    starts = line_starts(text)
    number = bisect_right(starts, offset) - 1
    start = starts[number]
    return types.Position(number, in_units(text[start:offset], offset - start, unit))


def range_between(text: str, start: int, end: int, unit: Unit) -> types.Range:
    """Return the range of a part of ``text`` as the client counts."""
    return types.Range(position_of(text, start, unit), position_of(text, end, unit))
