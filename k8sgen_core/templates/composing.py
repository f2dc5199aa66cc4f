"""The part of the context that speaks Docker Compose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8sgen_core.carriers import Dict, List, caused, derived, origin_of, plain
from k8sgen_core.kubernetes.lowered import Problem, Rendered
from k8sgen_core.model import Workload
from k8sgen_core.sharing import replacing
from k8sgen_core.templates.compose_values import cores, health_of, seconds, size
from k8sgen_core.templates.values import Fields, Worded

HEALTHCHECK = ("test", "interval", "timeout", "retries", "start_period")
DEPLOY = ("replicas", "resources", "restart_policy")
_LIMITS = ("memory_limit", "cpu_limit", "memory_request", "cpu_request")
_POLICY = ("condition", "delay", "max_attempts")


def fields(
    title: str, known: tuple[str, ...], given: Mapping[str, Any], cause: object = None
) -> Fields:
    """Return a mapping whose names are documented; what is ``None`` is unset."""
    made = Fields({name: value for name, value in given.items() if value is not None})
    made.known, made.title, made.origin = known, title, origin_of(cause)
    return made


def depends_on(workload: Workload) -> Any:
    """Return what must run before."""
    known = ("name", "condition")
    made = [fields("depends_on", known, {"name": each.name}, each) for each in workload.depends_on]
    return List(made) if made else None


def volumes(workload: Workload) -> Any:
    """Return the volumes of a container: its storage by name, and folders of the host."""
    made = [_volume(each, workload.name + "-data", each.mount_path) for each in workload.storage]
    for volume in workload.volumes:
        host = volume.source.get("hostPath")
        if host:
            made.append(_volume(volume, host["path"], volume.mount_path))
    return List(made) if made else None


def _volume(cause: Any, name: str, mount_path: str) -> Worded:
    made = Worded({"name": name, "mount_path": mount_path})
    made.origin = cause.origin
    made.text = name + ":" + mount_path
    return made


def volumes_section(workload: Workload) -> Any:
    """Return the named volumes that the file must declare."""
    if not workload.storage:
        return None
    cause = workload.storage[0]
    made = Dict({workload.name + "-data": fields("volume", ("driver", "driver_opts"), {})})
    made.origin = cause.origin
    return made


def healthcheck(workload: Workload) -> Any:
    """Return the check that tells whether a container is healthy."""
    probe = health_of(workload)
    if probe is None:
        return None
    settings = probe.settings
    given = {
        "test": List(["CMD", *settings["exec"]["command"]]),
        "interval": _derived(settings.get("periodSeconds"), seconds),
        "timeout": _derived(settings.get("timeoutSeconds"), seconds),
        "retries": settings.get("failureThreshold"),
        "start_period": _derived(settings.get("initialDelaySeconds"), seconds),
    }
    return fields("healthcheck", HEALTHCHECK, given, probe)


def _derived(value: Any, write: Callable[[Any], str]) -> Any:
    return None if value is None else derived(value, write)


def deploy(workload: Workload) -> Any:
    """Return how many containers run, and what they may use."""
    given = workload.resources
    limits = {
        "memory_limit": _derived(given.get("memory_limit"), size),
        "cpu_limit": _derived(given.get("cpu_limit"), cores),
        "memory_request": _derived(given.get("memory"), size),
        "cpu_request": _derived(given.get("cpu"), cores),
    }
    found: dict[str, Any] = {"replicas": workload.replicas}
    if any(value is not None for value in limits.values()):
        found["resources"] = fields("deploy.resources", _LIMITS, limits)
    return fields("deploy", DEPLOY, found) if found != {"replicas": None} else None


def nameless(rendered: Rendered) -> Iterator[Problem]:
    """Take away the name of containers that are several, which Docker Compose refuses."""
    services = rendered.object["services"]
    for service in services.values() if isinstance(services, dict) else ():
        told = service.get("deploy") if isinstance(service, dict) else None
        count = told.get("replicas") if isinstance(told, dict) else None
        if not isinstance(count, int) or "container_name" not in service:
            continue
        if count <= 1:
            named = caused(replacing(origin_of(count)), service["container_name"])
            service["container_name"] = named
            continue
        del service["container_name"]
        yield Problem(
            "setting-not-supported",
            f"{plain(count)} containers cannot have one name: container_name is left out",
            origin_of(count) or rendered.use.origin,
            "leave container_name out of the template, or run one container",
            severity="warning",
        )
