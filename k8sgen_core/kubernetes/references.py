"""Which objects refer to which: for previews and graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from k8sgen_core.carriers import plain
from k8sgen_core.kubernetes.lowered import Lowered
from k8sgen_core.model import Workload

# A label of pods in a namespace.
Label: TypeAlias = tuple[Any, str, Any]
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


def _labelled(objects: Sequence[tuple[str, Any]]) -> Mapping[Label, Mapping[int, str]]:
    """Return what runs pods by each label that they have in a namespace: numbers and titles."""
    found: dict[Label, dict[int, str]] = defaultdict(dict)
    for number, (title, value) in enumerate(objects):
        template = pod_template(value)
        if template:
            for label in _labels(value, _at(template, "metadata", "labels")):
                found[label][number] = title
    return found


def _labels(value: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Label]:
    namespace = value["metadata"].get("namespace")
    for key, given in labels.items():
        # Whether it must be text is for its schema to say.
        yield namespace, key, given if isinstance(given, str) else (repr(given),)


def _selected(
    value: Mapping[str, Any], labelled: Mapping[Label, Mapping[int, str]]
) -> Iterator[str]:
    kind = value["kind"]
    if kind not in _SELECTING:
        return
    wanted = _at(value, "spec", *_SELECTING[kind])
    having = [labelled.get(label, {}) for label in _labels(value, wanted)]
    for number, title in min(having, key=len, default=cast("dict[int, str]", {})).items():
        if all(number in others for others in having):
            yield title


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
