"""What an API server refuses of the resources that containers ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import NONE, Fault, Object, conflict
from k8sgen_core.faults.words import magnitude, qualified_name, quantity
from k8sgen_core.grammar import did_you_mean, shown

_FIELD = re.compile(r"(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)")
_STANDARD = re.compile("cpu|memory|ephemeral-storage|hugepages-.+")


def resource_field(value: str) -> Sequence[Fault]:
    """Judge what a variable or a file says of the resources of a container."""
    if _FIELD.fullmatch(value):
        return NONE
    message = f"{shown(value)} is no resource of a container"
    return [Fault("invalid-value", (), message, "write e.g. 'limits.memory' or 'requests.cpu'")]


def resource_faults(resources: Object) -> Iterator[Fault]:
    """Yield what is refused of requests and limits."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for part, asked in (("limits", limits), ("requests", requests)):
        for name, value in asked.items():
            if value is not None:
                yield from (fault.at("resources", part, name) for fault in _asked(name, value))
    for name, wanted in requests.items():
        yield from (
            fault.at("resources", "requests", name)
            for fault in _related(name, wanted, limits.get(name))
        )


def _asked(name: str, value: object) -> Iterator[Fault]:
    if "/" not in name and not _STANDARD.fullmatch(name):
        message = f"{shown(name)} is no resource of a container"
        hint = did_you_mean("nvidia.com/gpu" if "gpu" in name else None)
        yield Fault("invalid-name", (), message, hint or "other resources have a prefix and a '/'")
        return
    yield from qualified_name(name)
    wrong = quantity(value)
    yield from wrong
    if not wrong and not _is_divisible(name) and magnitude(value) % 1:
        message = f"{shown(value)} of {name} is no whole number"
        yield Fault("invalid-quantity", (), message, "write a whole number")


def _related(name: str, wanted: object, limit: object) -> Iterator[Fault]:
    if (
        wanted == limit
        or wanted is None
        or quantity(wanted)
        or (limit is not None and quantity(limit))
    ):
        return
    if limit is None:
        if not _is_shared(name):
            message = f"the container asks for {wanted} of {name}, and has no limit of it"
            yield conflict((), message, "set the same amount as the limit")
    elif magnitude(wanted) > magnitude(limit):
        message = f"the container asks for {wanted} of {name}, and may use {limit}"
        yield conflict((), message, "raise the limit, or ask for less")
    elif not _is_shared(name) and magnitude(wanted) != magnitude(limit):
        message = f"the container asks for {wanted} of {name}, and its limit is {limit}"
        yield conflict((), message, "set the same amount for both")


def _is_divisible(name: str) -> bool:
    return "/" not in name or "kubernetes.io/" in name


def _is_shared(name: str) -> bool:
    """Tell whether more may be promised than there is."""
    return _is_divisible(name) and not name.startswith("hugepages-")
