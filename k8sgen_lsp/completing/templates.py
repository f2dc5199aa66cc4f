"""What can be written in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from k8sgen_core.config.discovery import is_foreign
from k8sgen_lsp.completing.bound import Bound, bound_at
from k8sgen_lsp.completing.offer import Offer, Sort

_OPEN = re.compile(r"\{([{%])(?:(?![%}]\}).)*\Z", re.DOTALL)
_TEXT = re.compile(
    r""""(?:\\.|[^"\\])*(?:"|(?P<a>\Z))|'(?:\\.|[^'\\])*(?:'|(?P<b>\Z))""", re.DOTALL
)
_FILTER = re.compile(r"\|\s*\w*\Z")
_TEST = re.compile(r"\bis\s+(?:not\s+)?\w*\Z")
_FIELD = re.compile(r"(?<![\w.)\]])(?P<name>\w+)(?P<element>\[[^\]]*\])?\.\w*\Z")
_BEHIND_DOT = re.compile(r"\.\w*\Z")
_STATEMENT = re.compile(r"\{%-?\s*\w*\Z")
_INCLUDING = re.compile(r"\{%-?\s*(?:include|import|extends|from)\s+\Z")
_WORDS = (
    "if", "elif", "else", "endif", "for", "endfor", "set", "macro", "endmacro", "include", "raw",
    "endraw",
)  # fmt: skip
_OPERATORS = ("and", "or", "not", "in", "is defined", "if", "else", "true", "false", "none")


def is_template(path: str) -> bool:
    """Is this the name of a template's file?"""
    return path.endswith((".j2", ".jinja", ".jinja2"))


def offers_in(path: Path, text: str, offset: int) -> Iterator[Offer]:
    """Yield what can be written in a template: names, their fields, filters, statements."""
    opened = _OPEN.search(text, max(offset - 2000, 0), offset)
    bound = bound_at(text, offset) if opened else None
    if opened is None or bound is None:
        return
    before = opened[0]
    string = _open_text(before)
    if bound.is_raw:
        if _STATEMENT.search(before):
            yield Offer("endraw", Sort.KEYWORD)
    elif string is not None:
        if _INCLUDING.match(before, 0, string):
            yield from _files(path, before[string + 1 :], offset)
    else:
        yield from _code(text, before, bound)


def _open_text(before: str) -> int | None:
    """Return where the string begins that is not closed."""
    for found in _TEXT.finditer(before):
        if found["a"] is not None or found["b"] is not None:
            return found.start()
    return None


def _code(text: str, before: str, bound: Bound) -> Iterator[Offer]:
    if _FILTER.search(before):
        yield from _filters()
    elif _TEST.search(before):
        yield from _tests()
    elif _BEHIND_DOT.search(before):
        field = _FIELD.search(before)
        yield from _fields(field["name"], bound, is_element=bool(field["element"])) if field else ()
    elif _STATEMENT.search(before):
        yield from (Offer(word, Sort.KEYWORD, rank=f"1{word}") for word in _WORDS)
    else:
        yield from _names(text, bound)


def _fields(name: str, bound: Bound, *, is_element: bool) -> Iterator[Offer]:
    from k8sgen_core.templates.context import NAMES

    if name == "loop" and name in bound.loops:
        from jinja2.runtime import LoopContext

        found = tuple(each for each in dir(LoopContext) if not each.startswith("_"))
    elif name in bound.loops:
        of = NAMES.get(bound.loops[name])
        found = of.of_elements if of else ()
    else:
        of = NAMES.get(name) if name not in bound.names else None
        found = (of.of_elements if is_element else of.fields) if of else ()
    for each in found:
        yield Offer(each, Sort.FIELD, f"of {name}")


def _names(text: str, bound: Bound) -> Iterator[Offer]:
    from k8sgen_core.templates.context import NAMES

    for name in bound.names:
        yield Offer(name, Sort.VARIABLE, "of this template", f"0{name}")
    for each in NAMES.values():
        if each.name not in bound.names:
            data = {"variable": each.name}
            yield Offer(each.name, Sort.VARIABLE, each.kind, f"1{each.name}", data=data)
    for word in _OPERATORS:
        yield Offer(word, Sort.KEYWORD, rank=f"2{word}")


def _filters() -> Iterator[Offer]:
    from k8sgen_core.templates.filters import offered

    for name in offered():
        yield Offer(name, Sort.FUNCTION, data={"filter": name})


def _tests() -> Iterator[Offer]:
    from jinja2.tests import TESTS

    for name, made in TESTS.items():
        if name.isidentifier():
            about = (made.__doc__ or "").strip().partition("\n")[0]
            yield Offer(name, Sort.FUNCTION, about)


def _files(path: Path, typed: str, offset: int) -> Iterator[Offer]:
    """Yield the files beside a template, and those in the folders there."""
    folder, slash, begun = typed.rpartition("/")
    place = path.parent / folder
    if ".." in Path(folder).parts or typed.startswith("/") or not place.is_dir():
        return
    for each in sorted(place.iterdir()):
        if each.name.startswith(".") or each == path or is_foreign(each.name):
            continue
        name = f"{folder}{slash}{each.name}{'/' if each.is_dir() else ''}"
        sort = Sort.FOLDER if each.is_dir() else Sort.FILE
        rank = f"{0 if is_template(each.name) else 1}{each.name}"
        start = offset - len(begun) - len(folder + slash)
        yield Offer(name, sort, rank=rank, inserted=name, start=start, end=offset)
