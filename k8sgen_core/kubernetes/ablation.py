"""
Which call made which line, where values lose their origin on the way.

Code of a user's own may format, count and choose as it likes. So it is run again with one
call left out or one argument changed: what differs then is what the call made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from k8sgen_core.carriers import Origins, join, placed, plain
from k8sgen_core.kubernetes.lowered import Object
from k8sgen_core.secrets import SecretText

Path: TypeAlias = tuple[Any, ...]
Leaves: TypeAlias = dict[Path, Any]
_KEYS = ("name", "containerPort", "port", "mountPath", "key", "host", "path")


def attributed(
    objects: Sequence[Object],
    variants: Iterable[tuple[Origins, Sequence[Object]]],
    otherwise: Origins,
) -> list[Object]:
    """
    Return the objects with the origins that the variants show.

    ``otherwise`` is the origin of every line that no variant changes.
    """
    leaves = [dict(_leaves(bare_of(each), ())) for each in objects]
    made: list[dict[Path, Origins]] = [{} for _ in objects]
    names = [_identity(each) for each in objects]
    for origins, variant in variants:
        others = {_identity(each): dict(_leaves(bare_of(each), ())) for each in variant}
        for index, name in enumerate(names):
            other = others.get(name)
            for path, value in leaves[index].items():
                if other is None or path not in other or other[path] != value:
                    made[index][path] = join(made[index].get(path), origins)
    return [
        _placed(each, (), made[index], otherwise) for index, each in enumerate(objects)
    ]


def _identity(each: Mapping[str, Any]) -> tuple[Any, ...]:
    metadata = each["metadata"]
    return (
        plain(each["apiVersion"]),
        plain(each["kind"]),
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


def _placed(value: Any, path: Path, made: Mapping[Path, Origins], otherwise: Origins) -> Any:
    if isinstance(value, dict) and value:
        return {
            plain(key): _placed(element, (*path, plain(key)), made, otherwise)
            for key, element in value.items()
        }
    if isinstance(value, list | tuple) and value:
        steps = _steps(value)
        return [
            _placed(element, (*path, step), made, otherwise)
            for step, element in zip(steps, value, strict=True)
        ]
    origins = made.get(path) or otherwise
    if isinstance(value, SecretText):
        return SecretText(value.reference, origins, encoded=value.encoded)
    return placed(plain(value), origins)
