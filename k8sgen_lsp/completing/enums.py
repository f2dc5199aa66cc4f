"""The members of enums: behind the name of one, and where an argument is annotated with one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from k8sgen_lsp.completing.imports import edit
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.static.active import Active, Callee
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.meanings import ClassItself
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.workspace import DOCUMENT

_ENUMS = frozenset(("Enum", "Flag", "IntEnum", "IntFlag", "ReprEnum", "StrEnum"))
_NAMED = re.compile(r"[^\W\d][\w.]*")


def members_of(catalogue: Catalogue, found: Class) -> Iterator[Offer]:
    """Yield the members of a class if it is an enum."""
    for index, name in enumerate(_members(catalogue, found)):
        yield Offer(name, Sort.ENUM_MEMBER, f"{found.name}.{name}", f"{index:03}")


def _members(catalogue: Catalogue, found: Class) -> list[str]:
    """Return the names that an enum gives values in its body."""
    bases = {base for each in catalogue.ancestry(found) for base in each.bases}
    if _ENUMS.isdisjoint(base.rpartition(".")[2] for base in bases):
        return []
    return [n for n, each in found.own.items() if each.is_field and each.returns.startswith("=")]


def values_of(reader: Reader, active: Active, offset: int) -> Iterator[Offer]:
    """Yield the members of the enums that the argument at a place may be one of."""
    parameter = active.parameter
    if parameter is None:
        return
    module = _module(reader.catalogue, active.callee)
    for name in _NAMED.findall(parameter.annotation):
        found = reader.catalogue.find(f"{module}.{name}")
        members = [] if found is None else _members(reader.catalogue, found)
        if found is not None and members:
            yield from _written(reader, found, members, offset)


def _module(catalogue: Catalogue, callee: Callee) -> str:
    """Return the module in which the annotations of what is called mean something."""
    if callee.owner is not None:
        # It may be inherited.
        return catalogue.members(callee.owner)[callee.name].owner.rpartition(".")[0]
    return callee.of.rpartition(".")[0] or DOCUMENT


def _written(reader: Reader, found: Class, members: list[str], offset: int) -> Iterator[Offer]:
    """Yield the members as they are written here; an enum that is not imported brings that."""
    meaning = reader.meaning_of(found.name, offset)
    is_known = isinstance(meaning, ClassItself) and meaning.found.qualified == found.qualified
    if not is_known and (found.module == DOCUMENT or reader.layout.bindings(found.name)):
        return
    edits = () if is_known else (edit(reader.layout, found.name, found.module),)
    for index, name in enumerate(members):
        label = f"{found.name}.{name}"
        yield Offer(label, Sort.ENUM_MEMBER, rank=f"0{index:03}", edits=edits)
