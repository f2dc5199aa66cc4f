"""What Compose has no word for: each is reported at the call that set it."""

from __future__ import annotations

from typing import Any

from k8sgen_core.carriers import Origins, deep_origins, plain
from k8sgen_core.compose.project import Project
from k8sgen_core.compose.supply import is_attached
from k8sgen_core.model import (
    Bundle,
    Claim,
    ConfigMap,
    Manifests,
    Resource,
    Secret,
    Workload,
)
from k8sgen_core.parts import Asked

# Settings of workloads, with what Compose would need to have for them.
_SETTINGS = {
    "scale": "scaling by load: the fewest containers are run",
    "service_account": "service accounts",
    "node_selector": "nodes to choose from",
    "tolerations": "nodes with taints",
    "spread": "nodes to spread over",
    "disruption_budget": "nodes that are drained",
    "overrides": "Kubernetes objects that could be overridden",
    "timeout": "time limits for work",
    "parallelism": "work that is done in parallel",
    "completions": "work that is done several times",
    "ttl": "work that is removed when it is done",
}
_EVERYWHERE = {"namespace": "namespaces", "overrides": _SETTINGS["overrides"]}


def report(project: Project) -> None:
    """Report every resource, and every setting of one, that gets lost."""
    workloads = [r for r in project.resources if isinstance(r, Workload)]
    for resource in project.resources:
        _settings(project, resource, _EVERYWHERE)
        if isinstance(resource, Workload) and resource.controller == "CronJob":
            _no_place(project, resource, "a schedule", "start it with cron: docker compose run")
        elif isinstance(resource, Workload):
            _settings(project, resource, _SETTINGS)
        elif isinstance(resource, ConfigMap | Secret):
            if not is_attached(resource, workloads):
                _no_place(project, resource, "settings that no service uses", None)
        elif isinstance(resource, Bundle):
            _manifests(project, resource)
        elif not isinstance(resource, Claim):
            _no_place(project, resource, _kind(resource), None)


def _kind(resource: Resource) -> str:
    if isinstance(resource, Manifests):
        return "manifests of Kubernetes"
    kind = getattr(resource, "kind", None)
    return f"a {plain(kind) if kind else type(resource).__name__}"


def _no_place(project: Project, resource: Resource, what: str, hint: str | None) -> None:
    message = f"Docker Compose has no place for {what}: {plain(resource.name)} is left out"
    project.cannot(message, resource.origin, hint)


def _manifests(project: Project, bundle: Bundle) -> None:
    if bundle.objects:
        _no_place(project, bundle, "manifests of Kubernetes that a plugin generates", None)


def _settings(project: Project, resource: Resource, table: dict[str, str]) -> None:
    for field, what in table.items():
        value = getattr(resource, field, None)
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None and each != {}:
                project.cannot(f"Docker Compose has no {what}", _origin(each))


def _origin(value: Any) -> Origins:
    return value.origin if isinstance(value, Asked) else deep_origins(value)
