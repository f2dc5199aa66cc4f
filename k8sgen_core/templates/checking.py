"""The names that a template reads, and those that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from jinja2 import nodes

_GUARDS = ("default", "d")
_LOCAL = frozenset(("loop", "caller", "varargs", "kwargs", "self", "super"))


def names_read(tree: nodes.Template) -> dict[str, int]:
    """Return the names that a template takes from its context, and the line of the first use."""
    known = _assigned(tree) | _LOCAL
    found: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known:
            found.setdefault(node.name, node.lineno)
    return found


def unguarded(tree: nodes.Template) -> dict[str, int]:
    """Return the names whose use fails if they have no value: no default, no test."""
    guarded = {id(name) for name in _guarded(tree)}
    tested = {
        name.name
        for test in tree.find_all(nodes.Test)
        if test.name in ("defined", "undefined")
        for name in _base(test.node)
    }
    known = _assigned(tree) | _LOCAL | tested
    found: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known and id(node) not in guarded:
            found.setdefault(node.name, node.lineno)
    return found


def constants(tree: nodes.Template) -> list[Any]:
    """Return the literals that a template compares with, in their order."""
    found = [
        const.value
        for compare in tree.find_all(nodes.Compare)
        for const in compare.find_all(nodes.Const)
    ]
    return list(dict.fromkeys(value for value in found if isinstance(value, str | int | float)))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the hint for a misspelt name."""
    near = get_close_matches(name, list(known), 1)
    return f"did you mean {near[0]!r}?" if near else None


def _assigned(tree: nodes.Template) -> set[str]:
    found = {n.name for n in tree.find_all(nodes.Name) if n.ctx in ("store", "param")}
    found |= {node.name for node in tree.find_all(nodes.Macro)}
    found |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in node.names}
    return found


def _guarded(tree: nodes.Template) -> Iterator[nodes.Name]:
    for node in tree.find_all(nodes.Filter):
        if node.name in _GUARDS and node.node is not None:
            yield from _base(node.node)


def _base(node: nodes.Node) -> Iterator[nodes.Name]:
    """Yield the name that an attribute, an item or a filter begins with."""
    while isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Filter) and node.node is not None:
        node = node.node
    if isinstance(node, nodes.Name):
        yield node
