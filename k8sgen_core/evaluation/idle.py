"""
Calls that change nothing: what they say is the default, or a later call says something else.

Only what is so in every run is told. A call that another one takes the place of in this run may
still count in another environment, or for another resource that the same line describes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from k8sgen_core.carriers import Origin, deep_origins, each
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Call
from k8sgen_core.parts import Mishap, Record
from k8sgen_core.session import Collecting

# What generates or is read between two calls has seen the first one.
_SEEING = frozenset(("build", "generate"))
_RULE = "no-effect"


def idle_calls(session: Collecting, locator: Locator) -> list[Mishap]:
    """Return what is said of the calls of a run that have no effect."""
    if not session.replaced and not session.defaults:
        return []
    kept = _places_kept(session) if session.replaced else set()
    told = (origin for note in session.notes if note.rule == _RULE for origin in each(note.origin))
    known = {origin.call.place for origin in told}
    found: dict[object, Mishap] = {}
    for old, new in session.replaced:
        if old.place not in kept and old.place != new.place and _always(old, new, locator):
            message = f"{old.method} has no effect, because a later call says it again"
            found.setdefault(old.place, _idle(old, message, "remove the first of the two calls"))
    for call, what in session.defaults:
        if _is_written(call, locator):
            message = f"{call.method} has no effect, because {what} is what it is anyway"
            found.setdefault(call.place, _idle(call, message, "remove the call"))
    return [mishap for place, mishap in found.items() if place not in known]


def _idle(call: Call, message: str, hint: str) -> Mishap:
    return Mishap(
        rule=_RULE, message=message, severity="info", hint=hint, origin=Origin((call, None))
    )


def _places_kept(session: Collecting) -> set[tuple[int, int]]:
    """Return the places of the calls of which something is left in what is described."""
    drafts = [
        draft
        for builder in session.builders.values()
        for draft in (builder, *builder._overlays.values())
    ]
    origins = (origin for each_draft in drafts for origin in _origins(each_draft._draft))
    return {origin.call.place for origin in origins}


def _origins(value: Any) -> Iterator[Origin]:
    yield from each(deep_origins(value))
    if isinstance(value, Record):
        yield from _origins(vars(value))
    elif isinstance(value, dict):
        for element in value.values():
            yield from _inside(element)
    elif isinstance(value, list | tuple) and not isinstance(value, Origin):
        for element in value:
            yield from _inside(element)


def _inside(value: Any) -> Iterator[Origin]:
    # The origins of scalars were found from the outside.
    if isinstance(value, Record | dict | list | tuple):
        yield from _origins(value)


def _is_written(call: Call, locator: Locator) -> bool:
    """Is what a call says written there, and not computed?"""
    node = _node(call, locator)
    return node is not None and all(isinstance(e, ast.Constant) for e in node.args)


def _node(call: Call, locator: Locator) -> ast.Call | None:
    if call.frame is None:
        return None
    here = locator.sources.position(call.frame)
    return locator.sources.calls(here.path).get((here.end_line, here.end_column))


def _always(old: Call, new: Call, locator: Locator) -> bool:
    """Is the new call made whenever the old one is, with nothing between that sees it?"""
    if old.frame is None or new.frame is None or old.frame.code is not new.frame.code:
        return False
    first, last = _node(old, locator), _node(new, locator)
    if first is None or last is None or _is_seen(last):
        return False
    if _is_in_chain(first, last):
        return True
    path = locator.sources.position(old.frame).path
    tree = ast.parse(locator.sources.text(path) or "")
    return any(_follow(suite, first, last) for suite in _suites(tree))


def _is_in_chain(first: ast.Call, last: ast.Call) -> bool:
    node: ast.expr = last
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and _ends(node) == _ends(first):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _ends(node: ast.AST) -> tuple[object, object]:
    return (getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None))


def _suites(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            suite = getattr(node, name, None)
            if isinstance(suite, list):
                yield suite


def _follow(suite: list[ast.stmt], first: ast.Call, last: ast.Call) -> bool:
    """Are the calls in chains on one variable, with nothing between but such chains?"""
    at = [next((n for n, s in enumerate(suite) if _holds(s, call)), None) for call in (first, last)]
    start, end = at
    if start is None or end is None or start >= end:
        return False
    between = suite[start : end + 1]
    names = {_variable(each) for each in between}
    return len(names) == 1 and None not in names and not any(map(_is_seen, between))


def _is_seen(node: ast.AST) -> bool:
    return any(isinstance(e, ast.Attribute) and e.attr in _SEEING for e in ast.walk(node))


def _holds(statement: ast.stmt, call: ast.Call) -> bool:
    """Is a statement a chain that the call is a link of?"""
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    return isinstance(value, ast.Call) and _is_in_chain(call, value)


def _variable(statement: ast.stmt) -> str | None:
    """Return the variable that a chain is assigned to, or called on."""
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    node: ast.AST | None = value
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(statement, ast.Assign):
        [target, *others] = statement.targets
        return target.id if isinstance(target, ast.Name) and not others else None
    return node.id if isinstance(node, ast.Name) else None
