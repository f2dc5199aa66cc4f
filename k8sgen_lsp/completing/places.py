"""Which kind of place the cursor is at, and so what can be written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from k8sgen_lsp.completing import configuration, templates
from k8sgen_lsp.completing.arguments import arguments_of, texts_of
from k8sgen_lsp.completing.facts import WorkspaceFacts, facts_of
from k8sgen_lsp.completing.imports import classes
from k8sgen_lsp.completing.members import members_of
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.completing.snippets import snippets
from k8sgen_lsp.completing.values import Known
from k8sgen_lsp.static.active import Active, active_at
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.chains import member_at, word_at
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.meanings import Instance
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.pieces import Quoted

_SUPPRESSED = re.compile(r"#\s*k8sgen:\s*ignore\[[^\]\n]*\Z")
_IMPORTING = re.compile(
    r"^[ \t]*from[ \t]+(?P<module>[\w.]+)[ \t]+import(?:[ \t]+[\w \t,]*|[ \t]*\([\w\s,]*)\Z",
    re.MULTILINE,
)
_NO_EXPRESSION = re.compile(r"(?:\d\w*|(?:def|class|import|as|for|from|lambda)[ \t]+\w*)\Z")
_KEYWORDS = ("return", "in", "yield", "and", "or", "not", "else", "await")
_MOST_VARIABLES = 40


@dataclass(frozen=True, slots=True)
class Document:
    """What is completed: a text, where it is, and what is known around it."""

    text: str
    catalogue: Catalogue
    path: Path | None = None
    root: Path | None = None
    facts: WorkspaceFacts | None = None
    with_snippets: bool = True


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered, and whether that is all there is."""

    items: Iterable[Offer]
    is_complete: bool = True


def ids() -> Mapping[str, str]:
    """Return the ids that findings have, with what they mean."""
    from k8sgen_core.ids import registry

    return {each.id: each.summary for each in registry().values()}


def offers_at(document: Document, offset: int) -> Offers:
    """Return what can be written at a place."""
    path = document.path
    if path is not None and configuration.is_configuration(path):
        return Offers(configuration.offers_in(path, document.text, offset, ids()))
    if path is not None and templates.is_template(path.name):
        return Offers(templates.offers_in(document.text, offset))
    if path is not None and path.suffix not in (".py", ".pyi", ""):
        return Offers(())
    return _in_python(document, offset)


def _in_python(document: Document, offset: int) -> Offers:
    layout = layout_of(document.text)
    reader = Reader(layout, document.catalogue)
    quoted = layout.quoted_at(offset)
    if quoted is not None:
        return _in_quotes(document, reader, quoted, offset)
    if member_at(layout, offset) is not None:
        return Offers(_behind_a_dot(reader, offset))
    begun = layout.code[layout.line_start(offset) : offset]
    importing = _IMPORTING.search(layout.code, max(offset - 2000, 0), offset)
    if importing is not None:
        return Offers(_names_in(document.catalogue, importing["module"]))
    if _NO_EXPRESSION.search(begun) or not is_ours(document):
        return Offers(())
    active = active_at(reader, offset)
    if active is None:
        return Offers(_of_statement(document, reader, offset))
    beside, is_complete = _beside(document)
    inside = [*arguments_of(reader, active, offset, beside), *_variables(reader, active, offset)]
    return Offers([*inside, *_constructors(document, reader, active)], is_complete)


def is_ours(document: Document) -> bool:
    """Has the document to do with K8s-Gen? Other people's files are none of our business."""
    if "k8s_gen" in document.text or document.root is None:
        return True
    return (document.root / "k8sgen.toml").is_file() or bool(document.catalogue.plugins())


def _in_quotes(document: Document, reader: Reader, quoted: Quoted, offset: int) -> Offers:
    if quoted.mark == "#":
        comment = document.text[quoted.start : offset]
        found = ids() if _SUPPRESSED.search(comment) else {}
        return Offers([Offer(name, Sort.VALUE, what) for name, what in found.items()])
    active = active_at(reader, quoted.start)
    if active is None or reader.layout.code[active.start : quoted.start].strip(" \t\n[({,"):
        return Offers(())
    beside, is_complete = _beside(document)
    return Offers(texts_of(reader, active, quoted, beside), is_complete)


def _beside(document: Document) -> tuple[Known, bool]:
    text, root = document.text, document.root
    facts, is_complete = document.facts.of(root, text) if document.facts else (facts_of(text), True)
    known = Known(
        facts,
        lambda: templates.templates(text),
        lambda name: templates.variables(name, text, root),
        ids,
    )
    return known, is_complete


def _behind_a_dot(reader: Reader, offset: int) -> Iterable[Offer]:
    found = reader.receiver_at(offset)
    if found is not None:
        return members_of(reader.catalogue, found[1], reader.layout)
    return _names_in(reader.catalogue, reader.module_at(offset))


def _names_in(catalogue: Catalogue, module: str | None) -> Iterator[Offer]:
    """Yield the classes that a module offers."""
    read = catalogue.module(module) if module else None
    for name in sorted({**read.classes, **read.imports} if read else ()):
        found = None if name.startswith("_") else catalogue.find(f"{module}.{name}")
        if found is not None:
            yield Offer(name, Sort.CLASS, data={"class": found.qualified})


def _of_statement(document: Document, reader: Reader, offset: int) -> Iterator[Offer]:
    start, _ = word_at(reader.layout, offset)
    before = reader.layout.code[reader.layout.line_start(start) : start]
    last = before.rstrip()[-1:]
    # Behind a value, what follows is no new one, but for keywords such as ``in``.
    if (last.isalnum() or last in (")", "]", "}")) and not before.rstrip().endswith(_KEYWORDS):
        return
    yield from classes(reader.layout, document.catalogue)
    if document.with_snippets and (not before.strip() or before.rstrip().endswith("=")):
        yield from snippets(reader.layout, offset)


def _constructors(document: Document, reader: Reader, active: Active) -> Iterator[Offer]:
    """Yield classes where an argument is a builder."""
    parameter = active.parameter
    if parameter is not None and "Builder" in parameter.annotation:
        yield from classes(reader.layout, document.catalogue)


def _variables(reader: Reader, active: Active, offset: int) -> Iterator[Offer]:
    """Yield the variables that hold a builder, where an argument may be one."""
    parameter = active.parameter
    if parameter is None or not re.search(r"\b[A-Z]\w+\b", parameter.annotation):
        return
    for name, meaning in reader.variables(offset, _MOST_VARIABLES):
        if isinstance(meaning, Instance):
            yield Offer(name, Sort.VARIABLE, meaning.found.name, f"1{name}")
