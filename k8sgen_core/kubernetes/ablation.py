"""
Which call made which line, where values lose their origin on the way.

Code of a user's own may format, count and choose as it likes. So it is run again with one
call left out or one argument changed: what differs then is what the call made.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from k8sgen_core.carriers import Dict, List, Origin, Origins, each, join, origin_of, placed, plain
from k8sgen_core.kubernetes.lowered import Object
from k8sgen_core.origin import frames
from k8sgen_core.secrets import SecretText

Path: TypeAlias = tuple[Any, ...]
Variants: TypeAlias = Iterable[tuple[Origins, Sequence[Object]]]
_ABSENT = object()


def attributed(
    objects: Sequence[Object], variants: Variants, otherwise: Origins, inner: Container[int]
) -> list[Object]:
    """
    Return the objects with the origins that the variants show.

    The first variant, of no origin, is what the others differ from. ``otherwise`` is the
    origin of every line that no variant changes; ``inner`` are the ids of the code whose
    own calls are not those of a user.
    """
    made = _differences(objects, variants)
    users = _Users(inner)
    return [
        _Placing(found, otherwise, users).placed(one, (), False)
        for one, found in zip(objects, made, strict=True)
    ]


def _differences(objects: Sequence[Object], variants: Variants) -> list[dict[Path, Origins]]:
    """Return for every object the paths that a variant lacks, or has with another value."""
    known = [(_identity(one), bare_of(one)) for one in objects]
    made: list[dict[Path, Origins]] = [{} for _ in objects]
    unknown: list[set[Path]] = [set() for _ in objects]
    for origins, variant in variants:
        others = {_identity(one): bare_of(one) for one in variant}
        for index, (name, bare) in enumerate(known):
            if others.get(name) == bare:
                continue
            for path in differing(bare, others.get(name, _ABSENT)):
                if origins is None:
                    # Made by something that is not seen again: nothing is known of it.
                    unknown[index].add(path)
                elif path not in unknown[index]:
                    made[index][path] = join(made[index].get(path), origins)
    return made


def _identity(one: Mapping[str, Any]) -> tuple[Any, ...]:
    metadata = one["metadata"]
    return (
        plain(one["apiVersion"]),
        plain(one["kind"]),
        plain(metadata.get("namespace")),
        plain(metadata.get("name")),
    )


def bare_of(value: Any) -> Any:
    """Return a value without origins; secret values compare by what they refer to."""
    if isinstance(value, SecretText):
        return (value.reference, value.encoded)
    if isinstance(value, dict):
        return {plain(key): bare_of(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [bare_of(element) for element in value]
    return plain(value)


def differing(old: Any, new: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of what is in ``old`` and not, or otherwise, in ``new``."""
    if isinstance(old, dict) and old:
        others = new if isinstance(new, dict) else {}
        for key, value in old.items():
            yield from differing(value, others.get(key, _ABSENT), (*path, key))
    elif isinstance(old, list) and old:
        twins = _twins(old, new if isinstance(new, list) else [])
        for index, value in enumerate(old):
            yield from differing(value, twins[index], (*path, index))
    elif old != new or type(old) is not type(new):
        yield path


def _twins(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """Return for each item the one that takes its place: those with the fewest differences."""
    twins = [_ABSENT for _ in old]
    costs = sorted(
        (_cost(item, other), abs(index - place), index, place)
        for index, item in enumerate(old)
        for place, other in enumerate(new)
    )
    left, places = set(range(len(old))), set(range(len(new)))
    for cost, _, index, place in costs:
        if index in left and place in places and cost < _ALL:
            left.remove(index)
            places.remove(place)
            twins[index] = new[place]
    return twins


# Items that have nothing in common are not each other's, however few there are.
_ALL = 1.0


def _cost(item: Any, other: Any) -> float:
    """Return which part of an item is different in another: 0 if nothing is, 1 if everything."""
    if item == other:
        return 0.0
    if not isinstance(item, dict | list):
        return _ALL - 0.5
    size = sum(1 for _ in differing(item, _ABSENT))
    return sum(1 for _ in differing(item, other)) / size


class _Users:
    """Knows the calls that users made, and not the code that is run again."""

    def __init__(self, inner: Container[int]) -> None:
        self._inner = inner
        self._known: dict[int, bool] = {}

    def of(self, value: object) -> Origins:
        """Return those origins of a value that are calls of users."""
        return tuple(filter(self._is_users, each(origin_of(value)))) or None

    def _is_users(self, origin: Origin) -> bool:
        call = origin.call
        if id(call) not in self._known:
            self._known[id(call)] = all(
                id(frame.code) not in self._inner for frame in frames(call.frame)
            )
        return self._known[id(call)]


class _Placing:
    """Gives the lines of an object their origins."""

    def __init__(self, made: Mapping[Path, Origins], otherwise: Origins, users: _Users) -> None:
        self._made = made
        self._otherwise = otherwise
        self._users = users

    def placed(self, value: Any, path: Path, covered: bool) -> Any:
        """Return a value; ``covered`` if a call of a user counts for every line around it."""
        own = self._users.of(value)
        made: Any
        if isinstance(value, dict) and value:
            made = Dict()
            for key, element in value.items():
                name = plain(key)
                known = self._users.of(key)
                inner = self.placed(element, (*path, name), bool(covered or own or known))
                made[placed(name, known) if known else name] = inner
        elif isinstance(value, list | tuple) and value:
            items = enumerate(value)
            made = List(self.placed(one, (*path, at), bool(covered or own)) for at, one in items)
        else:
            return self._leaf(value, path, own, covered)
        made.origin = own
        return made

    def _leaf(self, value: Any, path: Path, own: Origins, covered: bool) -> Any:
        origins = join(own, self._made.get(path))
        if origins is None and not covered:
            origins = self._otherwise
        if isinstance(value, SecretText):
            return SecretText(value.reference, origins, encoded=value.encoded)
        if not isinstance(value, dict | list | tuple):
            return placed(plain(value), origins)
        empty: Dict | List = Dict() if isinstance(value, dict) else List()
        empty.origin = origins
        return empty
