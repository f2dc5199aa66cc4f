"""The keys of the Secret or ConfigMap that an argument stands for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from k8sgen_lsp.completing.facts import Fact, found_in, names
from k8sgen_lsp.static.bindings import Kind
from k8sgen_lsp.static.expressions import parsed
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.meanings import Imported, Instance
from k8sgen_lsp.static.names import Reader


def keys_of(
    reader: Reader, given: tuple[int, int], facts: Iterable[Fact]
) -> Iterator[tuple[str, str]]:
    """Yield the keys of what an argument stands for, each with the name of that."""
    node = parsed(reader.layout.text[slice(*given)].strip())
    if isinstance(node, ast.Constant):
        yield from _of_name(node.value, facts)
        return
    meaning = reader.value(*given)
    if isinstance(meaning, Instance) and meaning.name:
        yield from _of_name(meaning.name, facts)
    if isinstance(node, ast.Name):
        yield from _put(reader, node.id, given[0])
    source = _source(reader, node)
    if source is not None:
        yield from _elsewhere(reader, source, facts)


def _of_name(name: object, facts: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    if isinstance(name, str) and name:
        yield from ((key, name) for key in names(facts, "key", owner=name))


def _put(reader: Reader, name: str, offset: int) -> Iterator[tuple[str, str]]:
    """Yield the keys that are added to a variable, in the statements that begin with it."""
    layout = reader.layout
    for use in reader.uses(name, offset):
        statement = layout.statement_at(use)
        if statement is not None and statement.start == use:
            for fact in found_in(layout.text[use : statement.end], name):
                if fact.kind == "key" and fact.owner == name:
                    yield fact.name, name


def _source(reader: Reader, node: ast.expr | None) -> str | None:
    """Return the dotted name of what is imported."""
    if isinstance(node, ast.Name):
        bound = reader.layout.bindings(node.id)
        found = [each.imported for each in bound if each.kind is Kind.IMPORT]
        return found[-1] if found and len(found) == len(bound) else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = reader.meaning_of(node.value.id, len(reader.layout.text))
        return f"{module.name}.{node.attr}" if isinstance(module, Imported) else None
    return None


def _elsewhere(reader: Reader, dotted: str, facts: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a variable of another module; what is kept of one says no names."""
    holder = reader.catalogue.holder(dotted.lstrip("."))
    path = reader.catalogue.source(holder[0].name) if holder else None
    text = reader.catalogue.text(path) if path else None
    if holder is None or text is None:
        return
    within = Reader(layout_of(text), reader.catalogue)
    meaning = within.meaning_of(holder[1], len(text))
    if isinstance(meaning, Instance):
        yield from _of_name(meaning.name, facts)
        yield from _put(within, holder[1], len(text))
