"""What a function gives, by its annotation, else by its statements."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from k8sgen_lsp.static.walking import FunctionNode, own

_LONGEST = 400


def returned(node: FunctionNode) -> str:
    """
    Return the annotation, ``Self``, or behind an equals sign the expression that is returned.

    A generator gives a list of what it yields; a function that gives nothing says nothing.
    """
    if node.returns:
        return _annotated(node, node.returns)
    yielded = [each.value for each in own(node) if isinstance(each, ast.Yield) and each.value]
    values = [each for each in _values(node) if not _is_none(each)]
    receiver = node.args.args[0].arg if node.args.args else ""
    if yielded:
        return remembered(ast.List([_resolved(node, yielded[0])], ast.Load()))
    if any(isinstance(each, ast.Name) and each.id == receiver for each in values):
        # What is a getter without an argument and a setter with one is used as a setter.
        return "Self"
    return remembered(_resolved(node, values[0])) if values else ""


def is_silent(node: FunctionNode) -> bool:
    """Does a function return nothing at all?"""
    return not any(_values(node)) and not any(isinstance(each, ast.Yield) for each in own(node))


def _annotated(node: FunctionNode, annotation: ast.expr) -> str:
    first = node.args.args[0].annotation if node.args.args else None
    text = ast.unparse(annotation).strip("'\"")
    # ``def image(self: T, ...) -> T`` is how one said Self before there was Self.
    if first is not None and ast.unparse(first).strip("'\"") == text:
        return "Self"
    return text


def remembered(node: ast.expr) -> str:
    """
    Return an expression as it is kept; what is too long for that says nothing.

    Texts in it are left out: none is needed to tell what it gives, and one may be a secret.
    """
    text = ast.unparse(ast.fix_missing_locations(_Silenced().visit(copy.deepcopy(node))))
    return f"={text}" if len(text) <= _LONGEST else "="


class _Silenced(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str | bytes) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
        return ast.Constant("")


def _resolved(node: FunctionNode, value: ast.expr, depth: int = 4) -> ast.expr:
    """Return an expression with the variables of the function replaced by what they are."""
    assigned = _assigned(node)
    receiver = node.args.args[0].arg if node.args.args else "self"
    if receiver not in ("self", "cls"):
        assigned[receiver] = ast.Name("self", ast.Load())

    class Resolving(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            meant = assigned.get(name.id)
            if meant is None or not depth:
                return name
            return _resolved(node, meant, depth - 1)

    found: ast.expr = Resolving().visit(copy.deepcopy(value))
    return found


def _assigned(node: FunctionNode) -> dict[str, ast.expr]:
    """Return the variables that are bound once, each with what it is bound to."""
    found: dict[str, list[ast.expr]] = {}
    for each in own(node):
        if isinstance(each, ast.Assign | ast.NamedExpr):
            for target in each.targets if isinstance(each, ast.Assign) else [each.target]:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(each.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _values(node: FunctionNode) -> Iterator[ast.expr]:
    for each in own(node):
        if isinstance(each, ast.Return) and each.value is not None:
            yield each.value


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
