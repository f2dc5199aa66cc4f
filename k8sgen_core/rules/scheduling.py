"""Scheduling: on which nodes pods run, which pods come first, and how they look up names."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.rules.manifest import Pod, items, mapping, sequence
from k8sgen_core.rules.rule import Flaw, rule

_DNS = "dnsconfig-options"
_PRIORITY = "priority-class-name"


@rule("no-node-affinity", on=Pod)
def no_node_affinity(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that may run on any node."""
    if not mapping(pod.spec, "affinity", "nodeAffinity") and not pod.spec.get("nodeSelector"):
        yield Flaw(
            ("spec",),
            f"the pods of {pod.manifest.title} may run on any node",
            "set nodeAffinity or nodeSelector, in the DSL .node_selector({...})",
        )


@rule(_DNS, on=Pod)
def dnsconfig_options(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that look up names in another way than wanted."""
    option = pod.manifest.cluster.option
    name, value = option(_DNS, "name"), option(_DNS, "value")
    options = [each for _, each in items(pod.spec, "dnsConfig", "options")]
    said = next((each.get("value") for each in options if each.get("name") == name), None)
    if said != value:
        other = f"does not set {name} to" if said is None else f"sets {name} to {said!r}, not to"
        yield Flaw(
            ("spec", "dnsConfig"),
            f"the DNS configuration of {pod.manifest.title} {other} {value!r}",
            f'add the option {name} with the value "{value}" to spec.dnsConfig.options',
        )


@rule(_PRIORITY, on=Pod)
def priority_class_name(pod: Pod) -> Iterator[Flaw]:
    """Flag pods of a priority class that is not accepted."""
    name = pod.spec.get("priorityClassName")
    if not isinstance(name, str) or not name.strip():
        return
    cluster = pod.manifest.cluster
    accepted = sequence(cluster.option(_PRIORITY, "accepted"))
    known = {each.name for each in cluster.by_kind.get("PriorityClass", ())}
    if name not in accepted and name not in known:
        yield Flaw(
            ("spec", "priorityClassName"),
            f"{name!r} is no accepted priority class: {', '.join(map(str, accepted))}",
            "use one of them, or add yours to the option accepted",
        )


@rule("no-priority-class", on=Pod)
def no_priority_class(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that do not say how important they are."""
    if not pod.spec.get("priorityClassName"):
        yield Flaw(
            ("spec",),
            f"the pods of {pod.manifest.title} have no priority class",
            "set spec.priorityClassName",
        )
