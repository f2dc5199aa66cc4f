"""What an API server refuses of limits, quotas and priorities."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.faults.fault import Fault, Object, conflict, each, fields, one_of, values
from k8sgen_core.faults.words import magnitude, quantity

_MOST_PRIORITY = 1_000_000_000
_SYSTEM = ("system-node-critical", "system-cluster-critical")
_AMOUNTS = values(quantity)
_PARTS = ("min", "max", "default", "defaultRequest", "maxLimitRequestRatio")
_LIMITS = fields({"limits": each(fields(dict.fromkeys(_PARTS, _AMOUNTS)))})
_QUOTA = fields({"hard": _AMOUNTS})
_PRIORITY = fields({"preemptionPolicy": one_of("PreemptLowerPriority", "Never")})
_ORDERED = (
    ("min", "max"),
    ("min", "defaultRequest"),
    ("defaultRequest", "default"),
    ("min", "default"),
    ("default", "max"),
    ("defaultRequest", "max"),
)


def limit_range(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a LimitRange."""
    spec = made.get("spec") or {}
    found = list(_LIMITS(spec))
    for index, limit in enumerate(spec.get("limits") or () if not found else ()):
        found += [fault.at("limits", index) for fault in _ordered(limit)]
    yield from (fault.at("spec") for fault in found)


def _ordered(limit: Object) -> Iterator[Fault]:
    for lower, upper in _ORDERED:
        small, large = limit.get(lower) or {}, limit.get(upper) or {}
        for name in small.keys() & large.keys():
            if None not in (small[name], large[name]) and magnitude(small[name]) > magnitude(
                large[name]
            ):
                message = f"{lower} of {name} is {small[name]}, more than {upper}, {large[name]}"
                yield conflict((lower, name), message, "exchange the two")


def quota(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a ResourceQuota."""
    yield from (fault.at("spec") for fault in _QUOTA(made.get("spec") or {}))


def priority(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a PriorityClass."""
    yield from _PRIORITY(made)
    name, value = (made.get("metadata") or {}).get("name") or "", made.get("value") or 0
    if name in _SYSTEM:
        return
    if value > _MOST_PRIORITY:
        message = f"{value} is a priority of the system: others have {_MOST_PRIORITY} at most"
        yield Fault("invalid-value", ("value",), message, f"the nearest is {_MOST_PRIORITY}")
    if name.startswith("system-"):
        message = f"{name!r} begins with 'system-', which is kept for the system"
        yield Fault("invalid-name", ("metadata", "name"), message, "rename it")
