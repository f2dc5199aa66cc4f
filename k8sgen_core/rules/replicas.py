"""Replicas: how many pods there are, and who decides it."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.rules.manifest import Manifest, whole
from k8sgen_core.rules.relations import fewest, target
from k8sgen_core.rules.rule import Flaw, rule

_REPLICATED = (
    "Deployment",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "DeploymentConfig",
)
_SCALER = "HorizontalPodAutoscaler"


@rule("single-replica", on=Manifest, kinds=("Deployment", "DeploymentConfig"))
def single_replica(manifest: Manifest) -> Iterator[Flaw]:
    """Flag a Deployment behind a Service that a single pod serves."""
    relations = manifest.cluster.relations
    if relations.scalers_of(manifest) or whole(manifest.spec.get("replicas"), 1) != 1:
        return
    services = relations.services_of(manifest)
    if services:
        yield Flaw(
            ("spec", "replicas"),
            f"a single pod serves {services[0].title}, which fails with it",
            "run at least two: spec.replicas, in the DSL .replicas(2)",
        )


@rule("minimum-three-replicas", on=Manifest, kinds=_REPLICATED)
def minimum_three_replicas(manifest: Manifest) -> Iterator[Flaw]:
    """Flag what runs on fewer pods than production wants."""
    count = whole(manifest.spec.get("replicas"), 1)
    least = whole(manifest.cluster.option("minimum-three-replicas", "minimum"), 3)
    if 0 < count < least and not manifest.cluster.relations.scalers_of(manifest):
        yield Flaw(
            ("spec", "replicas"),
            f"{manifest.title} has {count} of at least {least} replicas",
            f"set spec.replicas to {least} or more",
        )


@rule("single-replica-autoscaler", on=Manifest, kinds=(_SCALER,))
def single_replica_autoscaler(manifest: Manifest) -> Iterator[Flaw]:
    """Flag autoscalers that go down to a single pod."""
    least = fewest(manifest)
    if least == 1:
        kind, name = target(manifest)
        yield Flaw(
            ("spec", "minReplicas"),
            f"the autoscaler goes down to a single pod of {kind}/{name}",
            "set spec.minReplicas to at least 2",
        )


@rule("hpa-minimum-three-replicas", on=Manifest, kinds=(_SCALER,))
def hpa_minimum_three_replicas(manifest: Manifest) -> Iterator[Flaw]:
    """Flag autoscalers that go down to fewer pods than production wants."""
    count = fewest(manifest)
    least = whole(manifest.cluster.option("hpa-minimum-three-replicas", "minimum"), 3)
    if 0 < count < least:
        yield Flaw(
            ("spec", "minReplicas"),
            f"the autoscaler goes down to {count} of at least {least} replicas",
            f"set spec.minReplicas to {least} or more",
        )


@rule("fixed-autoscaler", on=Manifest, kinds=(_SCALER,))
def fixed_autoscaler(manifest: Manifest) -> Iterator[Flaw]:
    """Flag autoscalers that can never change anything."""
    most, least = manifest.spec.get("maxReplicas"), fewest(manifest)
    if whole(most, least + 1) <= least:
        yield Flaw(
            ("spec", "maxReplicas"),
            f"the autoscaler cannot scale: it runs at least {least} and at most {most} pods",
            "raise spec.maxReplicas, or leave the autoscaler out and set replicas",
        )


@rule("replicas-with-autoscaler", on=Manifest, kinds=("Deployment", "StatefulSet"))
def replicas_with_autoscaler(manifest: Manifest) -> Iterator[Flaw]:
    """Flag a number of pods that is applied against the one of an autoscaler."""
    if manifest.spec.get("replicas") is None:
        return
    scalers = manifest.cluster.relations.scalers_of(manifest)
    if scalers:
        yield Flaw(
            ("spec", "replicas"),
            f"each time it is applied, {manifest.title} goes back to"
            f" {manifest.spec['replicas']} replicas, whatever {scalers[0].title} chose",
            "leave spec.replicas out",
        )
