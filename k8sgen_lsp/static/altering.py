"""Whether classes have more than their text says: what changes them, and what changes objects."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from k8sgen_lsp.static.walking import FunctionNode, held

# These add nothing that could be called by a name of its own.
_PLAIN_DECORATORS = frozenset(("dataclass", "final", "runtime_checkable", "total_ordering"))
_PLAIN_METACLASSES = frozenset(("ABCMeta", "type"))
_SETTING = frozenset(("setattr", "__setattr__"))
_CHANGING = frozenset(("update", "setdefault", "__setitem__"))
_CHANGES = frozenset((ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Call, ast.For))
_WHOLE = frozenset(("__class__", "__dict__"))


def is_altered(node: ast.ClassDef) -> bool:
    """Do its decorators, its metaclass or its statements give a class what no ``def`` says?"""
    is_plain = (
        all(_named(each) in _PLAIN_DECORATORS for each in node.decorator_list)
        and all(
            each.arg == "metaclass" and _named(each.value) in _PLAIN_METACLASSES
            for each in node.keywords
        )
        and all(map(_is_plain, node.body))
    )
    return not is_plain


def _is_plain(node: ast.stmt) -> bool:
    """Is it a statement of which everybody sees what it binds?"""
    if isinstance(node, FunctionNode):
        # This one changes the classes that are derived.
        return node.name != "__init_subclass__"
    if isinstance(node, ast.Assign):
        return all(isinstance(each, ast.Name) for each in node.targets)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.AnnAssign | ast.Pass | ast.ClassDef)


def binds_computed_names(functions: Iterable[FunctionNode]) -> bool:
    """Do methods give their object attributes whose names nobody reads in the text?"""
    return any(
        _binds_computed(node, receiver_of(function))
        for function in functions
        for node in held(function)
        if type(node) in _CHANGES
    )


def _binds_computed(node: ast.AST, receiver: str) -> bool:
    if isinstance(node, ast.Call):
        if _named(node) in _SETTING:
            is_written = any(isinstance(each, ast.Constant) for each in node.args[:2])
            return not is_written and any(_is(each, receiver) for each in node.args[:1])
        function = node.func
        return (
            isinstance(function, ast.Attribute)
            and function.attr in _CHANGING
            and _is_space(function.value, receiver)
        )
    return any(
        (isinstance(each, ast.Subscript) and _is_space(each.value, receiver))
        or (isinstance(each, ast.Attribute) and each.attr in _WHOLE and _is(each.value, receiver))
        for each in _targets(node)
    )


def _is_space(node: ast.expr, receiver: str) -> bool:
    """Is it the mapping of what an object has?"""
    if isinstance(node, ast.Call):
        return _named(node) == "vars" and any(_is(each, receiver) for each in node.args)
    return isinstance(node, ast.Attribute) and node.attr == "__dict__" and _is(node.value, receiver)


def altered(body: Iterable[ast.stmt], classes: Collection[str]) -> set[str]:
    """Return those classes of a module that its statements may change or bind anew."""
    found: set[str] = set()
    if not classes:
        return found
    # What a loop goes over may be any of them.
    unclear = {"cls"}
    for node, receiver in _held_by(body):
        if isinstance(node, ast.For):
            unclear.update(each.id for each in ast.walk(node.target) if isinstance(each, ast.Name))
        for owner in _changed(node):
            if owner is None or owner in unclear:
                return {*classes}
            if owner in classes:
                found.add(owner)
            elif owner != receiver and isinstance(node, ast.Call):
                return {*classes}
    return found | _rebound(body, classes)


def _rebound(body: Iterable[ast.stmt], classes: Collection[str]) -> set[str]:
    bound = Counter(
        name
        for node in body
        for name in (
            [node.name]
            if isinstance(node, ast.ClassDef | FunctionNode)
            else [each.id for each in _targets(node) if isinstance(each, ast.Name)]
        )
    )
    return {name for name in classes if bound[name] > 1}


def _held_by(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.AST, str]]:
    """Yield what may change something, each with the name of the object whose method it is in."""
    for node in body:
        if isinstance(node, FunctionNode):
            yield from ((each, "") for each in held(node) if type(each) in _CHANGES)
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, FunctionNode):
                    receiver = receiver_of(each)
                    yield from ((n, receiver) for n in held(each) if type(n) in _CHANGES)
        else:
            yield from ((each, "") for each in ast.walk(node) if type(each) in _CHANGES)


def _changed(node: ast.AST) -> Iterator[str | None]:
    """Yield the names of what a node gives attributes, ``None`` for what may be anything."""
    if isinstance(node, ast.Call):
        called = _named(node)
        if called == "exec":
            yield None
        elif called in _SETTING and len(node.args) > 2:
            # Called on ``super()``, it is not told what is changed.
            yield node.args[0].id if isinstance(node.args[0], ast.Name) else None
        return
    for each in _targets(node):
        if isinstance(each, ast.Attribute):
            owner = each.value
            if isinstance(owner, ast.Name):
                yield owner.id
            elif isinstance(owner, ast.Call) and _named(owner) == "type":
                yield None


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else []


def _named(node: ast.expr) -> str:
    """Return the last name of what is called, or of a dotted name."""
    node = node.func if isinstance(node, ast.Call) else node
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def receiver_of(function: FunctionNode) -> str:
    """Return what a method calls its object."""
    return function.args.args[0].arg if function.args.args else ""
