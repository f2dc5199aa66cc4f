"""
Stubs of plugin files: what type checkers and editors cannot see in a plugin by themselves.

A name that is a setter and a value is a number or a text to them. In a stub it is the
setter. Files are read, never run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeAlias

HEADER = "# Made by 'k8sgen stubs'. It is written anew: do not edit it."
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_KEPT = ("property", "staticmethod", "classmethod", "abstractmethod", "setter", "overload")


def stub_of(text: str) -> str:
    """Return the stub of a plugin file; raises ``SyntaxError`` if it is not valid."""
    tree = ast.parse(text)
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef | Function)}
    lines = [HEADER, "from typing import Any, Self"]
    plugins: set[str] = set()
    for node in tree.body:
        lines += _imported(node, own)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            if is_plugin(node, plugins):
                plugins.add(node.name)
            lines += ["", *_class(node, is_a_plugin=node.name in plugins)]
        elif isinstance(node, Function):
            lines += ["", _function(node, {}, "Any")]
        else:
            lines += _variables(node, own)
    return "\n".join(lines) + "\n"


def is_plugin(node: ast.ClassDef, known: Iterable[str]) -> bool:
    """Is a class derived from ``Plugin``, or from a class that is?"""
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    return any(base == "Plugin" or base in known for base in bases)


def classes_in(text: str) -> list[ast.ClassDef]:
    """Return the plugins that a file defines; none if it is not valid."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    found: list[ast.ClassDef] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and is_plugin(node, [each.name for each in found]):
            found.append(node)
    return found


def aliases_of(node: ast.ClassDef) -> list[str]:
    """Return the names that a plugin gives itself."""
    assigned = (each for each in node.body if isinstance(each, ast.Assign))
    values = (each.value for each in assigned if ast.unparse(each.targets[0]) == "aliases")
    parts = (inner for value in values for inner in ast.walk(value))
    return [
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def _imported(node: ast.stmt, own: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = {alias.asname or alias.name for alias in node.names}
        if not names & own and getattr(node, "module", "") != "__future__":
            yield ast.unparse(node)


def _variables(node: ast.stmt, own: set[str]) -> Iterator[str]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield f"{node.target.id}: {ast.unparse(node.annotation)}"
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield f"{target.id}: {_made(node.value, own)}"


def _made(value: ast.expr, own: set[str]) -> str:
    """Return the class of which a chain of calls makes an object, as far as it is told here."""
    start = value
    while isinstance(start, ast.Call):
        start = start.func.value if isinstance(start.func, ast.Attribute) else start.func
    called = isinstance(value, ast.Call) and isinstance(start, ast.Name) and start.id in own
    return ast.unparse(start) if called else _type_of(value)


def _class(node: ast.ClassDef, *, is_a_plugin: bool) -> Iterator[str]:
    parts = (*node.bases, *node.keywords)
    bases = f"({', '.join(map(ast.unparse, parts))})" if parts else ""
    yield from (f"@{ast.unparse(each)}" for each in node.decorator_list)
    yield f"class {node.name}{bases}:"
    yield from _indented(_documentation(node))
    stored = _stored(node)
    functions = [each for each in node.body if isinstance(each, Function)]
    names = {each.name for each in functions}
    for each in node.body:
        if isinstance(each, ast.AnnAssign | ast.Assign):
            yield from _indented(_attribute(each))
            names.update(ast.unparse(target) for target in getattr(each, "targets", ()))
            names.add(ast.unparse(getattr(each, "target", ast.Name(""))))
    for name, kind in stored.items():
        if name not in names and not name.startswith("__"):
            yield f"    {name}: {kind}"
    for function in functions:
        returns = "Self" if _is_fluent(function, is_a_plugin) else "Any"
        yield from _indented(_function(function, stored, returns))
    yield "    ..."


def _attribute(node: ast.AnnAssign | ast.Assign) -> str:
    if isinstance(node, ast.AnnAssign):
        default = "" if node.value is None else " = ..."
        return f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}{default}"
    return "\n".join(f"{ast.unparse(each)}: {_type_of(node.value)}" for each in node.targets)


def _indented(text: str) -> Iterator[str]:
    return (f"    {line}" if line else "" for line in text.splitlines())


def _documentation(node: ast.ClassDef | Function) -> str:
    found = ast.get_docstring(node)
    return "" if found is None else repr(found)


def _stored(node: ast.ClassDef) -> dict[str, str]:
    """Return the attributes that methods assign, with their types as far as they are plain."""
    found: dict[str, str] = {}
    for each in ast.walk(node):
        targets = each.targets if isinstance(each, ast.Assign) else ()
        for target in targets:
            if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
                kind = _type_of(each.value)  # type: ignore[attr-defined]
                if found.get(target.attr, "Any") == "Any":
                    found[target.attr] = kind
    return found


def _type_of(value: ast.expr | None) -> str:
    if isinstance(value, ast.Constant) and value.value is not None:
        return type(value.value).__name__
    if isinstance(value, ast.List | ast.ListComp):
        return "list[Any]"
    if isinstance(value, ast.Dict | ast.DictComp):
        return "dict[Any, Any]"
    return "str" if isinstance(value, ast.JoinedStr) else "Any"


def _is_fluent(node: Function, is_a_plugin: bool) -> bool:
    """Does a method give the object it is called on? A plugin's setter may leave it out."""
    if node.name.startswith(("_", "generate_")):
        return False
    values = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value]
    if not values:
        return is_a_plugin
    return all(_start(value) in ("self", "super") for value in values)


