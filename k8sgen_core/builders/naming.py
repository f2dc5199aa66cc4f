"""Names of workloads: Kubernetes adds to them, and Services take them over."""

from __future__ import annotations

from k8sgen_core.grammar import ArgumentError, names

# Kubernetes appends a hash of ten characters to the label of a StatefulSet's pods, and
# the time of a run, eleven characters, to the name of a CronJob's Job.
_ROOM = 52


def workload_name(value: object, what: str) -> str:
    """Return a name that the Service of a workload can have too."""
    return names.service_name(value, what)


def short_workload_name(value: object, what: str) -> str:
    """Return a workload's name that leaves room for what Kubernetes appends."""
    return _short(workload_name(value, what))


def nearest_workload_name(given: str) -> str:
    """Return the name nearest to a text that every workload can have."""
    return names.nearest_service_name(given, _ROOM) or "app"


def schedule_name(value: object, what: str) -> str:
    """Return a CronJob's name, which leaves room for what Kubernetes appends."""
    return _short(names.label_name(value, what))


def _short(name: str) -> str:
    if len(name) > _ROOM:
        raise ArgumentError(
            "invalid-name",
            f"the name {name!r} has {len(name)} characters",
            f"at most {_ROOM}: Kubernetes appends to it, and labels end at 63",
        )
    return name
