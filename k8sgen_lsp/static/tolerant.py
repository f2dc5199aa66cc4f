"""The statements of a source of which parts may not be valid: it is being typed."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.pool import Pool

_STATEMENT = re.compile(r"^[^\s#)\]}]", re.MULTILINE)
_CLASS = re.compile(r"class[ \t]+(?P<name>\w+)[ \t]*(?P<bases>\([^()]*\))?")
_CLASS_LINE = re.compile(r"^class\b", re.MULTILINE)
_METHOD = re.compile(r"^[ \t]+(?:@[^\n]*\n[ \t]+)*(?:async[ \t]+)?def\b", re.MULTILINE)


def statements(text: str) -> list[ast.stmt]:
    """Return the statements at the top of a source; those that are not valid are left out."""
    whole = _parsed(text)
    if whole is not None:
        return whole
    layout = Layout(text)
    return [node for start in _starts(layout) for node in _statement(layout, start)]


def class_blocks(layout: Layout) -> tuple[str, ...]:
    """
    Return the texts of the classes at the top of a source, without reading the rest.

    Each begins with its decorators.
    """
    return tuple(
        layout.text[decorated : layout.block_end(start)] for decorated, start in _classes(layout)
    )


def _classes(layout: Layout) -> Iterator[tuple[int, int]]:
    """Yield where the decorators of each class begin, and where it does itself."""
    decorated: int | None = None
    for begin, piece in zip(layout.offsets, layout.pieces, strict=True):
        if "class" not in piece.code and not piece.code.startswith("@"):
            decorated = None
            continue
        for each in piece.statements:
            start = begin + each.start
            if not each.indentation and each.word == "class":
                yield start if decorated is None else decorated, start
            is_decorator = not each.indentation and piece.code.startswith("@", each.start)
            decorated = (start if decorated is None else decorated) if is_decorator else None


def definitions_in(block: str) -> tuple[ast.stmt, ...]:
    """Return the definition in such a text; of a class that is not valid what is valid in it."""
    found = _definitions.get(block)
    _definitions.make_room(len(block))
    return found


_definitions: Pool[str, tuple[ast.stmt, ...]] = Pool(lambda block: tuple(_definition(block)), len)


def _parsed(text: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return None


def _definition(block: str) -> list[ast.stmt]:
    parsed = _parsed(block)
    if parsed is not None:
        return parsed
    layout = Layout(block)
    header = _CLASS_LINE.search(layout.code)
    return _statement(layout, header.start() if header else 0)


def _starts(layout: Layout) -> Iterator[int]:
    end = 0
    for found in _STATEMENT.finditer(layout.code):
        if found.start() >= end:
            yield found.start()
            end = layout.block_end(found.start())


def _statement(layout: Layout, start: int) -> list[ast.stmt]:
    text = layout.text[start : layout.block_end(start)]
    parsed = _parsed(text)
    if parsed is not None:
        return parsed
    header = _CLASS.match(layout.code, start)
    return [] if header is None else _salvaged(layout, header)


def _salvaged(layout: Layout, header: re.Match[str]) -> list[ast.stmt]:
    """Return a class with those of its methods and attributes that are valid."""
    # What is called here stands for all that cannot be read.
    found = _parsed(f"class {header['name']}{header['bases'] or ''}: unread()")
    if not found or not isinstance(found[0], ast.ClassDef):
        return []
    end = layout.block_end(header.start())
    found[0].body = _attributes(layout, header.start(), end) or found[0].body
    for method in _METHOD.finditer(layout.code, header.end(), end):
        line = layout.code.rfind("def", method.start(), method.end())
        block = layout.text[method.start() : layout.block_end(line)]
        found[0].body += _parsed(textwrap.dedent(block)) or []
    return list(found)


def _attributes(layout: Layout, start: int, end: int) -> list[ast.stmt]:
    """Return the statements of a class's own body."""
    inside = [
        each.moved(begin)
        for begin, piece in zip(layout.offsets, layout.pieces, strict=True)
        for each in piece.statements
        if start < begin + each.start < end
    ]
    width = min((each.indentation for each in inside if each.indentation), default=0)
    own = (each for each in inside if each.indentation == width and not each.word)
    return [node for each in own for node in _parsed(layout.text[each.start : each.end]) or ()]
