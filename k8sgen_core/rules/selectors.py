"""Selectors: that a controller finds the pods that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.rules.cluster import fits
from k8sgen_core.rules.manifest import Manifest, items, mapping
from k8sgen_core.rules.rule import Flaw, Path, rule

# Their selector is a mapping of labels.
_PLAIN = ("ReplicationController", "DeploymentConfig")
_SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


@rule("mismatching-selector", on=Manifest, kinds=(*_SELECTING, *_PLAIN))
def mismatching_selector(manifest: Manifest) -> Iterator[Flaw]:
    """Flag controllers whose selector does not select their own pods."""
    pod, path = manifest.pod, ("spec", "selector")
    if pod is None or not pod.value:
        return
    selector = mapping(manifest.spec, "selector")
    if manifest.kind in _PLAIN:
        yield from _of_labels(manifest, pod.labels, selector, path)
        return
    labels = mapping(selector, "matchLabels")
    yield from _of_labels(manifest, pod.labels, labels, (*path, "matchLabels"))
    for index, each in items(selector, "matchExpressions"):
        if not fits(pod.labels, each):
            message = f"the selector of {manifest.title} excludes its own pods"
            yield Flaw((*path, "matchExpressions", index), message, "let it select their labels")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _of_labels(
    manifest: Manifest, having: Mapping[str, Any], wanted: Mapping[str, Any], path: Path
) -> Iterator[Flaw]:
    missing = [key for key, value in wanted.items() if having.get(key) != value]
    if missing:
        text = ", ".join(f"{key}={wanted[key]}" for key in missing)
        yield Flaw(
            (*path, missing[0]),
            f"{manifest.title} selects pods with {text}, which its own pods lack",
            did_you_mean(_text(having.get(missing[0])))
            or "give the labels of the pod template the same values",
        )
