"""Which builder a chain of calls is made on, as far as the text of its file says."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from k8sgen_core.builders import NAMES, module_of

if TYPE_CHECKING:
    from k8sgen_core.fixes.chains import Source

_PUBLIC = "k8s_gen"
_DEPTH = 8
# What a plugin says is said of all that it makes.
_PASSED_ON = frozenset(("annotations", "labels"))


class Receiver(NamedTuple):
    """The builders of ours that something may be; it is none of them if it is a user's own."""

    builders: frozenset[str]
    is_sure: bool

    def having(self, *methods: str) -> Receiver:
        """Return those of the builders that have some methods."""
        left = {name for name in self.builders if _methods(name).issuperset(methods)}
        if not self.builders and _PASSED_ON.issuperset(methods):
            left = set(NAMES)
        return Receiver(frozenset(left), self.is_sure)


ANY = Receiver(frozenset(NAMES), is_sure=False)
NONE = Receiver(frozenset(), is_sure=True)


@cache
def _methods(name: str) -> frozenset[str]:
    return frozenset(dir(getattr(importlib.import_module(module_of(name)), name)))


def receiver_of(source: Source, call: ast.Call) -> Receiver:
    """
    Return what a call is made on, or what it makes.

    What a function is given, or gives, may be any builder that has the methods called on it.
    """
    called: list[str] = []
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if _is_public(source, node.func):
            break
        called.append(node.func.attr)
        node = node.func.value
    found = _of(source, node, _DEPTH)
    return found if found.is_sure else found.having(*called)


def _of(source: Source, node: ast.expr, depth: int) -> Receiver:
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if _is_public(source, node.func):
            return _class(node.func.attr)
        node = node.func.value
    if depth == 0:
        return ANY
    if isinstance(node, ast.Call):
        return _made(source, node.func, depth)
    return _valued(source, node.id, depth) if isinstance(node, ast.Name) else ANY


def _is_public(source: Source, node: ast.Attribute) -> bool:
    """Is it a name of the package, as in ``k8s_gen.App``?"""
    bound = source.bound(node.value.id) if isinstance(node.value, ast.Name) else ()
    return any(isinstance(each, ast.alias) and each.name == _PUBLIC for each in bound)


def _made(source: Source, function: ast.expr, depth: int) -> Receiver:
    """Return what the call of a class, or of a function, gives."""
    if not isinstance(function, ast.Name):
        return ANY
    bound = source.bound(function.id)
    if not bound:
        return _class(function.id)
    return _agreed([_of_callable(source, each, depth - 1) for each in bound])


def _of_callable(source: Source, node: ast.AST, depth: int) -> Receiver:
    if isinstance(node, ast.alias):
        imported = source.parent_of(node)
        is_ours = isinstance(imported, ast.ImportFrom) and imported.module == _PUBLIC
        return _class(node.name) if is_ours else NONE
    if isinstance(node, ast.ClassDef):
        bases = [_made(source, each, depth) for each in node.bases if depth]
        return next((each for each in bases if each.builders and each.is_sure), NONE)
    return ANY


def _class(name: str) -> Receiver:
    return Receiver(frozenset((name,)), is_sure=True) if name in NAMES else NONE


def _valued(source: Source, name: str, depth: int) -> Receiver:
    """Return what a variable or a parameter has."""
    return _agreed([_of_value(source, each, depth - 1) for each in source.bound(name)])


def _of_value(source: Source, node: ast.AST, depth: int) -> Receiver:
    if isinstance(node, ast.arg):
        annotated = node.annotation
        return ANY if annotated is None else _made(source, annotated, depth)
    return _of(source, node, depth) if isinstance(node, ast.expr) else ANY


def _agreed(found: Sequence[Receiver]) -> Receiver:
    first, *others = found or (ANY,)
    return first if all(each == first for each in others) else ANY
