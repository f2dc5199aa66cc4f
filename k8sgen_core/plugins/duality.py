"""
Names that are a setter and a value at once.

A plugin may define ``cluster_size()`` and assign ``self.cluster_size`` in it. While it is
configured, the name is the setter, and reads as its value; while it generates, the name is
the plain value, ``None`` as long as nothing set it.
"""

from __future__ import annotations

import copy
import dis
import inspect
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType, MethodType
from typing import Any, NamedTuple

from k8sgen_core.plugins.fluent import Fluent, bare, fluent, is_container


class Dual:
    """The setter of a name that is a value as well."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, plugin: Any, owner: type | None = None) -> Any:
        if plugin is None:
            return self.function
        value = plugin.__dict__.get(self.name)
        if not isinstance(value, Fluent):
            value = fluent(value)
        value._setter = MethodType(self.function, plugin)
        if is_container(value):
            # Kept, so that what is added in place stays.
            plugin.__dict__[self.name] = value
        return value

    def __set__(self, plugin: Any, value: Any) -> None:
        plugin.__dict__[self.name] = bare(value)

    def __delete__(self, plugin: Any) -> None:
        plugin.__dict__.pop(self.name, None)


def install(owner: type, library: Sequence[type]) -> None:
    """
    Make every name dual that a class of the hierarchy assigns and that is a method.

    ``library`` are the classes of ours at the end of the hierarchy.
    """
    functions = (
        getattr(function, "__wrapped__", function)
        for each in owner.__mro__
        if each not in library
        for function in vars(each).values()
        if isinstance(function, FunctionType)
    )
    for name in {each.name for function in functions for each in stores(function.__code__)}:
        make_dual(owner, name)


def make_dual(owner: type, name: str) -> None:
    """Make a name of a class dual if it is a method there, an inherited one included."""
    for each in owner.__mro__:
        found = vars(each).get(name)
        if found is not None:
            if isinstance(found, FunctionType):
                setattr(owner, name, Dual(name, found))
            return


class Store(NamedTuple):
    """That a method assigns to an attribute of its first parameter: where, as an instruction."""

    name: str
    code: CodeType
    at: int


def stores(code: CodeType) -> Iterator[Store]:
    """Yield what a method assigns to its first parameter."""
    if not code.co_argcount:
        return
    first = code.co_varnames[0]
    for inner in (code, *_closures(code, first)):
        steps = list(dis.get_instructions(inner))
        for index, step in enumerate(steps):
            if step.opname == "STORE_ATTR" and _loads(steps, index - 1, first):
                yield Store(str(step.argval), inner, step.offset)
            elif step.argval == "setattr" and step.opname.startswith("LOAD_"):
                named = _named(steps[index + 1 : index + 4], first)
                yield from (Store(str(each.argval), inner, each.offset) for each in named)


def shadows(owner: type) -> list[Store]:
    """Return where a class itself first assigns to each of its public dual names."""
    members = (each.function if type(each) is Dual else each for each in vars(owner).values())
    functions = (inspect.unwrap(each) for each in members if isinstance(each, FunctionType))
    found = [each for function in functions for each in stores(function.__code__)]
    first: dict[str, Store] = {}
    for each in sorted(found, key=_place):
        if not each.name.startswith("_") and _is_dual(owner, each.name):
            first.setdefault(each.name, each)
    return list(first.values())


def _place(store: Store) -> tuple[int, int]:
    line, _, column, _ = list(store.code.co_positions())[store.at // 2]
    return line or 0, column or 0


def _is_dual(owner: type, name: str) -> bool:
    return type(next((vars(e)[name] for e in owner.__mro__ if name in vars(e)), None)) is Dual


def _closures(code: CodeType, first: str) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and first in constant.co_freevars:
            yield constant
            yield from _closures(constant, first)


def _loads(steps: Sequence[dis.Instruction], index: int, first: str) -> bool:
    """Does the instruction put the object there whose attribute the next one stores?"""
    step = steps[index]
    if step.opname != "SWAP":
        return _last(step) == first
    # An augmented assignment has loaded the object, copied it and read the attribute before.
    name = steps[index + 1].argval
    for at in range(index, 1, -1):
        reads = steps[at].opname.startswith("LOAD_ATTR") and steps[at].argval == name
        if reads and steps[at - 1].opname == "COPY":
            return _last(steps[at - 2]) == first
    return False


def _named(steps: Sequence[dis.Instruction], first: str) -> Iterator[dis.Instruction]:
    """Yield what loads the name of ``setattr(self, "name", ...)``, if it is written there."""
    loads = [step for step in steps if step.opname != "PUSH_NULL"]
    if len(loads) > 1 and _last(loads[0]) == first and loads[1].opname == "LOAD_CONST":
        yield loads[1]


def _last(step: dis.Instruction) -> object:
    """Return the variable that is on top of the stack; some instructions load two."""
    return step.argval[-1] if isinstance(step.argval, tuple) else step.argval


def duals(owner: type) -> dict[str, Any]:
    """Return the dual names of a class, with what they are as long as nothing sets them."""
    names = {name for each in owner.__mro__ for name, v in vars(each).items() if type(v) is Dual}
    return {name: _default(owner, name) for name in sorted(names)}


def _default(owner: type, name: str) -> Any:
    """Return what a base class has as a plain value under the name of a setter."""
    found = (vars(each).get(name) for each in owner.__mro__)
    plain = (v for v in found if v is not None and type(v) is not Dual and not callable(v))
    return next((v for v in plain if not hasattr(v, "__get__")), None)


def reading_class(owner: type) -> type:
    """Return the class of a plugin that generates: its duals are ``None`` until set."""
    values = duals(owner)
    known: tuple[frozenset[str], type] | None = owner.__dict__.get("_reading")
    if known is None or known[0] != values.keys():
        body = {
            **values,
            "_is_reading": True,
            "__module__": owner.__module__,
            "__qualname__": owner.__qualname__,
        }
        known = (frozenset(values), type(owner)(owner.__name__, (owner,), body))
        owner._reading = known  # type: ignore[attr-defined]
    return known[1]


def reading(plugin: Any) -> Any:
    """Return the plugin as it sees itself while it generates: its values, a copy of its own."""
    if plugin._is_reading:
        return plugin
    twin: Any = object.__new__(reading_class(type(plugin)))
    copied(plugin, twin, {id(plugin): twin})
    twin.__dict__["_draft"] = dict(plugin._draft)
    return twin


def copied(plugin: Any, twin: Any, memo: dict[int, Any]) -> None:
    """Give a plugin its own copy of the state of another one."""
    for key, value in plugin.__dict__.items():
        twin.__dict__[key] = value if key in _SHARED else _own(bare(value), memo)
    for name in slots(type(plugin)):
        try:
            value = object.__getattribute__(plugin, name)
        except AttributeError:
            continue
        object.__setattr__(twin, name, _own(value, memo))


# How the plugin came to be.
_SHARED = frozenset(
    ("_base", "_call", "_copied", "_draft", "_made", "_overlays", "_replays", "_steps")
)


def _own(value: Any, memo: dict[int, Any]) -> Any:
    """Return a copy; what cannot be copied, such as an open file, is shared."""
    try:
        return copy.deepcopy(value, memo)
    except TypeError:
        return value


def slots(owner: type) -> list[str]:
    """Return the names in the ``__slots__`` of a class and its bases."""
    given = (vars(each).get("__slots__", ()) for each in owner.__mro__)
    return [name for each in given for name in ([each] if isinstance(each, str) else each)]
