"""How many containers of a service there are, and how much each may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8sgen_core.carriers import because, derived, origin_of, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.model import Container, Workload
from k8sgen_core.templates.compose_values import cores, size


def replicas(owner: Container) -> int | None:
    """Return how many containers are asked for; of automatic scaling the fewest."""
    if not isinstance(owner, Workload) or owner.controller in ("DaemonSet", "Job"):
        return None
    return owner.replicas if owner.scale is None else owner.scale.minimum


def deployment(project: Project, owner: Container) -> Object:
    """Return the part of a service that says how it is deployed."""
    made: Object = {}
    count = replicas(owner)
    if count is not None and _may_repeat(project, owner, count):
        made["replicas"] = count
    if isinstance(owner, Workload) and owner.suspend:
        made["replicas"] = because(owner.suspend, 0)
    resources = _resources(owner.resources)
    if resources:
        made["resources"] = resources
    return made


def _may_repeat(project: Project, owner: Container, count: int) -> bool:
    """Would several containers write to one volume that was meant for each?"""
    if not isinstance(owner, Workload) or owner.controller != "StatefulSet":
        return True
    if int(count) < 2 or not owner.storage:
        return True
    project.cannot(
        f"Docker Compose has one volume for all containers of {plain(owner.name)}: one is run",
        origin_of(count),
        "run one, or describe several applications",
    )
    return False


def _resources(given: Mapping[str, Any]) -> Object:
    limits: Object = {}
    reservations: Object = {}
    for place, suffix in ((limits, "_limit"), (reservations, "")):
        if f"cpu{suffix}" in given:
            place["cpus"] = derived(given[f"cpu{suffix}"], cores)
        if f"memory{suffix}" in given:
            place["memory"] = derived(given[f"memory{suffix}"], size)
    if given.get("gpu"):
        device = {"driver": "nvidia", "count": given["gpu"], "capabilities": ["gpu"]}
        reservations["devices"] = because(given["gpu"], [device])
    found = {"limits": limits, "reservations": reservations}
    return {key: value for key, value in found.items() if value}
