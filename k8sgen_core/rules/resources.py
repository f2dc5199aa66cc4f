"""Resources: what a container asks for, and what it may use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from k8sgen_core.grammar import ArgumentError
from k8sgen_core.grammar.quantity import amount
from k8sgen_core.rules.manifest import Container, mapping
from k8sgen_core.rules.rule import Flaw, rule

if TYPE_CHECKING:
    from fractions import Fraction

_EQUAL = ("cpu", "memory")
_EPHEMERAL = "ephemeral-storage"


@rule("unset-cpu-requirements", on=Container)
def unset_cpu_requirements(container: Container) -> Iterator[Flaw]:
    """Flag containers for which no CPU is set aside."""
    if _lacks(container, "requests", "cpu"):
        yield _unset(container, "CPU request", 'cpu="100m"')


@rule("no-memory-request", on=Container)
def no_memory_request(container: Container) -> Iterator[Flaw]:
    """Flag containers for which no memory is set aside."""
    if _lacks(container, "requests", "memory"):
        yield _unset(container, "memory request", 'memory="128Mi"')


@rule("unset-memory-requirements", on=Container)
def unset_memory_requirements(container: Container) -> Iterator[Flaw]:
    """Flag containers that may use all memory of the node."""
    if _lacks(container, "limits", "memory"):
        yield _unset(container, "memory limit", 'memory_limit="256Mi"')


@rule("no-cpu-limit", on=Container)
def no_cpu_limit(container: Container) -> Iterator[Flaw]:
    """Flag containers that may use all CPU of the node."""
    if _lacks(container, "limits", "cpu"):
        yield _unset(container, "CPU limit", 'cpu_limit="1"')


@rule("no-ephemeral-storage", on=Container)
def no_ephemeral_storage(container: Container) -> Iterator[Flaw]:
    """Flag containers that may fill the disk of the node."""
    missing = [side for side in ("requests", "limits") if _lacks(container, side, _EPHEMERAL)]
    if missing:
        yield Flaw(
            ("resources",),
            f"the container {container.name!r} has no {_EPHEMERAL} in its {' and '.join(missing)}",
            f"set {_EPHEMERAL} in resources.requests and resources.limits",
        )


def _lacks(container: Container, side: str, name: str) -> bool:
    """Does nothing say this, neither for the container, nor for its pod or its namespace?"""
    if container.field == "ephemeralContainers":
        return False
    for around in (container.value, container.pod.spec):
        resources = mapping(around, "resources")
        if _is_set(resources, side, name) or (
            # What is limited and not asked for is asked for up to the limit.
            side == "requests" and _is_set(resources, "limits", name)
        ):
            return False
    manifest = container.pod.manifest
    ranges = manifest.cluster.by_kind.get("LimitRange", ())
    return not any(each.namespace == manifest.namespace for each in ranges)


def _is_set(resources: Any, side: str, name: str) -> bool:
    return mapping(resources, side).get(name) not in (None, "", 0, "0")


def _unset(container: Container, what: str, argument: str) -> Flaw:
    side = f"resources.{'limits' if what.endswith('limit') else 'requests'}"
    message = f"the container {container.name!r} has no {what}"
    return Flaw(("resources",), message, f"set {side}, in the DSL .resources({argument})")


@rule("unequal-resources", on=Container)
def unequal_resources(container: Container) -> Iterator[Flaw]:
    """Flag containers whose pods are not of the class Guaranteed."""
    return _unequal(container, _EQUAL)


@rule("unequal-ephemeral-storage", on=Container)
def unequal_ephemeral_storage(container: Container) -> Iterator[Flaw]:
    """Flag containers that may use more of the disk than they ask for."""
    return _unequal(container, (_EPHEMERAL,))


def _unequal(container: Container, names: tuple[str, ...]) -> Iterator[Flaw]:
    resources = mapping(container.value, "resources")
    requests, limits = mapping(resources, "requests"), mapping(resources, "limits")
    for name in names:
        wanted, limit = requests.get(name, limits.get(name)), limits.get(name)
        if wanted is not None and _compared(wanted, limit) != 0:
            yield Flaw(
                ("resources", "requests", name),
                f"the container {container.name!r} asks for {wanted} of {name},"
                f" and may use {'any amount' if limit is None else limit}",
                "make the request and the limit equal",
            )


def _compared(one: object, other: object) -> int | None:
    """Return how two quantities compare, as -1, 0 or 1; ``None`` if one is no quantity."""
    first, second = _amount(str(one)), _amount(str(other))
    return None if first is None or second is None else (first > second) - (first < second)


@lru_cache(maxsize=1024)
def _amount(quantity: str) -> int | Fraction | None:
    try:
        return amount(quantity)
    except ArgumentError:
        return None
