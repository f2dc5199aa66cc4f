"""A stub of ``k8s_gen`` in which builders have the methods that a project's plugins bring."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import Any, NamedTuple

from k8sgen_core.plugins.classes import aliases_of, plugins_in
from k8sgen_core.plugins.naming import names_of
from k8sgen_core.plugins.stubs import HEADER


class Known(NamedTuple):
    """A plugin as its file describes it: where it can be imported from, and its names."""

    module: str
    name: str
    aliases: Sequence[str]

    @property
    def inner(self) -> str:
        """What the stub calls the class: two plugins, or a builder, may share its name."""
        return f"_{self.module.replace('.', '_')}_{self.name}"


def known_in(
    tree: ast.Module, others: Sequence[ast.Module], module: str, source: str
) -> list[Known]:
    """Return the plugins of a file; one that has a name of its own in its package has that too."""
    found = plugins_in(tree, others)
    every = [Known(module, each.name, aliases_of(each)) for each in found]
    named = any(source in names_of(each.name, each.aliases) for each in every)
    if every and not named:
        every[0] = every[0]._replace(aliases=[*every[0].aliases, source])
    return every


def stub_of_package(plugins: Sequence[Known]) -> str:
    """Return the stub of ``k8s_gen`` for a project with these plugins."""
    package = importlib.import_module("k8s_gen")
    found = {name: getattr(package, name) for name in package.__all__}
    holders = {name: kind for name, kind in found.items() if _holds(kind)}
    imports: dict[str, str] = {}
    bodies = [_class(name, kind, plugins, imports) for name, kind in holders.items()]
    others = [
        f"from {kind.__module__} import {name} as {name}"
        for name, kind in found.items()
        if name not in holders and isinstance(kind, type)
    ]
    own = [f"from {each.module} import {each.name} as {each.inner}" for each in plugins]
    needed = [
        f"from {module} import {name}"
        for name, module in sorted(imports.items())
        if name not in found
    ]
    return "\n".join([HEADER, *needed, *others, *own, "", "__version__: str", "", *bodies])


def _holds(kind: Any) -> bool:
    """Can other resources be added to it?"""
    return isinstance(kind, type) and bool({"holds", "members"} & set(getattr(kind, "_holds", ())))


def _class(name: str, kind: type, plugins: Sequence[Known], imports: dict[str, str]) -> str:
    imports[f"{name} as _{name}"] = kind.__module__
    lines = [f"class {name}(_{name}):"]
    if kind.__doc__:
        lines.append(f"    {inspect.cleandoc(kind.__doc__)!r}")
    for member, function in inspect.getmembers(kind, inspect.isfunction):
        if not member.startswith("_"):
            lines += _method(member, inspect.unwrap(function), imports)
    lines += _derived(kind, plugins, imports)
    return "\n".join([*lines, ""])


def _derived(kind: type, plugins: Sequence[Known], imports: dict[str, str]) -> Iterator[str]:
    imports["Self"] = "typing"
    taken: dict[str, list[Known]] = {}
    for plugin in plugins:
        for name in names_of(plugin.name, plugin.aliases):
            # A builder's own method stays what it is.
            if not hasattr(kind, f"add_{name}"):
                taken.setdefault(name, []).append(plugin)
    for name, kinds in taken.items():
        taken_by = " | ".join(each.inner for each in kinds)
        yield f"    def add_{name}(self, plugin: {taken_by}) -> Self:"
        yield f"        {f'Keep a {kinds[0].name} with this one: it is generated with it.'!r}"


def _method(name: str, function: FunctionType, imports: dict[str, str]) -> Iterator[str]:
    signature = inspect.signature(function)
    notes = [each.annotation for each in signature.parameters.values()]
    for note in (*notes, signature.return_annotation):
        if note is not signature.empty:
            _import(note, function, imports)
    parameters = [
        each.replace(
            default=each.default if each.default is each.empty else _Text("..."),
            annotation=_shown(each.annotation),
        )
        for each in signature.parameters.values()
    ]
    returned = _shown(signature.return_annotation)
    yield f"    def {name}{signature.replace(parameters=parameters, return_annotation=returned)}:"
    yield f"        {inspect.getdoc(function) or ''!r}"


class _Text(str):
    """A part of a signature that is shown as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _shown(note: Any) -> Any:
    return _Text(note) if isinstance(note, str) else note


def _import(note: str, function: FunctionType, imports: dict[str, str]) -> None:
    """Note where the names of an annotation come from."""
    for each in ast.walk(ast.parse(note, mode="eval")):
        if isinstance(each, ast.Name) and not hasattr(builtins, each.id):
            imports[each.id] = _home(each.id, function)


def _home(name: str, function: FunctionType) -> str:
    found = function.__globals__.get(name)
    home = getattr(found, "__module__", None) or function.__module__
    known: Mapping[str, object] = vars(importlib.import_module(home))
    return home if known.get(name) is found and found is not None else function.__module__


def modules_of(names: Iterable[str]) -> dict[str, str]:
    """Return the stubs that let ``k8s_gen.plugins.<name>`` stand for ``plugins.<name>``."""
    stubs = {f"{name}.pyi": f"{HEADER}\nfrom plugins.{name} import *\n" for name in names}
    return {"__init__.pyi": f"{HEADER}\n", **stubs}
