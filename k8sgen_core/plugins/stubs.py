"""
Stubs of plugin files: what type checkers and editors cannot see in a plugin by themselves.

A name that is a setter and a value is a number or a text to them. In a stub it is the
setter. Files are read, never run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from k8sgen_core.plugins.attributes import assigned_to_self, type_of
from k8sgen_core.plugins.classes import Classes, Function, functions_of, statements

HEADER = "# Made by 'k8sgen stubs'. It is written anew: do not edit it."
_KEPT = frozenset(
    (
        *("property", "cached_property", "setter", "staticmethod", "classmethod"),
        *("abstractmethod", "overload", "override", "final"),
    )
)
# A variable of these is a name that annotations use, or that import statements do.
_VERBATIM = frozenset(("__all__",))


def stub_of(text: str, others: Iterable[ast.Module] = ()) -> str:
    """
    Return the stub of a plugin file.

    Args:
        text: The file.
        others: The other plugin files, whose classes it may inherit from.

    Raises:
        SyntaxError: if the text is not valid.
    """
    tree = ast.parse(text)
    classes = Classes(tree, others)
    body = list(statements(tree.body))
    own = {node.name for node in body if isinstance(node, ast.ClassDef | Function)}
    lines = [HEADER, "from typing import Any, Self"]
    for node in body:
        lines += _imported(node, own)
    verbatim = _VERBATIM | set(_names_of_types(tree))
    known: set[str] = set()
    for node in body:
        if isinstance(node, ast.ClassDef):
            lines += ["", *_class(node, classes)]
        elif isinstance(node, Function):
            lines += ["", _function(node, {}, "Any", is_method=False)]
        else:
            lines += _variables(node, own, verbatim, known)
    return "\n".join(lines) + "\n"


def _names_of_types(tree: ast.Module) -> Iterator[str]:
    """Yield the names that annotations and classes are made of: what they are is a type."""
    for node in ast.walk(tree):
        notes = (
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
            *(getattr(node, "bases", ())),
        )
        for note in filter(None, notes):
            yield from (each.id for each in ast.walk(_quoted(note)) if isinstance(each, ast.Name))


def _quoted(note: ast.expr) -> ast.AST:
    """Return an annotation, also if it is written as a text."""
    if not isinstance(note, ast.Constant) or not isinstance(note.value, str):
        return note
    try:
        return ast.parse(note.value, mode="eval")
    except SyntaxError:
        return note


def _imported(node: ast.stmt, own: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = {alias.asname or alias.name for alias in node.names}
        if not names & own and getattr(node, "module", "") != "__future__":
            yield ast.unparse(node)


def _variables(
    node: ast.stmt, own: set[str], verbatim: set[str] | frozenset[str], known: set[str]
) -> Iterator[str]:
    if type(node).__name__ == "TypeAlias":
        yield ast.unparse(node)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield f"{node.target.id}: {ast.unparse(node.annotation)}"
    elif isinstance(node, ast.Assign):
        names = [each.id for target in node.targets for each in _named(target)]
        is_one = len(names) == 1 and isinstance(node.targets[0], ast.Name)
        for name in names:
            if name in known or name in own:
                continue
            known.add(name)
            is_kept = is_one and name in verbatim
            kind = _made(node.value, own) if is_one else "Any"
            yield ast.unparse(node) if is_kept else f"{name}: {kind}"


def _named(target: ast.expr) -> Iterator[ast.Name]:
    """Yield the names that an assignment gives a value."""
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Tuple | ast.List | ast.Starred):
        for each in getattr(target, "elts", None) or [getattr(target, "value", target)]:
            yield from _named(each)


def _made(value: ast.expr, own: set[str]) -> str:
    """Return the class of which a chain of calls makes an object, as far as it is told here."""
    start = value
    while isinstance(start, ast.Call):
        start = start.func.value if isinstance(start.func, ast.Attribute) else start.func
    called = isinstance(value, ast.Call) and isinstance(start, ast.Name) and start.id in own
    return ast.unparse(start) if called else type_of(value)


def _class(node: ast.ClassDef, classes: Classes) -> Iterator[str]:
    parts = (*node.bases, *node.keywords)
    bases = f"({', '.join(map(ast.unparse, parts))})" if parts else ""
    yield from (f"@{ast.unparse(each)}" for each in node.decorator_list)
    yield f"class {node.name}{bases}:"
    yield from _indented(_documentation(node))
    is_a_plugin, is_enum = classes.is_plugin(node), any("Enum" in b for b in classes.bases(node))
    stored = assigned_to_self(node)
    functions = functions_of(node)
    names = {each.name for each in functions} | classes.inherited(node)
    for each in statements(node.body):
        if isinstance(each, ast.AnnAssign | ast.Assign):
            yield from _indented(ast.unparse(each) if is_enum else _attribute(each, names))
        elif isinstance(each, ast.ClassDef):
            yield from _indented("\n".join(_class(each, classes)))
    for name, kind in stored.items():
        if name not in names and not name.startswith("__"):
            yield f"    {name}: {kind}"
    for function in functions:
        is_static = "staticmethod" in _decorators(function)
        returns = "Self" if _is_fluent(function, is_a_plugin) else "Any"
        yield from _indented(_function(function, stored, returns, is_method=not is_static))
    yield "    ..."


def _attribute(node: ast.AnnAssign | ast.Assign, names: set[str]) -> str:
    """Return the attributes of a class; what is the name of a setter stays the setter's."""
    if isinstance(node, ast.AnnAssign):
        default = "" if node.value is None else " = ..."
        kept = _fresh(ast.unparse(node.target), names)
        return f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}{default}" * kept
    found = [each.id for target in node.targets for each in _named(target)]
    is_one = isinstance(node.targets[0], ast.Name)
    kind = type_of(node.value) if is_one else "Any"
    return "\n".join(f"{name}: {kind}" for name in found if _fresh(name, names))


