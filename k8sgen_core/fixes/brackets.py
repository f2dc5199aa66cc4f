"""What stands between a pair of brackets of a source, and how a part of it is taken away."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from k8sgen_core.findings import Position, Range

_LAYOUT = frozenset((tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE))
_OPEN, _CLOSE = "([{", ")]}"


class Part(NamedTuple):
    """An item, a ``key: value`` pair or an argument; ``after`` is behind its comma."""

    start: Position
    end: Position
    after: Position


class Brackets:
    """A pair of brackets and the parts between them, which commas divide."""

    def __init__(self, lines: Sequence[str], tokens: Sequence[tokenize.TokenInfo]) -> None:
        self._lines = lines
        self.start = _position(tokens[0].start)
        self.parts = list(_parts(tokens[1:-1]))
        self._comments = [_position(each.start) for each in tokens if each.type == tokenize.COMMENT]

    def without(self, index: int) -> Range:
        """Return what to take away so that one of several parts is gone; comments stay."""
        part = self.parts[index]
        if self._has_its_lines(part):
            comment = self._comment_between(part.after, self._line_end(part.after))
            return Range(part.start, comment) if comment else self._whole_lines(part)
        following = self.parts[index + 1] if index + 1 < len(self.parts) else None
        if following is not None and (not index or following.start.line == part.after.line):
            is_noted = self._comment_between(part.after, following.start)
            return Range(part.start, part.after if is_noted else following.start)
        before = self.parts[index - 1].end
        return Range(part.start if self._comment_between(before, part.start) else before, part.end)

    def _has_its_lines(self, part: Part) -> bool:
        """Is nothing else in the lines of a part, but for a comment?"""
        rest = self._lines[part.after.line][part.after.character :].strip()
        before = self._lines[part.start.line][: part.start.character]
        return not before.strip() and (not rest or rest.startswith("#"))

    def _whole_lines(self, part: Part) -> Range:
        above = part.start.line - 1
        return Range(Position(above, len(self._lines[above])), self._line_end(part.after))

    def _line_end(self, at: Position) -> Position:
        return Position(at.line, len(self._lines[at.line]))

    def _comment_between(self, start: Position, end: Position) -> Position | None:
        return next((each for each in self._comments if start <= each < end), None)


def _parts(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[Part]:
    depth = 0
    held: list[tokenize.TokenInfo] = []
    for token in tokens:
        depth += _step(token)
        if token.string == "," and not depth:
            yield _part(held, token)
            held = []
        elif token.type not in _LAYOUT:
            held.append(token)
    if held:
        yield _part(held, held[-1])


def _part(held: Sequence[tokenize.TokenInfo], last: tokenize.TokenInfo) -> Part:
    start, end = held[0].start, held[-1].end
    return Part(_position(start), _position(end), _position(last.end))


def _step(token: tokenize.TokenInfo) -> int:
    """Return by how many brackets a token leads further in."""
    if token.type != tokenize.OP:
        return 0
    return (token.string in _OPEN) - (token.string in _CLOSE)


def _position(at: tuple[int, int]) -> Position:
    return Position(at[0] - 1, at[1])


class Layout:
    """The brackets of a source."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        text = iter([f"{line}\n" for line in lines])
        self._tokens = list(tokenize.generate_tokens(lambda: next(text, "")))
        self._pairs = dict(_pairs(self._tokens))

    def ending(self, end: Position) -> Brackets | None:
        """Return the brackets of which the closing one ends at a position."""
        pair = self._pairs.get(end)
        return None if pair is None else Brackets(self._lines, self._tokens[pair])


def _pairs(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[tuple[Position, slice]]:
    opened: list[int] = []
    for index, token in enumerate(tokens):
        step = _step(token)
        if step > 0:
            opened.append(index)
        elif step < 0:
            yield _position(token.end), slice(opened.pop(), index + 1)
