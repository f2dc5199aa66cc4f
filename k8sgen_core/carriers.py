"""
Values that know where they were written.

To everybody but the emitter a carrier is an ordinary ``str``, ``int``, ``dict`` or
``list``; its ``origin`` says which argument of which call it was. Lowering stays
plain code over plain containers: an origin survives ``+``, slices, ``dict(...)`` and
``list(...)``, and :func:`because` adds it where code chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from k8sgen_core.origin import Call

T = TypeVar("T")


class Origin(tuple[Any, ...]):
    """
    ``(call, argument)``: an argument is a position, a name, or either with a path inside it.

    ``None`` as the argument is the call itself.
    """

    __slots__ = ()

    @property
    def call(self) -> Call:
        """The call that gave the value."""
        return self[0]  # type: ignore[no-any-return]

    @property
    def argument(self) -> Any:
        """Which argument of the call, or ``None`` for all of it."""
        return self[1]

    def inside(self, key: object) -> Origin:
        """Return the origin of an element of this argument."""
        call, argument = self
        path = argument if type(argument) is tuple else (argument,)
        return Origin((call, (*path, key)))


class Replacing(Origin):
    """
    The origin of what takes the place of what an earlier call gave.

    The call decides what is said, but not that it is said: that would be so without it.
    """

    __slots__ = ()


Origins: TypeAlias = Origin | tuple[Origin, ...] | None


class Placed(Protocol):
    """Anything of the model that says which call asked for it."""

    @property
    def origin(self) -> Origins:
        """The call that asked for it."""


class Str(str):
    """Text with its origin."""

    origin: Origins
    __slots__ = ("origin",)

    def __str__(self) -> str:
        return self

    def __add__(self, other: str) -> str:
        return placed(str.__add__(self, other), join(self.origin, origin_of(other)))

    def __radd__(self, other: str) -> str:
        return placed(str.__add__(other, str.__str__(self)), self.origin)


class Int(int):
    """A whole number with its origin."""

    origin: Origins

    def __str__(self) -> str:
        return placed(int.__repr__(self), self.origin)


class Float(float):
    """A number with its origin."""

    origin: Origins


class Bool(int):
    """A truth value with its origin; ``bool`` itself cannot be subclassed."""

    origin: Origins
    is_bool = True

    def __repr__(self) -> str:
        return "True" if self else "False"

    __str__ = __repr__


class Dict(dict[Any, Any]):
    """A mapping whose origin counts for every line in it."""

    __slots__ = ("origin",)
    origin: Origins


class List(list[Any]):
    """A list whose origin counts for every line in it."""

    __slots__ = ("origin",)
    origin: Origins


_CARRIERS: dict[type, Any] = {
    **{str: Str, int: Int, float: Float, bool: Bool},
    **{kind: kind for kind in (Str, Int, Float, Bool)},
}


_BUILT_IN: dict[type, Callable[[Any], Any]] = {
    **{str: str.__str__, Str: str.__str__},
    **{Int: int, Float: float, Bool: bool},
}


def origin_of(value: object) -> Origins:
    """Return where ``value`` was written, ``None`` if no call gave it."""
    return getattr(value, "origin", None)


def join(first: Origins, second: Origins) -> Origins:
    """Return the origins of both."""
    if first is None or first is second:
        return second
    if second is None:
        return first
    one = first if type(first) is tuple else (first,)
    other = second if type(second) is tuple else (second,)
    joined: Any = (*one, *[origin for origin in other if origin not in one])
    return joined  # type: ignore[no-any-return]


def placed(value: T, origin: Origins) -> T:
    """Return ``value`` with this origin instead of its own."""
    make = _CARRIERS.get(type(value))
    if make is None:
        return value
    carrier: Any = make(value)
    carrier.origin = origin
    return carrier  # type: ignore[no-any-return]


def carry(value: Any, origin: Origin) -> Any:
    """Return an argument as it comes in at a call: each scalar in it knows which part it was."""
    make = _CARRIERS.get(type(value))
    if make is not None:
        carrier = make(value)
        carrier.origin = origin
        return carrier
    kind = type(value)
    if kind is not dict and kind is not list and kind is not tuple:
        return value
    call, argument = origin
    path = argument if type(argument) is tuple else (argument,)
    inner: Dict | List
    if kind is dict:
        inner = Dict()
        for key, element in value.items():
            known = placed(key, Origin((call, (*path, ("key", key)))))
            inner[known] = carry(element, Origin((call, (*path, key))))
    else:
        inner = List()
        for index, element in enumerate(value):
            inner.append(carry(element, Origin((call, (*path, index)))))
    inner.origin = None if value else origin
    return inner


def because(cause: object, value: T) -> T:
    """
    Return ``value``, chosen because of ``cause``.

    A choice is the one thing that values cannot carry by themselves. On a mapping or
    a list the cause counts for every line of it.
    """
    origin = getattr(cause, "origin", None)
    if origin is None:
        return value
    if type(value) is dict and type(origin) is Origin:
        # So it is nearly always, for every second container that there is.
        carrier: Any = Dict(value)  # type: ignore[call-overload]
        carrier.origin = origin
        return carrier  # type: ignore[no-any-return]
    return caused(origin, value)


def caused(origin: Origins, value: T) -> T:
    """Return ``value`` with this origin beside its own."""
    if origin is None:
        return value
    carrier: Any
    if type(value) is dict:
        # A fresh mapping, which most are, has no origin of its own.
        carrier = Dict(value)  # type: ignore[call-overload]
        own = None
    elif isinstance(value, (dict, list)):
        carrier = Dict(value) if isinstance(value, dict) else List(value)
        own = origin_of(value)
    else:
        return placed(value, join(origin_of(value), origin))
    lasting = origin if type(origin) is Origin else causes(origin)
    if lasting is None:
        return value
    carrier.origin = lasting if own is None else join(own, lasting)
    return carrier  # type: ignore[no-any-return]


def causes(origins: Origins) -> Origins:
    """Return the origins without those that only replace something."""
    if origins is None or type(origins) is Origin:
        return origins
    if type(origins) is Replacing:
        return None
    return tuple([origin for origin in origins if type(origin) is Origin]) or None


def like(container: object, value: T) -> T:
    """Return a new mapping or list with the origin of the one that it replaces."""
    given = origin_of(container)
    return standing(value) if given == () else caused(given, value)


def sole(items: Sequence[object]) -> Placed:
    """
    Return what one call alone gave: the cause of a block that would go with it.

    Where several calls gave the items, removing one of them leaves the block, so it
    belongs to none of them.
    """
    if len(items) == 1:
        only = origin_of(items[0])
        if type(only) is Origin and only[1] is None:
            return cast(Placed, items[0])
    given = [causes(origin_of(item)) for item in items]
    shared = given[0] if len(given) == 1 else in_all(*given)
    if type(shared) is Origin:
        return Cause(shared if shared[1] is None else Origin((shared[0], None)))
    return Cause(tuple(dict.fromkeys(Origin((origin.call, None)) for origin in each(shared))))


def in_all(*given: Origins) -> tuple[Origin, ...]:
    """Return the origins of calls that all have; in a loop, one call may be made twice."""
    if not given or not all(given):
        return ()
    found = [each(origins) for origins in given]
    places = set.intersection(*({o.call.place for o in origins} for origins in found))
    origins = chain.from_iterable(found)
    return tuple(dict.fromkeys(origin for origin in origins if origin.call.place in places))


def standing(value: T) -> T:
    """Return a mapping or list that is there in any case, whoever gives what is in it."""
    carrier: Any = Dict(value) if isinstance(value, dict) else List(cast("list[Any]", value))
    carrier.origin = ()
    return cast(T, carrier)


class Cause:
    """The reason for a choice where no single value is."""

    __slots__ = ("origin",)

    def __init__(self, origins: Origins) -> None:
        self.origin: Origins = origins or None


NOBODY = Cause(None)


def all_of(*items: object) -> Placed:
    """Return the calls of all the items together."""
    return Cause(origins_of(items))


def origins_of(items: Iterable[object]) -> Origins:
    """Return the origins of all the items, each once."""
    found: list[Origin] = []
    for item in items:
        origins = getattr(item, "origin", None)
        if type(origins) is tuple:
            found += origins
        elif origins is not None:
            found.append(origins)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else found[0] if found else None


def each(origins: Origins) -> tuple[Origin, ...]:
    """Return the origins one by one."""
    if origins is None:
        return ()
    return origins if type(origins) is tuple else (origins,)  # type: ignore[return-value]


def deep_origins(value: object) -> Origins:
    """Return every origin in a value and inside it."""
    found = origin_of(value)
    if isinstance(value, dict):
        for key, element in value.items():
            found = join(join(found, origin_of(key)), deep_origins(element))
    elif isinstance(value, list | tuple) and not isinstance(value, Origin):
        for element in value:
            found = join(found, deep_origins(element))
    return found


def whole(part: object) -> Origins:
    """Return where a part of an argument was written: a mapping by what is in it."""
    own = origin_of(part)
    if own is not None:
        return own
    inner = each(deep_origins(part))
    if not inner or type(inner[0].argument) is not tuple:
        return None
    call, argument = inner[0]
    return Origin((call, argument[:-1]))


def derived(value: Any, function: Callable[[Any], T]) -> T:
    """Return what ``function`` makes of ``value``, still knowing where ``value`` was written."""
    result = function(value)
    return result if result is value else because(value, result)


def plain(value: Any) -> Any:
    """Return a copy without origins, of the exact built-in types."""
    make = _BUILT_IN.get(type(value))
    if make is not None:
        return make(value)
    if isinstance(value, dict):
        return {plain(key): plain(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return value


def _derive(carrier: type, base: type, names: str) -> None:
    """Let operations keep the origins of the value and of their arguments."""
    for name in names.split():
        setattr(carrier, name, _keeping(getattr(base, name)))


def _keeping(raw: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Any, *arguments: Any) -> Any:
        result = raw(self, *arguments)
        if result is NotImplemented:
            return result
        origin = self.origin
        for argument in arguments:
            origin = join(origin, origin_of(argument))
        if isinstance(result, list | tuple):
            return type(result)(placed(part, origin) for part in result)
        return placed(result, origin)

    return operation


_derive(Str, str, "__getitem__ __mul__ __rmul__ lower upper strip lstrip rstrip replace")
_derive(Str, str, "removeprefix removesuffix partition rpartition split rsplit")
_derive(Int, int, "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __floordiv__ __neg__")
