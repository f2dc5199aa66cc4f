"""What the methods of a class assign to their object, and of which types that is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from k8sgen_core.plugins.classes import functions_of


def assigned_to_self(node: ast.ClassDef) -> dict[str, str]:
    """Return the attributes that methods assign, with their types as far as they are plain."""
    found: dict[str, str] = {}
    for function in functions_of(node):
        arguments = [*function.args.posonlyargs, *function.args.args]
        if not arguments:
            continue
        for each in ast.walk(function):
            for name, kind in _assigned(each, arguments[0].arg):
                if found.get(name, "Any") == "Any":
                    found[name] = kind
    return found


def _assigned(node: ast.AST, receiver: str) -> Iterator[tuple[str, str]]:
    """Yield what one statement assigns to attributes of the receiver."""
    if isinstance(node, ast.AnnAssign):
        for name in _attributes(node.target, receiver):
            yield name, ast.unparse(node.annotation)
    elif isinstance(node, ast.AugAssign):
        for name in _attributes(node.target, receiver):
            yield name, "Any"
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            is_one = isinstance(target, ast.Attribute)
            for name in _attributes(target, receiver):
                yield name, type_of(node.value) if is_one else "Any"


def _attributes(target: ast.expr, receiver: str) -> Iterator[str]:
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        if target.value.id == receiver:
            yield target.attr
    elif isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _attributes(each, receiver)
    elif isinstance(target, ast.Starred):
        yield from _attributes(target.value, receiver)


def type_of(value: ast.expr | None) -> str:
    """Return the type of a literal, else ``Any``."""
    if isinstance(value, ast.Constant) and value.value is not None:
        return "Any" if value.value is ... else type(value.value).__name__
    if isinstance(value, ast.List | ast.ListComp):
        return "list[Any]"
    if isinstance(value, ast.Dict | ast.DictComp):
        return "dict[Any, Any]"
    if isinstance(value, ast.Set | ast.SetComp):
        return "set[Any]"
    return "str" if isinstance(value, ast.JoinedStr) else "Any"
