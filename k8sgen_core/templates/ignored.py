"""What a workload sets and its template leaves out: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.carriers import Origins, deep_origins, origin_of, plain
from k8sgen_core.kubernetes.lowered import Problem
from k8sgen_core.model import Workload
from k8sgen_core.parts import TemplateUse

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


def ignored(workload: Workload, use: TemplateUse, read: set[str]) -> Iterator[Problem]:
    """Yield a warning for each setting of the pods that the template of their kind ignores."""
    for setting, names in _READ.items():
        value = getattr(workload, setting)
        if value and not read.intersection(names):
            yield _problem(workload, use, _origin(value), f"{{{{ {names[0]} }}}}")
    for setting in _UNKNOWN:
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
