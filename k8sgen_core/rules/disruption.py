"""Disruption: which pods stay while nodes are drained, fail, or get a new version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.rules.cluster import matches
from k8sgen_core.rules.manifest import Manifest, Pod, items, mapping, sequence, whole
from k8sgen_core.rules.rule import Flaw, rule

_BUDGET = "PodDisruptionBudget"
_REPLICATED = (
    "Deployment",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "DeploymentConfig",
)
_PLACES = (
    "kubernetes.io/hostname",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
)
_GRADUAL = (None, "RollingUpdate", "Rolling")


@rule("no-disruption-budget", on=Manifest, kinds=("Deployment", "StatefulSet"))
def no_disruption_budget(manifest: Manifest) -> Iterator[Flaw]:
    """Flag several pods of which all may be away at once."""
    relations = manifest.cluster.relations
    count = relations.replicas_of(manifest)
    if count > 1 and not relations.budgets_of(manifest):
        yield Flaw(
            (),
            f"no disruption budget keeps any of the {count} pods of {manifest.title}"
            " while nodes are drained",
            "add a PodDisruptionBudget, in the DSL .disruption_budget(max_unavailable=1)",
        )


@rule("pdb-without-policy", on=Manifest, kinds=(_BUDGET,))
def pdb_without_policy(manifest: Manifest) -> Iterator[Flaw]:
    """Flag budgets that say no number."""
    spec = manifest.spec
    if spec.get("minAvailable") is None and spec.get("maxUnavailable") is None:
        yield Flaw(
            ("spec",),
            f"{manifest.title} says neither minAvailable nor maxUnavailable",
            "set spec.maxUnavailable, for example to 1",
        )


@rule("pdb-max-unavailable", on=Manifest, kinds=(_BUDGET,))
def pdb_max_unavailable(manifest: Manifest) -> Iterator[Flaw]:
    """Flag budgets that let no pod go."""
    value = manifest.spec.get("maxUnavailable")
    if value in (0, "0", "0%") and not isinstance(value, bool):
        yield Flaw(
            ("spec", "maxUnavailable"),
            f"with maxUnavailable {value} {manifest.title} lets no pod go,"
            " and no node of theirs be drained",
            "let at least one go",
        )


@rule("pdb-min-available", on=Manifest, kinds=(_BUDGET,))
def pdb_min_available(manifest: Manifest) -> Iterator[Flaw]:
    """Flag budgets that need all pods that there are."""
    value = manifest.spec.get("minAvailable")
    if value is None:
        return
    path, hint = ("spec", "minAvailable"), "let at least one go, or use maxUnavailable: 1"
    if value == "100%":
        yield Flaw(path, f"{manifest.title} wants all pods to stay, so none is evicted", hint)
        return
    cluster = manifest.cluster
    for pods in cluster.running_around(mapping(manifest.spec, "selector"), manifest.namespace):
        count = cluster.relations.replicas_of(pods)
        if pods.kind in _REPLICATED and 0 < count <= _share(value, count):
            message = f"{manifest.title} wants {value} of the {count} pods of {pods.title} to stay"
            yield Flaw(path, f"{message}, so none is evicted", hint)


def _share(value: Any, count: int) -> int:
    """Return how many of so many pods a number or a percentage is, rounded up."""
    if isinstance(value, str):
        percent = value.removesuffix("%")
        return -(-count * int(percent) // 100) if percent.isdecimal() else 0
    return whole(value, 0)


@rule("pdb-unhealthy-pod-eviction-policy", on=Manifest, kinds=(_BUDGET,))
def pdb_unhealthy_pod_eviction_policy(manifest: Manifest) -> Iterator[Flaw]:
    """Flag budgets that keep pods on a node though they do not work."""
    if manifest.spec.get("unhealthyPodEvictionPolicy") is None:
        yield Flaw(
            ("spec",),
            f"{manifest.title} does not say whether pods that are not ready may be evicted",
            "set spec.unhealthyPodEvictionPolicy to AlwaysAllow",
        )


@rule("no-anti-affinity", on=Manifest, kinds=_REPLICATED)
def no_anti_affinity(manifest: Manifest) -> Iterator[Flaw]:
    """Flag several pods that may all be on one node."""
    pod = manifest.pod
    count = manifest.cluster.relations.replicas_of(manifest)
    if count < 2 or pod is None or _is_spread(pod) or _is_apart(pod):
        return
    yield Flaw(
        (*pod.path, "spec"),
        f"all {count} pods of {manifest.title} may be on one node",
        "add a topologySpreadConstraint or podAntiAffinity,"
        ' in the DSL .spread("kubernetes.io/hostname")',
    )


def _is_spread(pod: Pod) -> bool:
    return any(
        each.get("labelSelector") is None or matches(pod.labels, mapping(each, "labelSelector"))
        for _, each in items(pod.spec, "topologySpreadConstraints")
    )


def _is_apart(pod: Pod) -> bool:
    rules = mapping(pod.spec, "affinity", "podAntiAffinity")
    required = items(rules, "requiredDuringSchedulingIgnoredDuringExecution")
    preferred = items(rules, "preferredDuringSchedulingIgnoredDuringExecution")
    terms = [each for _, each in required]
    terms += [mapping(each, "podAffinityTerm") for _, each in preferred]
    return any(_keeps_apart(each, pod) for each in terms)


def _keeps_apart(term: Mapping[str, Any], pod: Pod) -> bool:
    namespaces = sequence(term, "namespaces")
    own = pod.manifest.namespace
    return (
        term.get("topologyKey") in _PLACES
        and (not namespaces or own in namespaces or term.get("namespaceSelector") is not None)
        and matches(pod.labels, mapping(term, "labelSelector"))
    )


@rule(
    "no-rolling-update-strategy",
    on=Manifest,
    kinds=(*_REPLICATED[:2], "DaemonSet", "DeploymentConfig"),
)
def no_rolling_update_strategy(manifest: Manifest) -> Iterator[Flaw]:
    """Flag updates for which all pods go before the first new one comes."""
    field = "strategy" if manifest.kind.startswith("Deployment") else "updateStrategy"
    kind = mapping(manifest.spec, field).get("type")
    if kind in _GRADUAL or not isinstance(kind, str) or _has_claim(manifest.pod):
        return
    yield Flaw(
        ("spec", field, "type"),
        f"with {kind} an update of {manifest.title} is not rolled out pod by pod",
        "use RollingUpdate, which is the default",
    )


def _has_claim(pod: Pod | None) -> bool:
    """Does a volume go from the old pod to the new one, which both at once cannot have?"""
    return pod is not None and any(
        each.get("persistentVolumeClaim") is not None for _, each in items(pod.spec, "volumes")
    )
