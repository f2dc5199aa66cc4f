"""Where classes and methods are defined, in the text of their modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from k8sgen_core.findings import Range
from k8sgen_lsp.static.blocks import Placed, blocks_of
from k8sgen_lsp.static.catalogue import Catalogue, Class
from k8sgen_lsp.static.walking import FunctionNode
from k8sgen_lsp.static.workspace import DOCUMENT


class Defined(NamedTuple):
    """
    A class in a text, or one of its methods.

    ``path`` is ``None`` for what the document itself defines.
    """

    path: Path | None
    text: str
    placed: Placed
    owner: ast.ClassDef
    node: ast.ClassDef | FunctionNode

    @property
    def whole(self) -> Range:
        """The range of the definition."""
        block = self.placed.block
        return self.placed.range(block.start_of(self.node), block.end_of(self.node))

    @property
    def name(self) -> Range:
        """The range of the name."""
        block = self.placed.block
        start = block.start_of(self.node)
        found = block.text.find(self.node.name, start + len("def"))
        return self.placed.range(found, found + len(self.node.name))


def class_definition(catalogue: Catalogue, found: Class, document: str) -> Defined | None:
    """Return where a class is defined; ``document`` is the text that asks."""
    path = None if found.module == DOCUMENT else catalogue.source(found.module)
    if path is None and found.module != DOCUMENT:
        return None
    text = document if path is None else catalogue.text(path)
    if text is None:
        return None
    for placed in blocks_of(text):
        for node in _at_top(placed):
            if isinstance(node, ast.ClassDef) and node.name == found.name:
                return Defined(path, text, placed, node, node)
    return None


def methods(defined: Defined) -> Iterator[FunctionNode]:
    """Yield the methods of a class."""
    for node in defined.owner.body:
        if isinstance(node, FunctionNode):
            yield node


def method_definition(
    catalogue: Catalogue, owner: Class, name: str, document: str
) -> Defined | None:
    """Return where a class, or the nearest of its bases that does, defines a method."""
    for each in catalogue.ancestry(owner):
        defined = class_definition(catalogue, each, document)
        for node in methods(defined) if defined else ():
            if defined is not None and node.name == name:
                return defined._replace(node=node)
    member = catalogue.members(owner).get(name)
    # What a plugin brings along is written nowhere else.
    bringing = catalogue.find(member.owner) if member else None
    if bringing is None or bringing in catalogue.ancestry(owner):
        return None
    return class_definition(catalogue, bringing, document)


def _at_top(placed: Placed) -> Iterator[ast.stmt]:
    for node in placed.block.tree:
        yield from node.body if isinstance(node, ast.If) else (node,)
