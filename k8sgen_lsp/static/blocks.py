"""
A document cut into the statements at its top, each of them parsed once.

An edit changes the text of one statement, so that only this one is parsed again. What is being
typed is rarely valid: then as much of the statement is read as can be.
"""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from k8sgen_core.columns import from_bytes
from k8sgen_core.findings import Position, Range
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.pool import Pool

# A class of characters at its start is what makes the search for a pattern fast.
_NEXT = re.compile(r"[\r\n](?=[^\s#)\]}.])(?!(?:else|elif|except|finally)\b)")
_DEFINITION = re.compile(r"^(?:async|def|class)\b", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_DANGLING = re.compile(r"\.(?=\s*(?:[.)\]},]|\Z))")
_INDENTATION = re.compile(r"[ \t\f]*")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_LOOK_AHEAD = 200
_ATTEMPTS = 3


class Block:
    """One statement at the top of a document, with the comments and blank lines below it."""

    __slots__ = ("__dict__", "__weakref__", "is_broken", "text", "tree")

    def __init__(self, text: str) -> None:
        self.text = text
        tree = _parsed(text)
        self.is_broken = tree is None
        self.tree: Sequence[ast.stmt] = _salvaged(text) if tree is None else tree

    @cached_property
    def starts(self) -> list[int]:
        """Where the lines begin."""
        return [0, *(each.end() for each in _LINE_END.finditer(self.text))]

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    def offset(self, line: int, column: int) -> int:
        """Return the index in the text of a position as Python counts."""
        if line > len(self.starts):
            # The brackets that were closed for it are not in the text.
            return len(self.text)
        start = self.starts[line - 1]
        if self._is_ascii:
            return min(start + column, len(self.text))
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + from_bytes(self.text[start:end], column)

    def start_of(self, node: ast.expr | ast.stmt | ast.alias | ast.keyword) -> int:
        """Return where a node begins."""
        return self.offset(node.lineno, node.col_offset)

    def end_of(self, node: ast.expr | ast.stmt | ast.alias | ast.keyword) -> int:
        """Return where a node ends."""
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def is_closed(self, node: ast.Call) -> bool:
        """Is the closing parenthesis of a call in the text, and not only assumed?"""
        if not self.is_broken:
            return True
        written = len(_LINE_END.findall(self.text.rstrip())) + 1
        return (node.end_lineno or node.lineno) <= written

    def position(self, offset: int) -> Position:
        """Return line and column of an index in the text."""
        line = bisect.bisect_right(self.starts, offset) - 1
        return Position(line, offset - self.starts[line])

    def range(self, start: int, end: int) -> Range:
        """Return a part of the text as a range."""
        return Range(self.position(start), self.position(end))

    @cached_property
    def brackets(self) -> tuple[str, int]:
        """Which brackets are left open, and how many are closed that are not opened here."""
        return _brackets(Layout(self.text).code) if self.is_broken else ("", 0)


class Placed(NamedTuple):
    """A block, and where it stands in its document."""

    block: Block
    start: int
    line: int

    def range(self, start: int, end: int) -> Range:
        """Return a part of the block as a range of the document."""
        return self.shifted(self.block.range(start, end))

    def shifted(self, inside: Range) -> Range:
        """Return a range in the block as one of the document."""
        (first, left), (last, right) = inside
        return Range(Position(first + self.line, left), Position(last + self.line, right))


_pool: Pool[str, Block] = Pool(Block, len)


def blocks_of(text: str) -> tuple[Placed, ...]:
    """Return the blocks of a document in their order; together they are all of its text."""
    found: list[Placed] = []
    start = line = 0
    for block in _joined([_pool.get(each) for each in _cut(text)]):
        found.append(Placed(block, start, line))
        start += len(block.text)
        line += len(block.starts) - 1
    _pool.make_room(len(text))
    return tuple(found)


def _cut(text: str) -> list[str]:
    # What stands before the first statement belongs to it.
    starts = [0, *(each.end() for each in _NEXT.finditer(text))]
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks; lines that only look like the start of one are put back into theirs."""
    index = 0
    while index < len(blocks):
        end = _end_of_open(blocks, index) if blocks[index].is_broken else index + 1
        yield _together(blocks[index:end]) if end > index + 1 else blocks[index]
        index = end


def _end_of_open(blocks: Sequence[Block], index: int) -> int:
    """Return the index behind the last block of the statement that a broken one begins."""
    last = min(len(blocks), index + _LOOK_AHEAD)
    text = blocks[index].text
    if _is_open(text):
        for end in range(index + 1, last):
            before, text = text, text + blocks[end].text
            if _may_end(before, blocks[end].text) and not _is_open(text):
                return end + 1
        return index + 1
    depth = len(blocks[index].brackets[0])
    for end in range(index + 1, last if depth else 0):
        opened, closed = blocks[end].brackets
        depth += len(opened) - closed
        if depth <= 0:
            return index + 1 if _together(blocks[index : end + 1]).is_broken else end + 1
    return index + 1


def _is_open(text: str) -> bool:
    """Does a text end where no statement can: in a string, or before what it decorates?"""
    code = Layout(text).code
    if _ends_in_string(text, code) or _goes_on(text):
        return True
    return text.startswith("@") and not _DEFINITION.search(code)


def _goes_on(text: str) -> bool:
    return text.rstrip("\r\n").endswith("\\")


def _may_end(before: str, added: str) -> bool:
    """Can what is added end what is open, so that it is worth looking?"""
    closes = '"""' in added or "'''" in added
    return closes or _goes_on(before) or _DEFINITION.search(added) is not None


def _ends_in_string(text: str, code: str) -> bool:
    quote = max(code.rfind('"'), code.rfind("'"))
    return quote >= 0 and text.startswith(3 * text[quote], quote) and not code[quote + 1 :].strip()


def _together(blocks: Sequence[Block]) -> Block:
    return _pool.get("".join(each.text for each in blocks))


def _parsed(text: str) -> list[ast.stmt] | None:
    try:
        with warnings.catch_warnings():
            # An unknown escape in a string is the user's business, and no error.
            warnings.simplefilter("ignore")
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _salvaged(text: str) -> list[ast.stmt]:
    """Return what can be read of a statement that is not valid, everything in its place."""
    code = Layout(text).code
    for found in _DANGLING.finditer(code):
        text = f"{text[: found.start()]} {text[found.end() :]}"
    opened, _ = _brackets(code)
    closed = f"{text.rstrip()}\n{''.join(_BRACKETS[each] for each in reversed(opened))}"
    for attempt in (closed, text):
        tree = _parsed(attempt)
        if tree is not None:
            return tree
    for _ in range(_ATTEMPTS):
        error = _error_in(text)
        if error is None:
            return _parsed(text) or []
        text = _without_statement(text, error)
    return _parsed(text) or []


def _error_in(text: str) -> int | None:
    """Return the line, from 0, at which a text stops being valid."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return (error.lineno or 1) - 1
    except (ValueError, RecursionError, MemoryError):
        return 0
    return None


def _without_statement(text: str, line: int) -> str:
    """Return the text with the statement on a line blanked; where one must be, ``0`` stands."""
    starts = [0, *(each.end() for each in _LINE_END.finditer(text))]
    start = starts[min(line, len(starts) - 1)]
    indentation = _INDENTATION.match(text, start)
    first = indentation.end() if indentation else start
    end = max(Layout(text).block_end(start), first)
    blank = re.sub(r"[^\r\n]", " ", text[first:end])
    if not blank or blank[0] in "\r\n":
        return text[:start] + re.sub(r"[^\r\n]", " ", text[start:])
    return f"{text[:first]}0{blank[1:]}{text[end:]}"


def _brackets(code: str) -> tuple[str, int]:
    opened: list[str] = []
    closed = 0
    for character in re.findall(r"[()\[\]{}]", code):
        if character in _BRACKETS:
            opened.append(character)
        elif opened:
            opened.pop()
        else:
            closed += 1
    return "".join(opened), closed