def _start(value: ast.expr) -> str:
    while isinstance(value, ast.Call):
        value = value.func.value if isinstance(value.func, ast.Attribute) else value.func
    return value.id if isinstance(value, ast.Name) else ""


def _function(node: Function, stored: dict[str, str], returns: str) -> str:
    names = [ast.unparse(each) for each in node.decorator_list]
    kept = [f"@{name}\n" for name in names if name.rpartition(".")[2] in _KEPT]
    given = "None" if node.name == "__init__" else returns
    arrow = ast.unparse(node.returns) if node.returns else given
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    is_method = bool(stored) or "self" in [each.arg for each in node.args.args[:1]]
    head = f"{word} {node.name}({_parameters(node, stored, is_method)}) -> {arrow}:"
    return f"{''.join(kept)}{head}\n    {_documentation(node) or '...'}"


def _parameters(node: Function, stored: dict[str, str], is_method: bool) -> str:
    arguments = node.args
    kinds = _assigned_from(node, stored)
    defaults = [*arguments.posonlyargs, *arguments.args][::-1]
    given = dict(zip((each.arg for each in defaults), arguments.defaults[::-1], strict=False))
    named = {
        each.arg: value
        for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if value is not None
    }
    values = {**given, **named}
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for number, each in enumerate(every):
        value = values.get(each.arg)
        if each.annotation is None and not (number == 0 and is_method):
            kind = kinds.get(each.arg, "Any")
            kind = _type_of(value) if kind == "Any" and value is not None else kind
            each.annotation = ast.parse(kind, mode="eval").body
    for rest in filter(None, (arguments.vararg, arguments.kwarg)):
        rest.annotation = rest.annotation or ast.Name("Any")
    arguments.defaults = [ast.Constant(...) for _ in arguments.defaults]
    arguments.kw_defaults = [value and ast.Constant(...) for value in arguments.kw_defaults]
    return ast.unparse(arguments)


def _assigned_from(node: Function, stored: dict[str, str]) -> dict[str, str]:
    """Return the types of parameters that become attributes whose types are known."""
    found = {"name": "str"} if node.name == "__init__" else {}
    for each in ast.walk(node):
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Name):
            for target in each.targets:
                if isinstance(target, ast.Attribute):
                    found.setdefault(each.value.id, stored.get(target.attr, "Any"))
    return found
