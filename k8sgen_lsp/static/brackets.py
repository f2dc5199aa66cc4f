"""The variables of comprehensions and lambdas, which only what is in their brackets sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from k8sgen_lsp.static.bindings import Path, targets
from k8sgen_lsp.static.layout import Layout

_BRACKET = re.compile(r"[()\[\]{}]")
_FOR = re.compile(r"\bfor\b(?P<targets>[^()\[\]{}]*?(?:\([^()]*\)[^()\[\]{}]*?)*)\bin\b")
_LAMBDA = re.compile(r"\blambda\b(?P<names>[^:()\[\]{}]*):")
_END = re.compile(r"[()\[\]{}]|\b(?:if|for|async)\b")


class Local(NamedTuple):
    """Where the iterable of a variable is, and the way to its part; of a lambda's neither."""

    text: tuple[int, int] | tuple[()] = ()
    path: Path = ()


def local_at(layout: Layout, name: str, offset: int) -> Local | None:
    """Return what the comprehension or lambda around a place binds a name to."""
    statement = layout.statement_at(offset)
    if statement is None or name not in layout.code[statement.start : statement.end]:
        return None
    for start in reversed(list(_opened(layout.code, statement.start, offset))):
        found = _in_bracket(layout, name, start, offset)
        if found is not None:
            return found
    return Local() if _is_of_lambda(layout.code, name, statement.start, offset) else None


def _opened(code: str, start: int, offset: int) -> list[int]:
    """Return where the brackets that hold a place begin."""
    opened: list[int] = []
    for each in _BRACKET.finditer(code, start, offset):
        if each[0] in "([{":
            opened.append(each.end())
        elif opened:
            opened.pop()
    return opened


def _in_bracket(layout: Layout, name: str, start: int, offset: int) -> Local | None:
    code = layout.code
    if _is_of_lambda(code, name, start, offset):
        return Local()
    end = layout.block_end(start)
    closing = layout.close_of(start - 1, end)
    stop = end if closing is None else closing
    for bound, at, path, iterable in _loops(code, start, stop):
        # The iterable itself does not see the variable that runs over it.
        if bound == name and (offset == at or not iterable[0] <= offset < iterable[1]):
            return Local(iterable, path)
    return None


def _loops(code: str, start: int, stop: int) -> Iterator[tuple[str, int, Path, tuple[int, int]]]:
    for each in _FOR.finditer(code, start, stop):
        iterable = (each.end(), _iterated(code, each.end(), stop))
        for bound, at, path in targets(code, *each.span("targets")):
            yield bound, at, path, iterable


def _is_of_lambda(code: str, name: str, start: int, offset: int) -> bool:
    found = _LAMBDA.finditer(code, start, offset)
    return any(re.search(rf"\b{name}\b", each["names"]) for each in found)


def _iterated(code: str, start: int, stop: int) -> int:
    """Return where the iterable of a comprehension ends."""
    depth = 0
    for each in _END.finditer(code, start, stop):
        if each[0] in ("(", "[", "{"):
            depth += 1
        elif each[0] in (")", "]", "}"):
            depth -= 1
        elif not depth:
            return each.start()
    return stop
