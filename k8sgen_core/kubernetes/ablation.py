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
Leaves: TypeAlias = dict[Path, Any]
Variants: TypeAlias = Iterable[tuple[Origins, Sequence[Object]]]
_KEYS = ("name", "containerPort", "port", "mountPath", "key", "host", "path")
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
    leaves = [_leaves_of(one) for one in objects]
    names = [_identity(one) for one in objects]
    made: list[dict[Path, Origins]] = [{} for _ in objects]
    for origins, variant in variants:
        others = {_identity(one): _leaves_of(one) for one in variant}
        for index, name in enumerate(names):
            other = others.get(name, {})
            differing = [p for p, v in leaves[index].items() if other.get(p, _ABSENT) != v]
            for path in differing:
                if origins is None:
                    # Made by something that is not seen again: nothing is known of it.
                    del leaves[index][path]
                else:
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


def _leaves_of(one: Object) -> Leaves:
    return dict(_leaves(bare_of(one), ()))


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value:
        for key, element in value.items():
            yield from _leaves(element, (*path, key))
    elif isinstance(value, list) and value:
        for step, element in zip(_steps(value), value, strict=True):
            yield from _leaves(element, (*path, step))
    else:
        yield path, value


def _steps(items: Sequence[Any]) -> list[Any]:
    """Return how the items of a list are told apart: by a key of theirs, else by place."""
    for key in _KEYS:
        if all(isinstance(item, dict) and key in item for item in items):
            found = [(key, str(plain(item[key]))) for item in items]
            if len(set(found)) == len(found):
                return list(found)
    return list(range(len(items)))


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
            steps = zip(_steps(value), value, strict=True)
            made = List(self.placed(one, (*path, at), bool(covered or own)) for at, one in steps)
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
