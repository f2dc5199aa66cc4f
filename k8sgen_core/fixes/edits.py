"""Changes of a text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from k8sgen_core.findings import Position, Range


class Edit(NamedTuple):
    """Put a text in the place of a range; lines from 0, columns in code points."""

    range: Range
    text: str

    def collides(self, other: Edit) -> bool:
        """Do both change the same place, so that one of them has to wait?"""
        if self.range.start == self.range.end == other.range.start == other.range.end:
            return self.range == other.range
        return self.range.start < other.range.end and other.range.start < self.range.end


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text after edits that do not collide."""
    starts = _line_starts(text)
    for edit in sorted(edits, reverse=True):
        start, end = (_offset(starts, text, position) for position in edit.range)
        text = text[:start] + edit.text + text[end:]
    return text


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for offset, character in enumerate(text):
        if character == "\n" or (character == "\r" and text[offset + 1 : offset + 2] != "\n"):
            starts.append(offset + 1)
    return starts


def _offset(starts: list[int], text: str, position: Position) -> int:
    if position.line >= len(starts):
        return len(text)
    return min(starts[position.line] + position.character, len(text))
