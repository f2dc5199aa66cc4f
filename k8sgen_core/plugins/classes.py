"""The classes of a project's plugin files, as their sources describe them. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_BASE = "Plugin"


class Classes:
    """
    The classes that a file can name, by name.

    A class of the file itself comes before one of the same name in another file.
    """

    def __init__(self, tree: ast.Module, others: Iterable[ast.Module] = ()) -> None:
        self._known: dict[str, ast.ClassDef] = {}
        for each in (tree, *others):
            for node in statements(each.body):
                if isinstance(node, ast.ClassDef):
                    self._known.setdefault(node.name, node)

    def bases(self, node: ast.ClassDef, inside: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yield the names of the bases of a class, and of their bases."""
        inside |= {node.name}
        for base in node.bases:
            name = ast.unparse(base).rpartition(".")[2]
            yield name
            if name in self._known and name not in inside:
                yield from self.bases(self._known[name], inside)

    def is_plugin(self, node: ast.ClassDef) -> bool:
        """Is a class derived from ``Plugin``, or from a class that is?"""
        return _BASE in self.bases(node)

    def inherited(self, node: ast.ClassDef) -> set[str]:
        """Return the names of the methods that a class inherits."""
        known = (self._known[base] for base in self.bases(node) if base in self._known)
        found = {each.name for base in known for each in functions_of(base)}
        return found | _own_methods() if self.is_plugin(node) else found


def _own_methods() -> set[str]:
    """Return the methods that every plugin has."""
    from k8sgen_core.plugins.plugin import Plugin

    return {name for name in dir(Plugin) if not name.startswith("_") and name != "aliases"}


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and those that only run under a condition, or may fail."""
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from statements(node.body)
        else:
            yield node


def functions_of(node: ast.ClassDef) -> list[Function]:
    """Return the methods of a class, without those that it inherits."""
    return [each for each in statements(node.body) if isinstance(each, Function)]


def parsed(text: str) -> ast.Module:
    """Return the tree of a file, an empty one if it is not valid."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def plugins_in(tree: ast.Module, others: Iterable[ast.Module] = ()) -> list[ast.ClassDef]:
    """Return the plugins that a file defines."""
    classes = Classes(tree, others)
    nodes = (node for node in statements(tree.body) if isinstance(node, ast.ClassDef))
    return [node for node in nodes if classes.is_plugin(node)]


def aliases_of(node: ast.ClassDef) -> list[str]:
    """Return the names that a plugin gives itself."""
    assigned = (each for each in node.body if isinstance(each, ast.Assign | ast.AnnAssign))
    values = (each.value for each in assigned if _target(each) == "aliases" and each.value)
    parts = (inner for value in values for inner in ast.walk(value))
    return [
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
