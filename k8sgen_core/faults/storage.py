"""What an API server refuses of claims, volumes and classes of storage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    Fault,
    Object,
    conflict,
    each,
    fields,
    missing,
    one_of,
    values,
)
from k8sgen_core.faults.words import object_name, positive_quantity, quantity, selector

_MODES = one_of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_VOLUME_MODE = one_of("Filesystem", "Block")
_SPEC = fields(
    {
        "accessModes": each(_MODES),
        "volumeMode": _VOLUME_MODE,
        "storageClassName": object_name,
        "selector": selector,
        "resources": fields({"requests": fields({"storage": positive_quantity})}),
    }
)


def claim_spec(spec: Object) -> Sequence[Fault]:
    """Judge what a claim asks for."""
    found = [*_SPEC(spec), *_alone(spec)]
    if not spec.get("accessModes"):
        found.append(missing("accessModes", "the claim has no access mode"))
    asked = (spec.get("resources") or {}).get("requests") or {}
    if asked.get("storage") is None:
        found.append(
            missing("resources.requests.storage", "the claim does not say how much it wants")
        )
    return found


def claim(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a PersistentVolumeClaim."""
    yield from (fault.at("spec") for fault in claim_spec(made.get("spec") or {}))


def _alone(spec: Object) -> Sequence[Fault]:
    modes = spec.get("accessModes") or ()
    if "ReadWriteOncePod" not in modes or len(set(modes)) == 1:
        return ()
    message = "ReadWriteOncePod excludes every other access mode"
    return [conflict(("accessModes",), message, "leave out the others, or ReadWriteOncePod")]


_VOLUME = fields(
    {
        "accessModes": each(_MODES),
        "volumeMode": _VOLUME_MODE,
        "persistentVolumeReclaimPolicy": one_of("Retain", "Delete", "Recycle"),
        "storageClassName": object_name,
        "capacity": values(quantity),
    }
)


def volume(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a PersistentVolume."""
    spec = made.get("spec") or {}
    found = [*_VOLUME(spec), *_alone(spec)]
    for name, lacking in (("accessModes", "access mode"), ("capacity", "capacity")):
        if not spec.get(name):
            found.append(missing(name, f"the volume has no {lacking}"))
    yield from (fault.at("spec") for fault in found)


_CLASS = fields(
    {
        "reclaimPolicy": one_of("Delete", "Retain"),
        "volumeBindingMode": one_of("Immediate", "WaitForFirstConsumer"),
    }
)


def storage_class(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a StorageClass."""
    yield from _CLASS(made)
