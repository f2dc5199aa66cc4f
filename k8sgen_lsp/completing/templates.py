"""What can be written in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from k8sgen_lsp.completing.offer import Offer, Sort

_OPEN = re.compile(r"\{([{%])(?:(?![%}]\}).)*\Z", re.DOTALL)
_FILTER = re.compile(r"\|\s*\w*\Z")
_FIELD = re.compile(r"(\w+)\.\w*\Z")
_BOUND = re.compile(r"\{%-?\s*(?:set|for|macro)\s+(\w+)(?:\s*,\s*(\w+))?")
_STATEMENT = re.compile(r"\{%-?\s*\w*\Z")
_WORDS = (
    "if", "elif", "else", "endif", "for", "endfor", "set", "macro", "endmacro", "include", "raw",
    "endraw",
)  # fmt: skip
_OPERATORS = ("and", "or", "not", "in", "is defined", "if", "else", "true", "false", "none")


def is_template(path: str) -> bool:
    """Is this the name of a template's file?"""
    return path.endswith((".j2", ".jinja", ".jinja2"))


def offers_in(text: str, offset: int) -> Iterator[Offer]:
    """Yield what can be written in a template: names, their fields, filters, statements."""
    from k8sgen_core.templates.context import NAMES

    opened = _OPEN.search(text, max(offset - 2000, 0), offset)
    if opened is None:
        return
    before = opened[0]
    if _FILTER.search(before):
        yield from _filters()
    elif field := _FIELD.search(before):
        known = NAMES.get(field[1])
        for name in known.fields if known else ():
            yield Offer(name, Sort.FIELD, f"of {field[1]}")
    elif _STATEMENT.search(before):
        yield from (Offer(word, Sort.KEYWORD, rank=f"1{word}") for word in _WORDS)
    else:
        yield from _names(text)


def _names(text: str) -> Iterator[Offer]:
    from k8sgen_core.templates.context import NAMES

    for found in _BOUND.finditer(text):
        for name in filter(None, found.groups()):
            yield Offer(name, Sort.VARIABLE, "of this template", f"0{name}")
    for each in NAMES.values():
        data = {"variable": each.name}
        yield Offer(each.name, Sort.VARIABLE, each.kind, f"1{each.name}", data=data)
    for word in _OPERATORS:
        yield Offer(word, Sort.KEYWORD, rank=f"2{word}")


def _filters() -> Iterator[Offer]:
    from k8sgen_core.templates.filters import offered

    for name in offered():
        yield Offer(name, Sort.FUNCTION, data={"filter": name})
