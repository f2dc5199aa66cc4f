"""What Kubernetes itself says of the fields of its objects."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from k8sgen_core.kubernetes.bundle import FOLDER, MANUAL

# Where a field is looked for that is only named: in the object, its pods, their containers.
_CONTAINERS = "template.spec.containers"
_PODS = (_CONTAINERS, "template.spec", f"{_CONTAINERS}.ports", f"{_CONTAINERS}.volumeMounts")
_PLACES = (
    "",
    "spec",
    *(f"spec.{each}" for each in _PODS),
    "spec.jobTemplate.spec",
    *(f"spec.jobTemplate.spec.{each}" for each in _PODS),
)


def explained(kind: str, field: str) -> tuple[str, str] | None:
    """Return the whole path of a field of an object, and what Kubernetes says of it."""
    for place in _PLACES:
        path = f"{place}.{field}" if place else field
        found = _description(kind, path)
        if found:
            return path, found
    return None


def _description(kind: str, path: str) -> str:
    manual = _manual()
    definition = manual["kinds"].get(kind, "")
    description = ""
    for name in _steps(path):
        field = manual["fields"].get(definition, {}).get(name)
        if field is None:
            # What is inside a mapping, as a quantity by its name, is described by the mapping.
            return description if definition == "" else ""
        description, definition = field
    return description


def _steps(path: str) -> Iterator[str]:
    yield from (each.partition("[")[0] for each in path.split("."))


@cache
def _manual() -> Any:
    try:
        packed = (FOLDER / MANUAL).read_bytes()
    except FileNotFoundError:
        return {"kinds": {}, "fields": {}}
    return json.loads(zlib.decompress(packed))
