"""Chains of calls: where the one before a dot begins, and what it consists of."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import NamedTuple, TypeAlias

from k8sgen_lsp.static.layout import Layout

_NAME = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(r"\w*")
_SPACE = re.compile(r"[\s\\]*")
_SAME_LINE = re.compile(r"[ \t]*")


class Step(NamedTuple):
    """One name of a chain, and whether it is called."""

    name: str
    called: bool


Chain: TypeAlias = tuple[Step, ...]


class Member(NamedTuple):
    """The name behind a dot, as far as it is written, and the chain before it."""

    start: int
    chain_start: int
    chain: Chain


def member_at(layout: Layout, offset: int) -> Member | None:
    """Return the name that is written at ``offset`` behind a chain and a dot."""
    if not layout.is_code(offset):
        return None
    start = _word_start(layout.code, offset)
    dot = _skip_back(layout.code, start) - 1
    if dot < 0 or layout.code[dot] != ".":
        return None
    chain_start = _chain_start(layout, dot)
    if chain_start is None:
        return None
    return Member(start, chain_start, chain_at(layout, chain_start, dot))


def word_at(layout: Layout, offset: int) -> tuple[int, int]:
    """Return where the name at ``offset`` begins and ends."""
    return _word_start(layout.code, offset), _end(_WORD, layout.code, offset)


def _word_start(code: str, offset: int) -> int:
    while offset and (code[offset - 1].isalnum() or code[offset - 1] == "_"):
        offset -= 1
    return offset


def _skip_back(code: str, offset: int) -> int:
    while offset and (code[offset - 1].isspace() or code[offset - 1] == "\\"):
        offset -= 1
    return offset


def _chain_start(layout: Layout, end: int) -> int | None:
    """Return where the chain that ends before ``end`` begins."""
    code = layout.code
    position = end
    while True:
        position = _skip_back(code, position)
        if position and code[position - 1] in ")]":
            opening = layout.open_of(position - 1)
            if opening is None or not _continues(code, opening):
                return opening
            position = opening
            continue
        start = _word_start(code, position)
        if not _NAME.match(code, start, position):
            return None
        before = _skip_back(code, start)
        if not code.endswith(".", 0, before) or code.endswith("...", 0, before):
            return start
        position = before - 1


def _continues(code: str, opening: int) -> bool:
    """Does the bracket belong to what stands before it in its line, as in a call?"""
    while opening and code[opening - 1] in " \t":
        opening -= 1
    word = code[_word_start(code, opening) : opening]
    return code[opening - 1 : opening] in (")", "]") if not word else not iskeyword(word)


def chain_at(layout: Layout, start: int, end: int) -> Chain:
    """Return the chain that begins at ``start``, up to what is no part of one, or to ``end``."""
    code = layout.code
    position = _end(_SPACE, code, start)
    if code.startswith("(", position):
        closing = layout.close_of(position, end)
        inner = chain_at(layout, position + 1, end if closing is None else closing)
        return inner if closing is None else (*inner, *_rest(layout, closing + 1, end))
    found = _NAME.match(code, position, end)
    if found is None:
        return ()
    return _rest(layout, found.end(), end, found[0])


def _rest(layout: Layout, position: int, end: int, name: str | None = None) -> Chain:
    """Return the steps that follow: calls and dotted names."""
    code = layout.code
    steps: list[Step] = []
    while True:
        opening = _end(_SAME_LINE, code, position)
        called = code.startswith("(", opening) and opening < end
        if called:
            closing = layout.close_of(opening, end)
            position = end if closing is None else closing + 1
        if name is not None:
            steps.append(Step(name, called))
        dot = _end(_SPACE, code, position)
        found = _NAME.match(code, _end(_SPACE, code, dot + 1), end)
        if dot >= end or code[dot] != "." or found is None:
            return tuple(steps)
        name, position = found[0], found.end()


def _end(pattern: re.Pattern[str], code: str, offset: int) -> int:
    found = pattern.match(code, offset)
    return found.end() if found else offset
