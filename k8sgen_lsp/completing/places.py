"""Which kind of place the cursor is at, and so what can be written there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from k8sgen_core.config.project_file import is_configured
from k8sgen_lsp.completing.facts import WorkspaceFacts, names
from k8sgen_lsp.completing.fields import exposed
from k8sgen_lsp.completing.members import members_of
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.chains import member_at
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader

_PYTHON = (".py", ".pyi", "")


@dataclass(frozen=True)
class Document:
    """
    What is completed: a text, where it is, and what is known around it.

    ``folders`` are those of the workspace that it is in.
    """

    text: str
    catalogue: Catalogue
    path: Path | None = None
    root: Path | None = None
    facts: WorkspaceFacts | None = None
    with_snippets: bool = True
    folders: Sequence[Path] = ()

    @cached_property
    def concern(self) -> Concern:
        """What is spoken of in it."""
        return Concern(self.text, self.root, self.catalogue)

    def environments(self) -> tuple[Iterable[str], bool]:
        """Return the environments that its project has settings for, and whether these are all."""
        found, is_complete = self.facts.of(self.root, self.path, "") if self.facts else ([], True)
        return names(found, ".for_environment"), is_complete

    def is_beside_dsl(self) -> tuple[bool, bool]:
        """Is it in a project of ours? And is that sure, as far as its files were read?"""
        roots = [root for root in (self.root, *self.folders) if root is not None]
        if self.facts is None or any(is_configured(str(root)) for root in roots):
            return True, True
        found = [self.facts.are_of_dsl(root) for root in roots]
        return any(has for has, _ in found), all(is_sure for _, is_sure in found)


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
    if path is not None and path.suffix not in _PYTHON:
        return _elsewhere(document, path, offset)
    return in_python(document, offset)


def is_python(document: Document, offset: int) -> bool:
    """Is there code at a place of a Python file?"""
    suffix = document.path.suffix if document.path is not None else ""
    return suffix in _PYTHON and layout_of(document.text).is_code(offset)


def is_of_dsl(document: Document, offset: int) -> bool:
    """Is everything known of what stands before the dot at a place?"""
    layout = layout_of(document.text)
    reader = Reader(layout, document.catalogue)
    return member_at(layout, offset) is not None and reader.receiver_at(offset) is not None


def _elsewhere(document: Document, path: Path, offset: int) -> Offers:
    # Most sessions never ask, and the first completion waits for every module.
    from k8sgen_lsp.completing import configuration, templates

    if configuration.is_configuration(path):
        environments, is_complete = document.environments()
        offers = configuration.offers_in(path, document.text, offset, environments)
        return Offers(offers, is_complete)
    if not templates.is_template(path.name):
        return Offers(())
    is_ours, is_complete = document.is_beside_dsl()
    # Many a project has templates that are none of ours.
    offers = templates.offers_in(path, document.text, offset) if is_ours else iter(())
    return Offers(offers, is_complete)


def in_python(document: Document, offset: int) -> Offers:
    """Return what can be written at a place of a Python file."""
    layout = layout_of(document.text)
    text = None if layout.is_code(offset) else exposed(layout, offset)
    if text is not None:
        layout = layout_of(text)
        document = replace(document, text=text)
    reader = Reader(layout, document.catalogue)
    if layout.is_code(offset) and member_at(layout, offset) is not None:
        return Offers(_behind_a_dot(document, reader, offset))
    if text is not None:
        # It is a part of a text only, so that no value of an argument can be meant.
        return Offers(())
    from k8sgen_lsp.completing.expressions import offers_in

    return offers_in(document, reader, offset)


def _behind_a_dot(document: Document, reader: Reader, offset: int) -> Iterable[Offer]:
    found = reader.receiver_at(offset)
    owner = reader.class_before(offset) if found is None else found[1].found
    if not document.concern.covers(owner):
        return ()
    if found is not None:
        return members_of(reader.catalogue, found[1], reader.layout)
    if owner is not None:
        from k8sgen_lsp.completing import enums

        return enums.members_of(reader.catalogue, owner)
    return names_in(reader.catalogue, reader.module_at(offset))


def names_in(catalogue: Catalogue, module: str | None) -> Iterator[Offer]:
    """Yield the classes that a module offers."""
    read = catalogue.module(module) if module else None
    for name in sorted({**read.classes, **read.imports} if read else ()):
        found = None if name.startswith("_") else catalogue.find(f"{module}.{name}")
        if found is not None:
            yield Offer(name, Sort.CLASS, data={"class": found.qualified})
