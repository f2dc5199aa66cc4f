"""
A source in pieces, each looked at once: an edit leaves the others as they are.

A piece begins at a line that is not indented; a long one also begins at lines that are
indented a little. Text is incomplete while it is typed, so nothing here needs it to be valid.
"""

from __future__ import annotations

import bisect
import re
from functools import cached_property
from typing import NamedTuple

from k8sgen_lsp.static.bindings import Binding, bindings_of
from k8sgen_lsp.static.logical import Statement, statements_of
from k8sgen_lsp.static.pool import Pool

_INNER = {
    '"""': r'[^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )*',
    "'''": r"[^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )*",
    '"': r'[^"\\\n]* (?: \\. [^"\\\n]* )*',
    "'": r"[^'\\\n]* (?: \\. [^'\\\n]* )*",
}
_REST = {
    mark: re.compile(f"{inner} (?:{mark})?", re.VERBOSE | re.DOTALL)
    for mark, inner in _INNER.items()
}
_QUOTED = re.compile(
    "|".join([r"\#[^\n]*", *(f"{mark} {inner} (?:{mark})?" for mark, inner in _INNER.items())]),
    re.VERBOSE | re.DOTALL,
)
_CUTS = tuple(re.compile(rf"\n(?=[ \t]{{0,{width}}}[^\s)\]}}#.])") for width in (0, 4, 8, 12))
_LONG = 4000


class Quoted(NamedTuple):
    """Where a string or a comment begins, and the last place that is inside it."""

    start: int
    end: int
    mark: str


class Piece:
    """Some lines of a source; ``opened`` is the mark of a string that goes on behind them."""

    def __init__(self, text: str, opened: str) -> None:
        self.text = text
        self.opened = ""
        self.quoted: list[Quoted] = []
        start = 0
        shown = ""
        if opened:
            found = _REST[opened].match(text)
            start = found.end() if found else 0
            shown = self._blanked(text[:start], opened, -1)
        self.code = shown + self._continued(start)

    def _continued(self, start: int) -> str:
        parts: list[str] = []
        for found in _QUOTED.finditer(self.text, start):
            parts += [self.text[start : found.start()], self._found(found)]
            start = found.end()
        return "".join([*parts, self.text[start:]])

    def _found(self, found: re.Match[str]) -> str:
        quoted = found[0]
        if quoted.startswith("#"):
            self.quoted.append(Quoted(found.start(), found.end(), "#"))
            return " " * len(quoted)
        mark = quoted[0]
        mark = 3 * mark if quoted.startswith(3 * mark) else mark
        return mark[0] + self._blanked(quoted[1:], mark, found.start())

    def _blanked(self, inner: str, mark: str, start: int) -> str:
        """Return the rest of a string that began at ``start``: blanks, and its last quote."""
        least = len(mark) if start < 0 else 2 * len(mark) - 1
        closed = inner.endswith(mark) and len(inner) >= least
        end = start + 1 + len(inner)
        self.quoted.append(Quoted(start, end - closed, mark))
        if not closed and end == len(self.text) and (len(mark) == 3 or inner.endswith("\\\n")):
            self.opened = mark
        content = inner[: len(inner) - closed]
        return "\n".join(" " * len(line) for line in content.split("\n")) + mark[0] * closed

    def quoted_at(self, offset: int) -> Quoted | None:
        """Return the string or comment that a place between two characters is inside of."""
        index = bisect.bisect_left(self.quoted, offset, key=lambda each: each.start) - 1
        found = self.quoted[index] if index >= 0 else None
        return found if found is not None and offset <= found.end else None

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements that begin here."""
        return statements_of(self)

    @cached_property
    def floor(self) -> int:
        """How far the statement that is indented least is indented."""
        return min((each.indentation for each in self.statements), default=0)

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """What gives a meaning to a name here."""
        found: dict[str, list[Binding]] = {}
        for statement in self.statements:
            for each in bindings_of(self.code, statement):
                found.setdefault(each.name, []).append(each)
        return found


_pool: Pool[tuple[str, str], Piece] = Pool(lambda key: Piece(*key), lambda key: len(key[0]))


def pieces_of(text: str) -> list[Piece]:
    """Return the pieces of a source; those that were asked for lately are known already."""
    pieces: list[Piece] = []
    opened = ""
    for part in _cut(text, 0):
        piece = _pool.get((part, opened))
        pieces.append(piece)
        opened = piece.opened
    _pool.make_room(len(text))
    return pieces


def _cut(text: str, depth: int) -> list[str]:
    parts: list[str] = []
    start = 0
    ends = [found.end() for found in _CUTS[depth].finditer(text)]
    for end in (*ends, len(text)):
        part = text[start:end]
        deeper = len(part) > _LONG and depth + 1 < len(_CUTS)
        parts += _cut(part, depth + 1) if deeper else (part,)
        start = end
    return parts
