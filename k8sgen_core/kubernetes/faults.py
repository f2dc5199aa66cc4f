"""What an API server refuses of single objects, though their schema allows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8sgen_core.kubernetes.name_faults import container_faults, label_faults, name_faults
from k8sgen_core.kubernetes.pod_faults import Fault, containers_of, pod_faults
from k8sgen_core.kubernetes.references import pod_template

_MEBIBYTE = 1 << 20
_SELECTING = ("Deployment", "StatefulSet", "DaemonSet")


def faults(made: Mapping[str, Any], version: str) -> Iterator[Fault]:
    """Yield what is refused of an object that fits its schema."""
    template = pod_template(made)
    if template is not None:
        path = _TEMPLATES.get(made["kind"], ("spec", "template"))
        for fault in pod_faults(template.get("spec") or {}, version):
            yield fault.at(*path, "spec")
        for place, container in containers_of(template.get("spec") or {}):
            for fault in container_faults(container):
                yield fault.at(*path, "spec", *place)
        if path:
            for fault in label_faults(template.get("metadata") or {}):
                yield fault.at(*path, "metadata")
    yield from name_faults(made)
    check = _CHECKS.get(made["kind"])
    if check is not None:
        yield from check(made)


def _controller(made: Mapping[str, Any]) -> Iterator[Fault]:
    spec = made.get("spec") or {}
    chosen = (spec.get("selector") or {}).get("matchLabels") or {}
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    for key, value in chosen.items():
        if labels.get(key) != value:
            yield Fault(
                "conflicting-settings",
                ("spec", "selector", "matchLabels", key),
                f"it selects pods with the label {key}: {value}, which its own pods lack",
                "give the labels of the pod template the same value",
            )
    for index, claim in enumerate(spec.get("volumeClaimTemplates") or ()):
        for fault in _claim(claim):
            yield fault.at("spec", "volumeClaimTemplates", index)


def _claim(made: Mapping[str, Any]) -> Iterator[Fault]:
    modes = (made.get("spec") or {}).get("accessModes") or ()
    if "ReadWriteOncePod" in modes and len(modes) > 1:
        yield Fault(
            "conflicting-settings",
            ("spec", "accessModes"),
            "ReadWriteOncePod excludes every other access mode",
            "leave out the others, or ReadWriteOncePod",
        )


def _config_map(made: Mapping[str, Any]) -> Iterator[Fault]:
    data = {**(made.get("data") or {}), **(made.get("binaryData") or {})}
    size = sum(len(value.encode("utf-8", "surrogatepass")) for value in data.values())
    if size > _MEBIBYTE:
        yield Fault(
            "invalid-value",
            ("data",),
            f"the ConfigMap has {size} bytes, and may have {_MEBIBYTE}",
            "split it, or keep large files in a volume or the image",
        )


def _service(made: Mapping[str, Any]) -> Iterator[Fault]:
    spec = made.get("spec") or {}
    if spec.get("type") == "ExternalName" and not spec.get("externalName"):
        message = "a Service of the type ExternalName says no externalName"
        yield Fault("missing-setting", ("spec", "type"), message)


_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Fault]]] = {
    **dict.fromkeys(_SELECTING, _controller),
    "PersistentVolumeClaim": _claim,
    "ConfigMap": _config_map,
    "Service": _service,
}
