"""
Names that are a setter and a value at once.

A plugin may define ``cluster_size()`` and assign ``self.cluster_size`` in it. While it is
configured, the name is the setter, and reads as its value; while it generates, the name is
the plain value, ``None`` as long as nothing set it.
"""

from __future__ import annotations

import copy
import dis
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any


class _Callable:
    """A value that can be called as the setter it stands for."""

    _setter: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._setter(*args, **kwargs)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Copy and store the value alone: the setter belongs to its plugin."""
        for base in (str, int, float, dict, list):
            if isinstance(self, base):
                return (base, (base(self),))
        raise TypeError("this setting cannot be copied")


class FluentStr(_Callable, str):
    """Text that is a setter."""


class FluentInt(_Callable, int):
    """A whole number that is a setter."""


class FluentFloat(_Callable, float):
    """A number that is a setter."""


class FluentDict(_Callable, dict[Any, Any]):
    """A mapping that is a setter."""


class FluentList(_Callable, list[Any]):
    """A list that is a setter."""


class FluentAny(_Callable):
    """Any other value, ``None`` and truth values among them, that is a setter."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (other._value if isinstance(other, FluentAny) else other))

    def __hash__(self) -> int:
        return hash(self._value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._value, name)

    def __repr__(self) -> str:
        return repr(self._value)

    __str__ = __repr__


class Dual:
    """The setter of a name that is a value as well."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, plugin: Any, owner: type | None = None) -> Any:
        if plugin is None:
            return self.function
        setter = MethodType(self.function, plugin)
        if self.name not in plugin.__dict__:
            return setter
        return _fluent(plugin, self.name, setter)

    def __set__(self, plugin: Any, value: Any) -> None:
        plugin.__dict__[self.name] = value._value if isinstance(value, FluentAny) else value

    def __delete__(self, plugin: Any) -> None:
        plugin.__dict__.pop(self.name, None)


def _fluent(plugin: Any, name: str, setter: Callable[..., Any]) -> Any:
    value = plugin.__dict__[name]
    made: Any
    if isinstance(value, bool) or hasattr(value, "is_bool") or value is None:
        made = FluentAny(value)
    elif isinstance(value, dict | list):
        if not isinstance(value, _Callable):
            # Kept, so that what is added in place stays.
            made = FluentDict(value) if isinstance(value, dict) else FluentList(value)
            plugin.__dict__[name] = made
        else:
            made = value
    else:
        kinds: tuple[tuple[type, type], ...] = ((str, FluentStr), (int, FluentInt))
        kind = next((fluent for base, fluent in kinds if isinstance(value, base)), None)
        if kind is None:
            kind = FluentFloat if isinstance(value, float) else FluentAny
        made = kind(value)
    made._setter = setter
    return made


def stored_names(function: Callable[..., Any]) -> Iterator[str]:
    """Yield the names that a method assigns to its first parameter."""
    code = getattr(function, "__code__", None)
    if code is None or not code.co_argcount:
        return
    first = code.co_varnames[0]
    before: dis.Instruction | None = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "STORE_ATTR" and before is not None:
            loaded = before.argval[-1] if isinstance(before.argval, tuple) else before.argval
            # An augmented assignment swaps the new value below the object it loaded before.
            if loaded == first or before.opname == "SWAP":
                yield str(instruction.argval)
        before = instruction


def install(owner: type, own: type) -> None:
    """Make every name dual that a class of the hierarchy assigns and that is a method."""
    ancestors = [each for each in owner.__mro__ if issubclass(each, own) and each is not own]
    stored = {
        name
        for each in ancestors
        for function in vars(each).values()
        if isinstance(function, FunctionType)
        for name in stored_names(getattr(function, "__wrapped__", function))
    }
    for name in stored:
        make_dual(owner, name, own)


def make_dual(owner: type, name: str, own: type) -> bool:
    """Make one name dual where a class below ``own`` defines it as a method."""
    for each in owner.__mro__:
        if each is own or not issubclass(each, own):
            continue
        found = vars(each).get(name)
        if isinstance(found, Dual):
            return True
        if isinstance(found, FunctionType):
            setattr(each, name, Dual(name, found))
            return True
    return False


def reading_class(owner: type) -> type:
    """Return the class of a plugin that generates: its duals are ``None`` until set."""
    known = owner.__dict__.get("_reading")
    if known is None:
        duals = {
            name for each in owner.__mro__ for name, v in vars(each).items() if isinstance(v, Dual)
        }
        body = {
            **dict.fromkeys(duals, None),
            "_is_reading": True,
            "__module__": owner.__module__,
            "__qualname__": owner.__qualname__,
        }
        known = type(owner)(owner.__name__, (owner,), body)
        owner._reading = known  # type: ignore[attr-defined]
    return known


def reading(plugin: Any) -> Any:
    """Return the plugin as it sees itself while it generates: its values, a copy of its own."""
    if getattr(plugin, "_is_reading", False):
        return plugin
    twin: Any = object.__new__(reading_class(type(plugin)))
    memo = {id(plugin): twin}
    state = {key: _copied(value, memo) for key, value in plugin.__dict__.items()}
    twin.__dict__.update(state)
    return twin


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    if isinstance(value, FluentDict):
        return {key: _copied(element, memo) for key, element in value.items()}
    if isinstance(value, FluentList):
        return [_copied(element, memo) for element in value]
    if isinstance(value, str | int | float):
        return value
    return copy.deepcopy(value, memo)
