"""What an API server refuses of Services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    NONE,
    Fault,
    Object,
    between,
    conflict,
    each,
    fields,
    missing,
    one_of,
    spelled,
    unique,
)
from k8sgen_core.faults.words import (
    address_range,
    labels,
    port,
    port_number,
    protocol,
    qualified_name,
    short_name,
)
from k8sgen_core.grammar import shown
from k8sgen_core.grammar.names import subdomain

_NODE_PORT = between(0, 65535, "invalid-port")
_PORT = fields(
    {
        "name": lambda value: short_name(value) if value else NONE,
        "port": port_number,
        "targetPort": port,
        "protocol": protocol,
        "nodePort": _NODE_PORT,
        "appProtocol": qualified_name,
    }
)
_SPEC = fields(
    {
        "type": one_of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        "ports": each(_PORT),
        "selector": labels,
        "sessionAffinity": one_of("None", "ClientIP"),
        "internalTrafficPolicy": one_of("Cluster", "Local"),
        "externalTrafficPolicy": one_of("Cluster", "Local"),
        "trafficDistribution": one_of("PreferClose", "PreferSameZone", "PreferSameNode"),
        "ipFamilies": each(one_of("IPv4", "IPv6")),
        "ipFamilyPolicy": one_of("SingleStack", "PreferDualStack", "RequireDualStack"),
        "loadBalancerSourceRanges": each(address_range),
        "healthCheckNodePort": _NODE_PORT,
        "sessionAffinityConfig": fields(
            {"clientIP": fields({"timeoutSeconds": between(1, 86_400)})}
        ),
    }
)
_NAMES = unique("port of the Service named", "name")
_DNS_NAME = spelled(lambda name: subdomain(name.removesuffix("."), "an external name"))


def service(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a Service."""
    spec = made.get("spec") or {}
    kind = spec.get("type") or "ClusterIP"
    found = [*_SPEC(spec), *(_external(spec) if kind == "ExternalName" else _inner(spec, kind))]
    found += [fault.at("ports") for fault in _ports(spec.get("ports") or ())]
    found += _only_outside(spec, kind)
    yield from (fault.at("spec") for fault in found)


def _external(spec: Object) -> Iterator[Fault]:
    if not spec.get("externalName"):
        message = "a Service of the type ExternalName says no externalName"
        yield Fault("missing-setting", ("type",), message)
    else:
        yield from (fault.at("externalName") for fault in _DNS_NAME(spec["externalName"]))
    for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(name):
            message = f"a Service of the type ExternalName has no {name}"
            yield conflict((name,), message, "remove it")


def _inner(spec: Object, kind: str) -> Iterator[Fault]:
    is_headless = spec.get("clusterIP") == "None"
    if is_headless and kind in ("NodePort", "LoadBalancer"):
        message = f"a Service of the type {kind} cannot be headless"
        yield conflict(("clusterIP",), message, "remove clusterIP: None, or the type")
    if not spec.get("ports") and not is_headless:
        yield missing("ports", "the Service has no port", "add a port, or write clusterIP: None")
    for index, port_of in enumerate(spec.get("ports") or ()):
        if kind == "ClusterIP" and port_of.get("nodePort"):
            message = "a Service of the type ClusterIP takes no port of nodes"
            yield conflict(("ports", index, "nodePort"), message, "write type: NodePort")


def _ports(ports: Sequence[Object]) -> Iterator[Fault]:
    named = [each for each in ports if each.get("name")]
    for index, each_port in enumerate(ports):
        if len(ports) > 1 and not each_port.get("name"):
            yield missing("name", "a Service with several ports names each").at(index)
    if len(named) > 1:
        yield from (fault._replace(rule="duplicate-port") for fault in _NAMES(ports))
    for field in ("port", "nodePort"):
        yield from _numbers(ports, field)


def _numbers(ports: Sequence[Object], field: str) -> Iterator[Fault]:
    seen: set[tuple[object, object]] = set()
    for index, each_port in enumerate(ports):
        number, spoken = each_port.get(field), each_port.get("protocol") or "TCP"
        if number and (number, spoken) in seen:
            message = f"another port of the Service is {number}/{spoken} as well"
            yield Fault("duplicate-port", (index, field), message, "remove one, or renumber it")
        seen.add((number, spoken))


def _only_outside(spec: Object, kind: str) -> Iterator[Fault]:
    """Yield the settings of what is reached from outside, where nothing is."""
    is_balanced = kind == "LoadBalancer"
    is_outside = is_balanced or kind == "NodePort" or bool(spec.get("externalIPs"))
    policy = spec.get("externalTrafficPolicy")
    if policy and (not is_outside or kind == "ExternalName"):
        message = f"traffic from outside reaches no Service of the type {kind}"
        yield conflict(("externalTrafficPolicy",), message, "remove it")
    for name in ("loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if not is_balanced and spec.get(name) not in (None, []):
            message = f"{name} is for the type LoadBalancer, not {kind}"
            yield conflict((name,), message, "remove it")
    if spec.get("healthCheckNodePort") and not (is_balanced and policy == "Local"):
        message = (
            f"{shown(spec['healthCheckNodePort'])} is asked by load balancers of local traffic"
        )
        hint = "remove it, or set externalTrafficPolicy: Local"
        yield conflict(("healthCheckNodePort",), message, hint)
