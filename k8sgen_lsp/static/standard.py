"""What functions of Python's own give, of those that hand on what they are given."""

from __future__ import annotations

import ast

from k8sgen_lsp.static.annotations import promised
from k8sgen_lsp.static.expressions import Reading, Scope
from k8sgen_lsp.static.meanings import ClassItself, Instance, Keyed, Meaning, Parts, Several

_SAME = ("copy.copy", "copy.deepcopy", "copy", "deepcopy", "replace", "dataclasses.replace", "dict")
_LISTING = ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "filter")
_TAKING = ("next", "anext", "min", "max")


def given_by_python(reading: Reading, name: str, call: ast.Call, scope: Scope) -> Meaning:
    """Return what a call gives of a function that no module of the project defines."""
    if name == "dict" and call.keywords:
        values = (reading.expression(each.value, scope) for each in call.keywords)
        return Keyed(reading.joined(values))
    if not call.args:
        return None
    if name in ("cast", "typing.cast"):
        return promised(reading, call.args[0], scope)
    given = [reading.expression(each, scope) for each in call.args]
    if name in _LISTING:
        return Several(reading.element(given[-1]))
    if name in ("enumerate", "zip"):
        parts = tuple(map(reading.element, given))
        return Several(Parts((None, parts[0]) if name == "enumerate" else parts))
    return _of_one(reading, name, given[0])


def _of_one(reading: Reading, name: str, given: Meaning) -> Meaning:
    if name in _SAME:
        return given
    if name in _TAKING:
        return reading.element(given)
    return ClassItself(given.found) if name == "type" and isinstance(given, Instance) else None
