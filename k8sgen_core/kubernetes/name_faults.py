"""Names, labels and ports that an API server refuses, though their schema allows any text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from k8sgen_core.grammar import ArgumentError, labels, names, ports
from k8sgen_core.kubernetes.pod_faults import Fault

_Check = Callable[[Any], object]
_NAMED = partial(names.subdomain, what="the name")
_OF_KINDS: Mapping[str, _Check] = {
    **dict.fromkeys(
        (
            *("Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"),
            *("ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim", "Ingress"),
            *("HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy"),
        ),
        _NAMED,
    ),
    "Service": names.service_name,
    "Namespace": partial(names.label_name, what="the name of a namespace"),
}
_CONTAINER = partial(names.label_name, what="the name of a container")


@lru_cache(maxsize=1 << 14)
def _refusal(check: _Check, given: object) -> tuple[str, str, str | None] | None:
    """Return why a name is refused; those of one run have most of theirs in common."""
    try:
        check(given)
    except ArgumentError as error:
        return error.rule, error.message, error.hint
    return None


def name_faults(made: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is refused of the metadata of an object."""
    metadata = made.get("metadata") or {}
    check = _OF_KINDS.get(made["kind"])
    if check is not None and "name" in metadata:
        yield from _judged(check, metadata["name"], "metadata", "name")
    for fault in label_faults(metadata):
        yield fault.at("metadata")


def label_faults(metadata: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is refused of labels and annotations."""
    for key, value in (metadata.get("labels") or {}).items():
        yield from _judged(labels.label_key, key, "labels", key)
        yield from _judged(labels.label_value, value, "labels", key)
    for key in metadata.get("annotations") or {}:
        yield from _judged(labels.annotation_key, key, "annotations", key)


def container_faults(container: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is refused of the names and ports of a container."""
    if container.get("name") is not None:
        yield from _judged(_CONTAINER, container["name"], "name")
    for index, port in enumerate(container.get("ports") or ()):
        yield from _judged(ports.port, port["containerPort"], "ports", index, "containerPort")
        if port.get("name") is not None:
            yield from _judged(names.port_name, port["name"], "ports", index, "name")
    for index, variable in enumerate(container.get("env") or ()):
        yield from _judged(names.environment_variable, variable["name"], "env", index, "name")


def _judged(check: _Check, given: object, *path: str | int) -> Iterator[Fault]:
    refused = _refusal(check, given)
    if refused is not None:
        rule, message, hint = refused
        yield Fault(rule, path, message, hint)
