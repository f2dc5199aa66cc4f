"""What can be written where an expression, an argument or a text is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from k8sgen_lsp.completing import enums, registered
from k8sgen_lsp.completing.arguments import arguments_of, texts_of
from k8sgen_lsp.completing.facts import facts_of
from k8sgen_lsp.completing.imports import classes
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.completing.paths import names_file, paths_in
from k8sgen_lsp.completing.places import Document, Offers, ids, names_in
from k8sgen_lsp.completing.snippets import snippets
from k8sgen_lsp.completing.values import Known, referring
from k8sgen_lsp.static.active import Active, active_at
from k8sgen_lsp.static.chains import word_at
from k8sgen_lsp.static.meanings import Instance
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.pieces import Quoted

_SUPPRESSED = re.compile(r"#\s*k8sgen:\s*ignore\[[^\]\n]*\Z")
_IMPORTING = re.compile(
    r"^[ \t]*from[ \t]+(?P<module>[\w.]+)[ \t]+import(?:[ \t]+[\w \t,]*|[ \t]*\([\w\s,]*)\Z",
    re.MULTILINE,
)
_NO_EXPRESSION = re.compile(r"(?:\d\w*|(?:def|class|import|as|for|from|lambda)[ \t]+\w*)\Z")
_KEYWORD = re.compile(r"\b(?:return|in|is|yield|and|or|not|if|else|await)\Z")
# The bracket of a list, not that of a subscript or of a call.
_OPENED = re.compile(r"(?:^|[^\w)\]\s])\s*[(\[{]\Z")
_CLASS = re.compile(r"\b[A-Z]\w+\b")
_MOST_VARIABLES = 40


def offers_in(document: Document, reader: Reader, offset: int) -> Offers:
    """Return what can be written at a place that is not behind a dot."""
    layout = reader.layout
    quoted = layout.quoted_at(offset)
    if quoted is not None:
        return _in_quotes(document, reader, quoted, offset)
    begun = layout.code[layout.line_start(offset) : offset]
    if not document.concern.is_ours:
        return Offers(())
    importing = _IMPORTING.search(layout.code, max(offset - 2000, 0), offset)
    if importing is not None:
        return Offers(names_in(document.catalogue, importing["module"]))
    if _NO_EXPRESSION.search(begun):
        return Offers(())
    active = active_at(reader, offset)
    if active is None:
        return Offers(_of_statement(document, reader, offset))
    return _in_call(document, reader, active, offset)


def _in_call(document: Document, reader: Reader, active: Active, offset: int) -> Offers:
    layout = reader.layout
    beside, is_complete = _beside(document)
    start, _ = word_at(layout, offset)
    if _is_behind_value(layout.code[active.start : start]):
        return Offers(())
    if active.by_name and active.keyword is None:
        return Offers(arguments_of(reader, active, offset, beside), is_complete)
    inside = [
        *enums.values_of(reader, active, offset),
        *arguments_of(reader, active, offset, beside),
        *_variables(reader, active, offset),
    ]
    return Offers([*inside, *_constructors(document, reader, active)], is_complete)


def _in_quotes(document: Document, reader: Reader, quoted: Quoted, offset: int) -> Offers:
    if quoted.mark == "#":
        comment = document.text[quoted.start : offset]
        found = ids() if _SUPPRESSED.search(comment) else {}
        return Offers([Offer(name, Sort.VALUE, what) for name, what in found.items()])
    active = active_at(reader, quoted.start)
    if active is None or not _begins(reader.layout.code[active.start : quoted.start]):
        return Offers(())
    if not document.concern.covers(active.callee.kind(document.catalogue)):
        return Offers(())
    if names_file(active):
        return paths_in(document, active, quoted, offset)
    beside, is_complete = _beside(document)
    return Offers(texts_of(reader, active, quoted, beside), is_complete)


def _begins(before: str) -> bool:
    """Is a text that stands behind this the whole argument, or an element of a list in it?"""
    before = before.rstrip()
    return not before or before[-1] == "," or _OPENED.search(before) is not None


def _is_behind_value(before: str) -> bool:
    """Does a value end here? What follows is no new one, but for keywords such as ``in``."""
    before = before.rstrip()
    last = before[-1:]
    is_end = last.isalnum() or last in ("_", ")", "]", "}", '"', "'")
    return bool(last) and is_end and not _KEYWORD.search(before)


def _beside(document: Document) -> tuple[Known, bool]:
    text, root, catalogue = document.text, document.root, document.catalogue
    facts, is_complete = (
        document.facts.of(root, document.path, text) if document.facts else (facts_of(text), True)
    )
    known = Known(
        facts,
        lambda: registered.templates(text, catalogue),
        lambda name: registered.variables(name, text, root, catalogue),
        ids,
    )
    return known, is_complete


def _of_statement(document: Document, reader: Reader, offset: int) -> Iterator[Offer]:
    start, _ = word_at(reader.layout, offset)
    before = reader.layout.code[reader.layout.line_start(start) : start]
    if _is_behind_value(before):
        return
    yield from classes(reader.layout, document.catalogue)
    if document.with_snippets and (not before.strip() or before.rstrip().endswith("=")):
        yield from snippets(reader.layout, offset)


def _constructors(document: Document, reader: Reader, active: Active) -> Iterator[Offer]:
    """Yield classes where an argument is a builder."""
    parameter = active.parameter
    wanted = set(_CLASS.findall(parameter.annotation)) if parameter is not None else set()
    if wanted:
        fitting = None if "Builder" in wanted else wanted
        yield from classes(reader.layout, document.catalogue, fitting)


def _variables(reader: Reader, active: Active, offset: int) -> Iterator[Offer]:
    """Yield the variables that hold a builder, where an argument may be one."""
    parameter = active.parameter
    if parameter is None or not _CLASS.search(parameter.annotation):
        return
    itself = referring(active)
    for name, meaning in reader.variables(offset, _MOST_VARIABLES):
        if isinstance(meaning, Instance) and (meaning.found.name, meaning.name) != itself:
            yield Offer(name, Sort.VARIABLE, meaning.found.name, f"1{name}")
