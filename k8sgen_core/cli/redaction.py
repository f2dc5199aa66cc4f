"""Which parts of a source line may be secret values, so that no excerpt shows them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from k8sgen_core.columns import from_bytes
from k8sgen_core.secrets import MASK

_FIELDS = ("data", "stringData")
_LITERAL = re.compile(r"""("{3}|'{3}|["'])(?:\\.|.)*?(?:\1|$)""")


class Excerpt(NamedTuple):
    """A line, and the part of it that is marked."""

    text: str
    first: int
    last: int


def redacted(lines: Sequence[str], line: int, excerpt: Excerpt) -> Excerpt:
    """Return an excerpt of a Python source without the values that it may give to a Secret."""
    return masked(excerpt, _spans(lines, line))


def masked(excerpt: Excerpt, spans: Iterable[tuple[int, int]]) -> Excerpt:
    """Return an excerpt with a mask in the place of each span, none of which overlap."""
    for first, last in sorted(spans, reverse=True):
        text = "".join((excerpt.text[:first], MASK, excerpt.text[last:]))
        marks = (_moved(at, first, last) for at in (excerpt.first, excerpt.last))
        excerpt = Excerpt(text, *marks)
    return excerpt


def _moved(column: int, first: int, last: int) -> int:
    """Return where a column is once a span is replaced by the mask."""
    if column >= last:
        return column - (last - first) + len(MASK)
    return min(column, first)


def _spans(lines: Sequence[str], line: int) -> set[tuple[int, int]]:
    if not any("Secret" in each or "stringData" in each for each in lines):
        return set()
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        # Where the syntax says nothing, any literal may be one.
        return {match.span() for match in _LITERAL.finditer(lines[line])}
    found = {_on_line(value, lines[line], line) for value in _values(tree)}
    return {span for span in found if span is not None}


def _values(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the literals that ``add(key, value)`` or the data of a manifest gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "add":
            given = [*node.args[1:], *(each.value for each in node.keywords if each.arg != "key")]
        elif isinstance(node, ast.Dict):
            given = [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in _FIELDS
            ]
        else:
            continue
        for expression in given:
            yield from _literals(expression)


def _literals(expression: ast.expr) -> Iterator[ast.expr]:
    if isinstance(expression, ast.Dict):
        for value in expression.values:
            yield from _literals(value)
    elif isinstance(expression, ast.JoinedStr):
        yield expression
    elif isinstance(expression, ast.Constant):
        if expression.value not in (None, True, False):
            yield expression
    else:
        for child in ast.iter_child_nodes(expression):
            if isinstance(child, ast.expr):
                yield from _literals(child)


def _on_line(value: ast.expr, text: str, line: int) -> tuple[int, int] | None:
    """Return which part of a line, counted from 0, a literal covers."""
    begin, end = value.lineno - 1, (value.end_lineno or value.lineno) - 1
    if not begin <= line <= end:
        return None
    first = from_bytes(text, value.col_offset) if line == begin else 0
    last = from_bytes(text, value.end_col_offset or 0) if line == end else len(text)
    return first, last
