"""Lists whose items must differ, as the schema of a custom resource says: by keys, or whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8sgen_core.faults import Fault

_HINT = "remove one, or rename it"


def repeated(value: Any, schema: Mapping[str, Any], path: tuple[Any, ...] = ()) -> Iterator[Fault]:
    """Yield the items of a value's lists that are there before."""
    if isinstance(value, list):
        inner = _mapping(schema.get("items"))
        yield from _in_list(value, schema, inner, path)
        for index, item in enumerate(value):
            yield from repeated(item, inner, (*path, index))
    elif isinstance(value, dict):
        properties = _mapping(schema.get("properties"))
        others = _mapping(schema.get("additionalProperties"))
        for name, each in value.items():
            yield from repeated(each, _mapping(properties.get(name, others)), (*path, name))


def _in_list(
    items: Sequence[Any], schema: Mapping[str, Any], inner: Mapping[str, Any], path: tuple[Any, ...]
) -> Iterator[Fault]:
    keys = _keys(schema)
    if keys is None:
        return
    seen: set[str] = set()
    for index, item in enumerate(items):
        told = _told(item, keys, inner) if keys else [item]
        if told is None:
            continue
        identity = json.dumps(told, sort_keys=True)
        if identity in seen:
            named = "/".join(map(str, told)) if keys else identity[1:-1]
            where = (index, keys[0]) if keys and keys[0] in item else (index,)
            message = " ".join(("there is another item", named))
            yield Fault("duplicate-item", (*path, *where), message, _HINT)
        seen.add(identity)


def _keys(schema: Mapping[str, Any]) -> Sequence[str] | None:
    """Return by which fields items differ: none of them whole; ``None`` if they need not."""
    kind, keys = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys")
    if kind == "set":
        return ()
    is_told = kind == "map" and isinstance(keys, list) and all(isinstance(k, str) for k in keys)
    return keys or None if is_told else None


def _told(item: Any, keys: Sequence[str], inner: Mapping[str, Any]) -> list[Any] | None:
    """Return what an item is told by; a key that it leaves out has its default."""
    if not isinstance(item, dict):
        return None
    known = _mapping(inner.get("properties"))
    told = [item.get(key, _mapping(known.get(key)).get("default")) for key in keys]
    return None if None in told else told


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
