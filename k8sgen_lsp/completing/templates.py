"""Templates: which there are, what they can be given, and what can be written in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from k8sgen_lsp.completing.offer import Offer, Sort

_REGISTERED = re.compile(
    r"""\.register\(\s*(?:name\s*=\s*)?["']([^"'\n]+)["']\s*,\s*(?:path\s*=\s*)?["']([^"'\n]+)["']"""
)
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
_LARGEST = 200_000


def is_template(path: str) -> bool:
    """Is this the name of a template's file?"""
    return path.endswith((".j2", ".jinja", ".jinja2"))


def registered(text: str) -> dict[str, str]:
    """Return the templates that a source registers, by name, with their paths."""
    return {found[1]: found[2] for found in _REGISTERED.finditer(text) if is_template(found[2])}


def templates(text: str) -> Mapping[str, str]:
    """Return the templates that a file can use, each with what is said of it."""
    from k8sgen_core.templates.registry import builtin

    return {**registered(text), **dict.fromkeys(builtin(), "comes with K8s-Gen")}


def variables(name: str, text: str, root: Path | None) -> Mapping[str, str]:
    """Return the values that a template takes beside what the builder's methods set."""
    from k8sgen_core.templates.registry import builtin

    known = registered(text)
    path = (root / known[name] if root and name in known else None) or builtin().get(name)
    if path is None:
        return {}
    try:
        stat = path.stat()
        return _variables(path, stat.st_mtime_ns) if stat.st_size <= _LARGEST else {}
    except OSError:
        return {}


@lru_cache(maxsize=64)
def _variables(path: Path, changed: int) -> Mapping[str, str]:
    # Jinja is needed for nothing else here, and its import takes longer than a completion.
    from jinja2 import Environment, TemplateSyntaxError, meta

    from k8sgen_core.templates.context import NAMES

    del changed
    try:
        # It is parsed and never rendered, so nothing in it runs.
        tree = Environment(autoescape=True).parse(path.read_text("utf-8", "replace"))
    except (TemplateSyntaxError, RecursionError):
        return {}
    return {
        name: NAMES[name].meaning if name in NAMES else f"used in {path.name}"
        for name in sorted(meta.find_undeclared_variables(tree))
        if name not in NAMES or NAMES[name].given_by.startswith("`use_template")
    }


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
