"""What examines the argument of a call, and the values it may have, as far as its source says."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from k8sgen_lsp.static.described import Module
from k8sgen_lsp.static.walking import FunctionNode, held

Examined: TypeAlias = tuple[str, tuple[str, ...]]
_CHECKERS = ("checked", "optional")
_TRUTHS = ("bool", "bool | None", "Optional[bool]")
_CHOOSING = "one_of"


class Checks:
    """
    The examinations of a class.

    They are read from its own code, so that nothing has to be said twice: ``checked(parse,
    argument)`` and ``argument not in ("a", "b")`` both tell what a value must be. What a
    private method examines counts for the parameters of the same name of those that call it.
    """

    def __init__(self, module: Module, functions: Iterable[FunctionNode]) -> None:
        self.module = module
        self._of: dict[str, dict[str, Examined]] = {}
        private = [each for each in functions if each.name.startswith("_")]
        self._private = {each.name: dict(self._examined(each)) for each in private}

    def of(self, node: FunctionNode, parameter: ast.arg) -> Examined:
        """Return what examines a parameter, and the values it may have."""
        note = parameter.annotation
        is_truth = note is not None and ast.unparse(note) in _TRUTHS
        choices = ("True", "False") if is_truth else self._noted(note)
        if choices:
            return "", choices
        if node.name not in self._of:
            found = dict(self._examined(node))
            for name in _called(node):
                found = {**self._private.get(name, {}), **found}
            self._of[node.name] = found
        return self._of[node.name].get(parameter.arg, ("", ()))

    def _noted(self, annotation: ast.expr | None, depth: int = 0) -> tuple[str, ...]:
        """Return the values that an annotation lists."""
        if isinstance(annotation, ast.BinOp):
            return (*self._noted(annotation.left, depth), *self._noted(annotation.right, depth))
        if isinstance(annotation, ast.Subscript):
            name = ast.unparse(annotation.value).rpartition(".")[2]
            if name == "Literal":
                inner = annotation.slice
                listed = inner if isinstance(inner, ast.Tuple) else ast.Tuple([inner])
                return constants(listed)
            return self._noted(annotation.slice, depth) if name == "Optional" else ()
        if isinstance(annotation, ast.Name) and not depth:
            value = self.module.variables.get(annotation.id, "")
            meant = _parsed(value.removeprefix("=")) if value.startswith("=") else None
            return self._noted(meant, depth + 1)
        return ()

    def _examined(self, node: FunctionNode) -> Iterator[tuple[str, Examined]]:
        for each in held(node):
            if isinstance(each, ast.Compare) and isinstance(each.ops[0], ast.In | ast.NotIn):
                choices = self._listed(each.comparators[0])
                if isinstance(each.left, ast.Name) and choices:
                    yield each.left.id, ("", choices)
            elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                yield from self._checked(each)

    def _checked(self, call: ast.Call) -> Iterator[tuple[str, Examined]]:
        if ast.unparse(call.func) not in _CHECKERS or len(call.args) < 2:
            return
        check, value, *context = call.args
        if not isinstance(value, ast.Name):
            return
        name = ast.unparse(check)
        if name == _CHOOSING:
            yield value.id, ("", self._listed(context[0]) if context else ())
        else:
            yield value.id, (name, ())

    def _listed(self, node: ast.expr) -> tuple[str, ...]:
        if isinstance(node, ast.Name):
            return self.module.constants.get(node.id, ())
        return constants(node)


def constants(node: ast.expr) -> tuple[str, ...]:
    """Return the values of a display of literals, as source text; of anything else nothing."""
    elements: list[ast.expr | None] = []
    if isinstance(node, ast.Dict):
        elements = list(node.keys)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        elements = list(node.elts)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("frozenset", "set"):
        return constants(node.args[0]) if node.args else ()
    if not all(isinstance(each, ast.Constant) for each in elements):
        return ()
    return tuple(quoted(each.value) for each in elements if isinstance(each, ast.Constant))


def quoted(value: object) -> str:
    """Return a value as source text, a text in the quotes that formatters prefer."""
    text = repr(value)
    return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text


def _called(node: FunctionNode) -> Iterator[str]:
    for each in held(node):
        called = each.func if isinstance(each, ast.Call) else None
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            yield called.attr


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
