"""
A source as its layout shows it: what strings and comments say is blanked.

Text is incomplete while it is typed, so nothing here needs it to be valid Python. Every
offset means the same in the source and in its layout.
"""

from __future__ import annotations

import bisect
import re
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from k8sgen_lsp.static.bindings import Binding, Kind
from k8sgen_lsp.static.logical import Statement
from k8sgen_lsp.static.pieces import Quoted, pieces_of

_BRACKET = re.compile(r"[()\[\]{}]")
_JOINED = re.compile(r"[\w.]")
_NAMED = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_INDENTATION = re.compile(r"[ \t]*")


class Scope(NamedTuple):
    """A function or a class of a source, by where its definition begins."""

    start: int
    is_class: bool
    name: str


class Layout:
    """The code of a source, and how it is nested."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = pieces_of(text)
        self.code = "".join([each.code for each in self.pieces])
        self.offsets = list(accumulate([len(each.text) for each in self.pieces], initial=0))[:-1]

    def piece_at(self, offset: int) -> int:
        """Return the index of the piece that an offset is in; the end of one belongs to it."""
        return max(bisect.bisect_left(self.offsets, offset) - 1, 0)

    def is_code(self, offset: int) -> bool:
        """Is the place between two characters neither in a string nor in a comment?"""
        return self.quoted_at(offset) is None

    def quoted_at(self, offset: int) -> Quoted | None:
        """Return the string or comment that a place between two characters is inside of."""
        index = self.piece_at(offset)
        begin = self.offsets[index]
        found = self.pieces[index].quoted_at(offset - begin)
        while found is not None and found.start < 0 and index:
            # It began in a piece before this one.
            index -= 1
            earlier = self.pieces[index].quoted[-1]
            end = begin + found.end
            begin = self.offsets[index]
            found = Quoted(earlier.start, end - begin, earlier.mark)
        return found and Quoted(begin + found.start, begin + found.end, found.mark)

    def statement_at(self, offset: int) -> Statement | None:
        """Return the statement that begins last before an offset, with its absolute places."""
        index = self.piece_at(offset + 1)
        while index >= 0:
            begin = self.offsets[index]
            known = self.pieces[index].statements
            at = bisect.bisect_right(known, offset - begin, key=lambda each: each.start) - 1
            if at >= 0:
                return known[at].moved(begin)
            index -= 1
        return None

    def bindings(self, name: str) -> list[Binding]:
        """Return what gives a meaning to a name, in the order of the source."""
        found: list[Binding] = []
        for begin, piece in zip(self.offsets, self.pieces, strict=True):
            if name in piece.code:
                found += (each.moved(begin) for each in piece.bindings.get(name, ()))
        return found

    def close_of(self, opening: int, end: int) -> int | None:
        """Return where the bracket at ``opening`` is closed, if that is before ``end``."""
        depth = 0
        for bracket in _BRACKET.finditer(self.code, opening, end):
            depth += 1 if bracket[0] in "([{" else -1
            if not depth:
                return bracket.start()
        return None

    def open_of(self, closing: int) -> int | None:
        """Return where the bracket that ``closing`` closes was opened."""
        depth = 0
        for offset in range(closing, -1, -1):
            character = self.code[offset]
            if character in ")]}":
                depth += 1
            elif character in "([{":
                depth -= 1
                if not depth:
                    return offset
        return None

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self.code.rfind("\n", 0, offset) + 1

    def block_end(self, offset: int) -> int:
        """
        Return where the statement on the line of ``offset`` ends, with all that is below it.

        A line that is not indented further ends it, whether or not its brackets are closed.
        """
        indentation = _INDENTATION.match(self.code, self.line_start(offset))
        width = len(indentation[0]) if indentation else 0
        newline = self.code.find("\n", offset)
        found = _dedent(width).search(self.code, newline) if newline >= 0 else None
        return found.start() if found else len(self.code)

    def scopes_around(self, offset: int) -> tuple[Scope, ...]:
        """Return the functions and classes that hold an offset, the outermost first."""
        statement = self.statement_at(offset)
        if statement is None:
            return ()
        scopes: list[Scope] = []
        limit = statement.indentation
        for index in range(self.piece_at(statement.start + 1), -1, -1):
            piece = self.pieces[index]
            if piece.floor >= limit:
                continue
            begin = self.offsets[index]
            for each in reversed(piece.statements):
                if begin + each.start < statement.start and each.indentation < limit:
                    limit = each.indentation
                    if each.word in ("def", "class"):
                        scopes.append(self._scope(begin + each.start, each.word))
            if not limit:
                break
        return tuple(reversed(scopes))

    def _scope(self, start: int, word: str) -> Scope:
        found = _NAMED.match(self.code, start)
        return Scope(start, word == "class", found[1] if found else "")

    def class_around(self, offset: int) -> str | None:
        """Return the name of the innermost class that holds the offset."""
        around = [each.name for each in self.scopes_around(offset) if each.is_class]
        return around[-1] if around else None

    def uses(self, name: str) -> list[int]:
        """Return where a name stands that is not an attribute of another."""
        # A pattern that begins with a literal is found much faster than one with a condition.
        starts = (each.start() for each in re.finditer(rf"{name}\b", self.code))
        return [start for start in starts if not _JOINED.match(self.code, max(start - 1, 0), start)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """The imported names and what each stands for, with dots: ``{"A": "k8s_gen.App"}``."""
        return {
            each.name: each.imported
            for piece in self.pieces
            if "import" in piece.code
            for found in piece.bindings.values()
            for each in found
            if each.kind is Kind.IMPORT
        }


@lru_cache(maxsize=64)
def _dedent(width: int) -> re.Pattern[str]:
    return re.compile(rf"\n(?=[ \t]{{0,{width}}}[^\s)\]}}#.])")


@lru_cache(maxsize=8)
def layout_of(text: str) -> Layout:
    """Return the layout of a source; those of the texts that were asked for last are kept."""
    return Layout(text)
