"""Where the import of a name goes: into one that is there, else on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from k8sgen_lsp.static.layout import Layout

_FROM = re.compile(r"^from[ \t]+(?P<module>[\w.]+)[ \t]+import[ \t]+", re.MULTILINE)
_FUTURE = re.compile(r"from[ \t]+__future__\b")
_TEXT = re.compile(r"[rRuU]?[\"']")
_NAME = re.compile(r"\w+(?:\s+as\s+\w+)?")
_PLAIN = re.compile(r"[\w \t,]*(?=[;\n]|\Z)")
_IN_BRACKETS = re.compile(r"[\w\s,]*\Z")
_HEAD = re.compile(r"(?:#[^\n]*(?:\n|\Z))*")


class Addition(NamedTuple):
    """A text that is put in at an offset."""

    offset: int
    text: str


def importing(layout: Layout, name: str, module: str) -> Addition:
    """Return what imports a name from a module."""
    for found in _FROM.finditer(layout.code):
        added = _into(layout, found, name) if found["module"] == module else None
        if added is not None:
            return added
    return on_top(layout, f"from {module} import {name}")


def on_top(layout: Layout, statement: str) -> Addition:
    """Return what adds an import as a line: behind the docstring and what is of the future."""
    at = _top(layout)
    newline = "\r\n" if "\r\n" in layout.text else "\n"
    is_open = at > 0 and layout.code[at - 1] != "\n"
    return Addition(at, f"{newline if is_open else ''}{statement}{newline}")


def _into(layout: Layout, found: re.Match[str], name: str) -> Addition | None:
    """Return the change of an import; ``None`` if it is not whole, or has no plain names."""
    code, start = layout.code, found.end()
    if not code.startswith("(", start):
        names = _PLAIN.match(code, start)
        return _among(code, (start, names.end()), name, " ") if names else None
    closing = layout.close_of(start, layout.block_end(start))
    if closing is None or not _IN_BRACKETS.match(code, start + 1, closing):
        return None
    first = _NAME.search(code, start + 1, closing)
    between = code[start + 1 : first.start()] if first else ""
    return _among(code, (start + 1, closing), name, between or " ")


def _among(code: str, names: tuple[int, int], name: str, between: str) -> Addition:
    """Return the change of a list of names: the new one has its place by the alphabet."""
    end = names[0]
    for each in _NAME.finditer(code, *names):
        if each[0].lower() > name.lower():
            return Addition(each.start(), f"{name},{between}")
        end = each.end()
    return Addition(end, f",{between}{name}" if end > names[0] else name)


def _top(layout: Layout) -> int:
    head = _HEAD.match(layout.text)
    top = head.end() if head else 0
    has_begun = was_future = False
    for start, end in _statements(layout):
        code = layout.code[start:end].rstrip()
        is_future = _FUTURE.match(code) is not None
        if not is_future and (has_begun or not _TEXT.match(code)):
            return top if was_future else layout.line_start(start)
        has_begun, was_future = True, is_future
        newline = layout.code.find("\n", start + len(code))
        top = len(layout.code) if newline < 0 else newline + 1
    return top


def _statements(layout: Layout) -> Iterator[tuple[int, int]]:
    for begin, piece in zip(layout.offsets, layout.pieces, strict=True):
        yield from ((begin + each.start, begin + each.end) for each in piece.statements)
