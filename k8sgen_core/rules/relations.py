"""What objects are to each other: which serve, protect, scale and make which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from k8sgen_core.rules.manifest import Manifest, mapping, whole

if TYPE_CHECKING:
    from k8sgen_core.rules.cluster import Cluster

# By the identity of the object: manifests are as many as objects, and live as long as these.
ByObject: TypeAlias = Mapping[int, Sequence[Manifest]]

SCALERS = ("HorizontalPodAutoscaler", "ScaledObject")
# Custom resources that make a Secret, and where they say its name unless it is their own.
_SECRET_MAKERS: Mapping[str, tuple[str, ...]] = {
    "Certificate": ("secretName",),
    "ExternalSecret": ("target", "name"),
    "SealedSecret": ("template", "metadata", "name"),
}


class Relations:
    """What objects that are judged together are to each other."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def services_of(self, manifest: Manifest) -> Sequence[Manifest]:
        """Return the Services that select the pods of an object."""
        return self._services.get(id(manifest), ())

    def budgets_of(self, manifest: Manifest) -> Sequence[Manifest]:
        """Return the disruption budgets that count the pods of an object."""
        return self._budgets.get(id(manifest), ())

    def scalers_of(self, manifest: Manifest) -> Sequence[Manifest]:
        """Return the autoscalers that decide how many pods an object has."""
        return self._scalers.get(id(manifest), ())

    def replicas_of(self, manifest: Manifest) -> int:
        """Return how many pods an object has at least."""
        scalers = self.scalers_of(manifest)
        if scalers:
            return min(map(fewest, scalers))
        return whole(manifest.spec.get("replicas"), 1)

    def is_promised(self, kind: str, name: str) -> bool:
        """Will a custom resource make an object of this kind and name?"""
        return (kind, name) in self._promised

    @cached_property
    def _services(self) -> ByObject:
        found: dict[int, list[Manifest]] = defaultdict(list)
        for each in self._cluster.by_kind.get("Service", ()):
            selector = mapping(each.spec, "selector")
            if selector:
                for pods in self._cluster.running_around({"matchLabels": selector}, each.namespace):
                    found[id(pods)].append(each)
        return found

    @cached_property
    def _budgets(self) -> ByObject:
        found: dict[int, list[Manifest]] = defaultdict(list)
        for each in self._cluster.by_kind.get("PodDisruptionBudget", ()):
            for pods in self._cluster.running_around(
                mapping(each.spec, "selector"), each.namespace
            ):
                found[id(pods)].append(each)
        return found

    @cached_property
    def _scalers(self) -> ByObject:
        found: dict[int, list[Manifest]] = defaultdict(list)
        for kind in SCALERS:
            for each in self._cluster.by_kind.get(kind, ()):
                scaled = self._cluster.found(*target(each), each.namespace)
                if scaled is not None:
                    found[id(scaled)].append(each)
        return found

    @cached_property
    def _promised(self) -> frozenset[tuple[str, str]]:
        return frozenset(("Secret", name) for name in self._secrets())

    def _secrets(self) -> Iterator[str]:
        for kind, path in _SECRET_MAKERS.items():
            for each in self._cluster.by_kind.get(kind, ()):
                name = mapping(each.spec, *path[:-1]).get(path[-1])
                yield name if isinstance(name, str) else each.name


def target(scaler: Manifest) -> tuple[str, str]:
    """Return the kind and the name of what an autoscaler scales."""
    reference = mapping(scaler.spec, "scaleTargetRef")
    return str(reference.get("kind") or "Deployment"), str(reference.get("name") or "")


def fewest(scaler: Manifest) -> int:
    """Return the fewest pods that an autoscaler goes down to."""
    if scaler.kind == "ScaledObject":
        return whole(scaler.spec.get("minReplicaCount"), 0)
    return whole(scaler.spec.get("minReplicas"), 1)
