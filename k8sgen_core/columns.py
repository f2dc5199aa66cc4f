"""
Columns: Python counts UTF-8 bytes, people code points, editors what they negotiate.

This is the one place that converts between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from k8sgen_core.findings import Place, Position, Range
from k8sgen_core.origin import Span

Unit: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]


def from_bytes(line: str, column: int) -> int:
    """Return the code point at a column of UTF-8 bytes."""
    if line.isascii():
        return min(column, len(line))
    return len(line.encode()[:column].decode(errors="ignore"))


def in_units(line: str, column: int, unit: Unit) -> int:
    """Return the column of a code point, counted in ``unit``."""
    if unit == "utf-32" or line.isascii():
        return column
    before = line[:column]
    if unit == "utf-8":
        return len(before.encode(errors="surrogatepass"))
    return len(before) + sum(character > "\uffff" for character in before)


def place_of(span: Span, lines: Sequence[str]) -> Place:
    """Return a span of Python's as the place that findings have."""

    def position(line: int, column: int) -> Position:
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        return Position(line - 1, from_bytes(text, column))

    start = position(span.line, span.column)
    end = position(span.end_line, span.end_column)
    return Place(span.path, Range(start, end))


def lines_of(text: str) -> list[str]:
    """Return the lines of a source as Python counts them: a form feed ends none."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