def _fresh(name: str, names: set[str]) -> bool:
    if name in names or name == "aliases":
        return False
    names.add(name)
    return True


def _indented(text: str) -> Iterator[str]:
    return (f"    {line}" if line else "" for line in text.splitlines())


def _documentation(node: ast.ClassDef | Function) -> str:
    found = ast.get_docstring(node)
    return "" if found is None else repr(found)


def _decorators(node: Function) -> list[str]:
    return [ast.unparse(each).rpartition(".")[2] for each in node.decorator_list]


def _is_fluent(node: Function, is_a_plugin: bool) -> bool:
    """Does a method give the object it is called on? A plugin's setter may leave it out."""
    if node.name.startswith(("_", "generate_")) or "property" in " ".join(_decorators(node)):
        return False
    values = list(_returned(node))
    if not values:
        return is_a_plugin
    start = "cls" if "classmethod" in _decorators(node) else "self"
    return all(_start(value) in (start, "super") for value in values)


def _returned(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a function returns, and not what functions in it do."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.Return) and each.value is not None:
            yield each.value
        elif not isinstance(each, Function | ast.Lambda | ast.ClassDef):
            yield from _returned(each)


def _start(value: ast.expr) -> str:
    while isinstance(value, ast.Call):
        value = value.func.value if isinstance(value.func, ast.Attribute) else value.func
    return value.id if isinstance(value, ast.Name) else ""


def _function(node: Function, stored: dict[str, str], returns: str, *, is_method: bool) -> str:
    names = [ast.unparse(each) for each in node.decorator_list]
    kept = [f"@{name}\n" for name in names if name.rpartition(".")[2] in _KEPT]
    given = "None" if node.name == "__init__" else returns
    arrow = ast.unparse(node.returns) if node.returns else given
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
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
            kind = type_of(value) if kind == "Any" and value is not None else kind
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
