"""Which objects refer to which: for previews and graphs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from k8sgen_core.carriers import plain
from k8sgen_core.kubernetes.lowered import Lowered
from k8sgen_core.kubernetes.selecting import ByLabel
from k8sgen_core.model import Workload

# Where the kinds that select pods say which labels they want.
_SELECTING = {
    "Service": ("selector",),
    "PodDisruptionBudget": ("selector", "matchLabels"),
    "NetworkPolicy": ("podSelector", "matchLabels"),
}
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
    labelled = _labelled(values)
    found = []
    for each, (title, value) in zip(lowered, values, strict=True):
        found += [Reference(title, target, "selects") for target in _selected(value, labelled)]
        found += [
            Reference(title, target, kind)
            for target, kind in _named(value)
            if target in titles and target != title
        ]
        found += [Reference(title, t, k) for t, k in _told(each, titles)]
    return list(dict.fromkeys(found))


def _labelled(objects: Sequence[tuple[str, Any]]) -> ByLabel[str]:
    """Return the titles of what runs pods, by the labels of these."""
    found: ByLabel[str] = ByLabel(_told_apart)
    for title, value in objects:
        template = pod_template(value)
        if template:
            found.add(
                title, _at(template, "metadata", "labels"), value["metadata"].get("namespace")
            )
    return found


def _told_apart(label: Any) -> Hashable:
    """Return a label's value, or what tells one that is no text; its schema says that it must."""
    return label if isinstance(label, str) else (repr(label),)


def _selected(value: Mapping[str, Any], labelled: ByLabel[str]) -> Iterator[str]:
    kind = value["kind"]
    if kind in _SELECTING:
        wanted = _at(value, "spec", *_SELECTING[kind])
        yield from labelled.having(wanted, value["metadata"].get("namespace"))


def pod_template(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the pod template of a workload's object."""
    if value["kind"] not in _POD_KINDS:
        return None
    if value["kind"] == "Pod":
        return value
    inner = ("jobTemplate", "spec") if value["kind"] == "CronJob" else ()
    template = _at(value, "spec", *inner).get("template")
    return template if isinstance(template, Mapping) else None


def _at(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the mapping at a path; whether it must be one is for its schema to say."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _each(value: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the mappings of a list, if it is one."""
    items = value.get(name)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            yield item


def _named(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    spec = _at(value, "spec")
    if value["kind"] == "HorizontalPodAutoscaler":
        target = _at(spec, "scaleTargetRef")
        yield _title(target.get("kind"), target.get("name")), "scales"
    for name in _backends(value["kind"], spec):
        yield _title("Service", name), "routes"
    for subject in _each(value, "subjects"):
        yield _title(subject.get("kind"), subject.get("name")), "binds"
    role = _at(value, "roleRef")
    if role:
        yield _title(role.get("kind"), role.get("name")), "binds"
    template = pod_template(value)
    if template:
        yield from _used(_at(template, "spec"))


def _title(kind: Any, name: Any) -> str:
    return "".join((str(kind), "/", str(name)))


def _backends(kind: str, spec: Mapping[str, Any]) -> Iterator[str]:
    for rule in _each(spec, "rules") if kind in ("Ingress", "HTTPRoute") else ():
        for path in _each(_at(rule, "http"), "paths"):
            yield str(_at(path, "backend", "service").get("name"))
        for backend in _each(rule, "backendRefs"):
            yield str(backend.get("name"))


def _used(pod: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "serviceAccountName" in pod:
        yield _title("ServiceAccount", pod["serviceAccountName"]), "runs-as"
    for volume in _each(pod, "volumes"):
        for field, kind, name in _SOURCES:
            if field in volume:
                yield _title(kind, _at(volume, field).get(name)), "mounts"
    for container in (*_each(pod, "initContainers"), *_each(pod, "containers")):
        yield from _variables(container)


def _variables(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for source in _each(container, "envFrom"):
        for field, kind in _FROM:
            if field in source:
                yield _title(kind, _at(source, field).get("name")), "uses"
    for variable in _each(container, "env"):
        chosen = _at(variable, "valueFrom")
        for field, kind in _KEYS:
            if field in chosen:
                yield _title(kind, _at(chosen, field).get("name")), "uses"


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
