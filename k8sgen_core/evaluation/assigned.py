"""
Methods of builders that a program assigns to instead of calling them.

Such a value hides the method and describes nothing. Nobody watches attributes while builders are
made; what they have at the end of a run tells it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

from k8sgen_core.carriers import Origin, each
from k8sgen_core.findings import Finding, Place
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Span
from k8sgen_core.session import Collecting

_OWN = "k8sgen_core."


def assigned_methods(session: Collecting, locator: Locator, main: Path) -> list[Finding]:
    """Return a finding for each assignment, at the constructor where it cannot be told apart."""
    found: dict[tuple[Place | None, str], Finding] = {}
    for builder in session.builders.values():
        for one in (builder, *builder._overlays.values()):
            for name in _hidden(one):
                place = _place(one, name, locator, main)
                found.setdefault((place, name), _finding(name, place))
    return list(found.values())


def _hidden(builder: Any) -> Iterator[str]:
    """Yield our methods that values hide; classes of a user's own may use their names."""
    names = [name for name in vars(builder) if name[0] != "_"]
    if not names or not type(builder).__module__.startswith(_OWN):
        return
    for name in names:
        owner = next((kind for kind in type(builder).__mro__ if name in vars(kind)), None)
        is_own = owner is not None and owner.__module__.startswith(_OWN)
        if is_own and isinstance(vars(owner)[name], FunctionType):
            yield name


def _finding(name: str, place: Place | None) -> Finding:
    message = f"{name!r} is a method: what is assigned to it is not deployed"
    return Finding("method-as-value", message, place, hint=f"call it: .{name}(...)")


def _place(builder: Any, name: str, locator: Locator, main: Path) -> Place | None:
    origin = next(iter(each(builder._draft["origin"])), None)
    call = None if origin is None else locator.call_place(origin)
    paths = dict.fromkeys([str(main), *([call.path] if call else ())])
    trees = {path: _tree(locator, path) for path in paths}
    spans = [
        (node, path)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == name
    ]
    if len(spans) > 1 and origin is not None and call is not None:
        variables = set(_variables(trees[call.path], origin, locator))
        spans = [(node, path) for node, path in spans if ast.unparse(node.value) in variables]
    if len(spans) != 1:
        return call
    node, path = spans[0]
    line, end = node.lineno, node.end_lineno or node.lineno
    return locator.at(Span(path, line, node.col_offset, end, node.end_col_offset or 0))


def _tree(locator: Locator, path: str) -> ast.AST:
    try:
        return ast.parse(locator.sources.text(path) or "")
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _variables(tree: ast.AST, origin: Origin, locator: Locator) -> Iterator[str]:
    """Yield the variables that what a call made is assigned to."""
    frame = locator.innermost(origin.call.frame)
    if frame is None:
        return
    here = locator.sources.position(frame)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(inner, ast.Call)
            and (inner.end_lineno, inner.end_col_offset) == (here.end_line, here.end_column)
            for inner in ast.walk(node.value)
        ):
            yield from (ast.unparse(target) for target in node.targets)
