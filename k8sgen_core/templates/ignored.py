"""What a workload sets and its template leaves out: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from k8sgen_core.carriers import Origins, deep_origins, origin_of, plain
from k8sgen_core.kubernetes.lowered import Problem
from k8sgen_core.model import Workload
from k8sgen_core.parts import TemplateUse
from k8sgen_core.templates.compose_values import health_of

# A setting, and the names of the context that a template can read instead.
_READ: Mapping[str, tuple[str, ...]] = {
    "image": ("image", "version"),
    "command": ("command",),
    "args": ("args",),
    "ports": ("port", "ports"),
    "resources": ("resources", "deploy"),
    "probes": ("health", "healthcheck"),
    "replicas": ("replicas", "deploy"),
    "service_account": ("service_account",),
    "node_selector": ("node_selector",),
    "security_context": ("security_context", "hardened"),
    "hardened": ("hardened", "security_context"),
    "storage": ("storage", "volumes"),
}
_UNKNOWN = ("attachments", "companions", "volumes", "tolerations", "spread", "hooks")
# What Docker Compose has no word for is reported whether there is a template or not; companions
# are services of their own.
_NOT_OF_COMPOSE = frozenset(
    ("probes", "service_account", "node_selector", "companions", "tolerations", "spread")
)


def ignored(workload: Workload, use: TemplateUse, read: set[str]) -> Iterator[Problem]:
    """Yield a warning for each setting of the pods that the template of their kind ignores."""
    yield from _ignored(workload, use, read, _READ.keys(), _UNKNOWN)


def ignored_by_compose(workload: Workload, use: TemplateUse, read: set[str]) -> Iterator[Problem]:
    """Yield a warning for each setting of a service that its template ignores."""
    probe = health_of(workload)
    if probe is not None and not read.intersection(_READ["probes"]):
        yield _problem(workload, use, probe.origin, "{{ healthcheck }}")
    known = [setting for setting in _READ if setting not in _NOT_OF_COMPOSE]
    others = [setting for setting in _UNKNOWN if setting not in _NOT_OF_COMPOSE]
    if "volumes" in read:
        others.remove("volumes")
    yield from _ignored(workload, use, read, known, others)


def _ignored(
    workload: Workload,
    use: TemplateUse,
    read: set[str],
    known: Iterable[str],
    others: Iterable[str],
) -> Iterator[Problem]:
    for setting in known:
        value, names = getattr(workload, setting), _READ[setting]
        if value and not read.intersection(names):
            yield _problem(workload, use, _origin(value), f"{{{{ {names[0]} }}}}")
    for setting in others:
        for part in getattr(workload, setting) or ():
            owner = workload.hooks[part] if setting == "hooks" else part
            yield _problem(workload, use, owner.origin, None)
    for variable in workload.variables.values():
        if variable.value is None:
            yield _problem(workload, use, variable.origin, None)
        elif "environment" not in read:
            yield _problem(workload, use, _origin(variable.value), "{{ environment }}")


def _origin(value: Any) -> Origins:
    if isinstance(value, Mapping):
        return next(map(_origin, value.values()))
    if isinstance(value, tuple | list):
        return _origin(value[0])
    return deep_origins(value) or origin_of(value)


def _problem(workload: Workload, use: TemplateUse, origin: Origins, reading: str | None) -> Problem:
    name = plain(use.name)
    return Problem(
        "setting-not-supported",
        f"the template {name!r} leaves this out",
        origin or use.origin,
        f"read {reading} in it" if reading else "say it in the template, or with override(...)",
        severity="warning",
        resource=workload,
    )
