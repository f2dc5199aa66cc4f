"""
Plugins that give a value the name of a method: ``self.size = 3`` beside ``def size(...)``.

While a plugin is configured the name is the method, while it generates it is the value. That
works, but whoever reads ``self.size`` must know in which of the two he is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from k8sgen_core.misfits import self_shadowing
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import Document
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.problems import Problem
from k8sgen_lsp.static.walking import FunctionNode
from k8sgen_lsp.static.workspace import DOCUMENT


class Shadow(NamedTuple):
    """The first assignment that gives a value the name of a method of its class."""

    placed: Placed
    owner: ast.ClassDef
    target: ast.Attribute


def problems_of(document: Document) -> Iterator[Problem]:
    """Yield each name of a plugin of the document that is a method and a value."""
    for shadow in shadows(document):
        block, name = shadow.placed.block, shadow.target.attr
        place = shadow.placed.range(block.start_of(shadow.target), block.end_of(shadow.target))
        said = self_shadowing(shadow.owner.name, name)
        yield Problem(said.rule, said.message, place, said.hint, "info")


def shadows(document: Document) -> Iterator[Shadow]:
    """Yield the shadows of the plugins that the document defines."""
    for placed, node in plugins_of(document):
        found = _plugin(document, node)
        if found is not None:
            yield from _shadows(document, placed, node, found)


def plugins_of(document: Document) -> Iterator[tuple[Placed, ast.ClassDef]]:
    """Yield the plugins that the document defines."""
    for number, facts in enumerate(document.names.facts):
        placed = document.blocks[number]
        for node in placed.block.tree if facts.has_classes else ():
            if isinstance(node, ast.ClassDef) and _plugin(document, node) is not None:
                yield placed, node


def _plugin(document: Document, node: ast.ClassDef) -> Class | None:
    catalogue = document.lookup.catalogue
    found = catalogue.find(f"{DOCUMENT}.{node.name}")
    return found if found is not None and catalogue.is_plugin(found) else None


def _shadows(
    document: Document, placed: Placed, node: ast.ClassDef, found: Class
) -> Iterator[Shadow]:
    told: set[str] = set()
    fields = _fields(node)
    for method in node.body:
        if isinstance(method, FunctionNode) and not method.decorator_list:
            for target in stores(method):
                member = document.lookup.member(found, target.attr)
                is_method = member and not member.is_property and target.attr not in fields
                if is_method and target.attr not in told:
                    told.add(target.attr)
                    yield Shadow(placed, node, target)


def _fields(node: ast.ClassDef) -> set[str]:
    """Return the names that a class binds to values: inherited methods are hidden by these."""
    assigned = (each for each in node.body if isinstance(each, ast.Assign | ast.AnnAssign))
    nodes = (inner for each in assigned for inner in ast.walk(each))
    named = (each for each in nodes if isinstance(each, ast.Name))
    own = {each.name for each in node.body if isinstance(each, FunctionNode)}
    return {each.id for each in named if isinstance(each.ctx, ast.Store)} - own


def stores(method: FunctionNode) -> Iterator[ast.Attribute]:
    """Yield what a method assigns to its receiver, in the order of the text."""
    found = [each for each in attributes(method) if isinstance(each.ctx, ast.Store)]
    yield from sorted(found, key=lambda each: (each.lineno, each.col_offset))


def attributes(method: FunctionNode, name: str | None = None) -> Iterator[ast.Attribute]:
    """Yield the attributes of its receiver that a method names, or those of one name."""
    receiver = method.args.args[0].arg if method.args.args else None
    for each in ast.walk(method):
        owner = each.value if isinstance(each, ast.Attribute) else None
        if isinstance(each, ast.Attribute) and isinstance(owner, ast.Name):
            yield from (each,) if owner.id == receiver and name in (None, each.attr) else ()
