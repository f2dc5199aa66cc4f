"""The objects in a document: itself, or the items of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from k8sgen_core.rules.manifest import Path

_LIST = "List"


def objects_in(value: Any, prefix: Path = ()) -> Iterator[tuple[Any, Path]]:
    """Yield the object, or the objects of a list of one kind or of any, with where they stand."""
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list) or not str(value.get("kind", "")).endswith(_LIST):
        yield value, prefix
        return
    kind = str(value["kind"]).removesuffix(_LIST)
    for index, item in enumerate(items):
        if kind and isinstance(item, dict):
            # The items of a list of one kind need not say of which.
            item = {"apiVersion": value.get("apiVersion"), "kind": kind, **item}
        yield from objects_in(item, (*prefix, "items", index))


def is_object(value: Any) -> bool:
    """Tell whether a value says what it is."""
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("apiVersion"), str) and isinstance(value.get("kind"), str)
