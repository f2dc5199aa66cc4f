"""Values that can be called as the setter whose name they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Fluent:
    """A value that can be called as the setter it stands for."""

    _setter: Callable[..., Any]

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        """What ``help()`` and signatures speak of."""
        return self._setter

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the setter."""
        return self._setter(*args, **kwargs)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Copy and store the value alone: the setter belongs to its plugin."""
        return (_itself, (bare(self),))


class FluentStr(Fluent, str):
    """Text that is a setter."""


class FluentInt(Fluent, int):
    """A whole number that is a setter."""


class FluentFloat(Fluent, float):
    """A number that is a setter."""


class FluentTuple(Fluent, tuple[Any, ...]):
    """A tuple that is a setter."""


class FluentDict(Fluent, dict[Any, Any]):
    """A mapping that is a setter."""


class FluentList(Fluent, list[Any]):
    """A list that is a setter."""


class FluentSet(Fluent, set[Any]):
    """A set that is a setter."""


class FluentAny(Fluent):
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

    def __iter__(self) -> Any:
        return iter(self._value)

    def __contains__(self, item: object) -> bool:
        return item in self._value

    def __getitem__(self, key: Any) -> Any:
        return self._value[key]

    def __repr__(self) -> str:
        return repr(self._value)

    __str__ = __repr__


_KINDS: dict[type, type] = {
    **{str: FluentStr, int: FluentInt, float: FluentFloat, tuple: FluentTuple},
    **{dict: FluentDict, list: FluentList, set: FluentSet},
}


def fluent(value: Any) -> Any:
    """Return the value as one that can be called; a type of a user's own is only stood for."""
    return _KINDS.get(type(value), FluentAny)(value)


def is_container(value: Any) -> bool:
    """Is the value one that changes in place?"""
    return isinstance(value, dict | list | set)


def bare(value: Any) -> Any:
    """Return the value alone, as it was before it could be called."""
    if isinstance(value, FluentAny):
        return value._value
    if not isinstance(value, Fluent):
        return value
    return next(base(value) for base, made in _KINDS.items() if isinstance(value, made))


def _itself(value: Any) -> Any:
    return value
