"""Volumes, from the short forms that people write to what Kubernetes wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8sgen_core.builders.arguments import checked, manifest, mistyped, refusal
from k8sgen_core.builders.storage import PersistentVolumeClaim
from k8sgen_core.carriers import Dict, Origins, because
from k8sgen_core.grammar import names, paths
from k8sgen_core.parts import Volume

_SCRATCH: dict[str, dict[str, Any]] = {
    "emptyDir": {"emptyDir": {}},
    "memory": {"emptyDir": {"medium": "Memory"}},
}


def volume(path: str, source: Any, origin: Origins) -> Volume:
    """Return the volume that is mounted at ``path``."""
    mount_path = checked(paths.mount_path, path)
    if isinstance(source, PersistentVolumeClaim):
        claim = {"claimName": source._draft["name"]}
        return Volume(
            mount_path=mount_path,
            source={"persistentVolumeClaim": claim},
            claim=source,  # type: ignore[arg-type]
            origin=origin,
        )
    return Volume(mount_path=mount_path, source=_source(source), origin=origin)


def _source(source: Any) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        found: Mapping[str, Any] = checked(manifest, source, "a volume")
        return found
    if not isinstance(source, str):
        raise mistyped(source, "a volume", "'emptyDir', 'claim:NAME', a builder, or a mapping")
    if source.startswith("claim:"):
        name = checked(names.subdomain, source.removeprefix("claim:"), "the claim's name")
        return {"persistentVolumeClaim": {"claimName": name}}
    if source not in _SCRATCH:
        raise refusal(
            source,
            "invalid-value",
            f"{source!r} is not a volume",
            "use 'emptyDir', 'memory', 'claim:NAME', a builder, or {'hostPath': {...}}",
        )
    return because(source, Dict(_SCRATCH[source]))
