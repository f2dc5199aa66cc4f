"""Which objects refer to which: for previews and graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from k8sgen_core.carriers import plain
from k8sgen_core.kubernetes.lowered import Lowered
from k8sgen_core.model import Workload

_POD_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod")


class Reference(NamedTuple):
    """One object refers to another."""

    origin: str
    target: str
    kind: str


def references(lowered: Sequence[Lowered]) -> list[Reference]:
    """Return the references between objects, in the order of the objects."""
    values = [(each.title, plain(each.object)) for each in lowered]
    titles = {title for title, _ in values}
    found = []
    for each, (title, value) in zip(lowered, values, strict=True):
        found += [Reference(title, target, "selects") for target in _selected(value, values)]
        found += [
            Reference(title, target, kind)
            for target, kind in _named(value)
            if target in titles and target != title
        ]
        found += [Reference(title, t, k) for t, k in _told(each, titles)]
    return list(dict.fromkeys(found))


def _selected(value: Mapping[str, Any], objects: Sequence[tuple[str, Any]]) -> Iterator[str]:
    kind, spec = value["kind"], value.get("spec") or {}
    if kind == "Service":
        wanted = spec.get("selector")
    elif kind in ("PodDisruptionBudget", "NetworkPolicy"):
        chosen = spec.get("selector" if kind == "PodDisruptionBudget" else "podSelector") or {}
        wanted = chosen.get("matchLabels")
    else:
        return
    namespace = value["metadata"].get("namespace")
    for title, other in objects:
        template = pod_template(other)
        if wanted and template and other["metadata"].get("namespace") == namespace:
            labels = (template.get("metadata") or {}).get("labels") or {}
            if wanted.items() <= labels.items():
                yield title


def pod_template(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the pod template of a workload's object."""
    if value["kind"] not in _POD_KINDS:
        return None
    spec = value.get("spec") or {}
    if value["kind"] == "CronJob":
        spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    return value if value["kind"] == "Pod" else spec.get("template")


def _named(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    spec = value.get("spec") or {}
    if value["kind"] == "HorizontalPodAutoscaler":
        target = spec.get("scaleTargetRef") or {}
        yield _title(target.get("kind"), target.get("name")), "scales"
    for name in _backends(value["kind"], spec):
        yield _title("Service", name), "routes"
    for subject in value.get("subjects") or ():
        yield _title(subject.get("kind"), subject.get("name")), "binds"
    role = value.get("roleRef") or {}
    if role:
        yield _title(role.get("kind"), role.get("name")), "binds"
    template = pod_template(value)
    if template:
        yield from _used((template.get("spec")) or {})


def _title(kind: Any, name: Any) -> str:
    return "".join((str(kind), "/", str(name)))


def _backends(kind: str, spec: Mapping[str, Any]) -> Iterator[str]:
    for rule in spec.get("rules") or () if kind in ("Ingress", "HTTPRoute") else ():
        for path in (rule.get("http") or {}).get("paths") or ():
            service = (path.get("backend") or {}).get("service") or {}
            yield str(service.get("name"))
        for backend in rule.get("backendRefs") or ():
            yield str(backend.get("name"))


def _used(pod: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "serviceAccountName" in pod:
        yield _title("ServiceAccount", pod["serviceAccountName"]), "runs-as"
    for volume in pod.get("volumes") or ():
        for field, kind, name in _SOURCES:
            if field in volume:
                yield _title(kind, volume[field].get(name)), "mounts"
    for container in [*(pod.get("initContainers") or ()), *(pod.get("containers") or ())]:
        yield from _variables(container)


def _variables(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for source in container.get("envFrom") or ():
        for field, kind in _FROM:
            if field in source:
                yield _title(kind, source[field].get("name")), "uses"
    for variable in container.get("env") or ():
        chosen = variable.get("valueFrom") or {}
        for field, kind in _KEYS:
            if field in chosen:
                yield _title(kind, chosen[field].get("name")), "uses"


_SOURCES = (
    ("configMap", "ConfigMap", "name"),
    ("secret", "Secret", "secretName"),
    ("persistentVolumeClaim", "PersistentVolumeClaim", "claimName"),
)
_FROM = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))
_KEYS = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))


def _told(each: Lowered, titles: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what ``depends_on`` and ``connect_to`` say of a workload."""
    workload = each.resource
    if not isinstance(workload, Workload) or plain(each.object["kind"]) != workload.controller:
        return
    for named, kind in (
        *((n, "depends-on") for n in workload.depends_on),
        *((n, "connects-to") for n in workload.connect_to),
    ):
        for wanted in _POD_KINDS:
            title = _title(wanted, plain(named.name))
            if title in titles:
                yield title, kind
