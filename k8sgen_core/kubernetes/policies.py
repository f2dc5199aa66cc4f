"""Which traffic pods accept and send: NetworkPolicies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from k8sgen_core.carriers import all_of, because, plain, sole, standing
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.metadata import header, metadata
from k8sgen_core.kubernetes.networking import selected
from k8sgen_core.model import NetworkPolicy
from k8sgen_core.parts import Port, Selected, Traffic
from k8sgen_core.sharing import common


def network_policy(lowering: Lowering, resource: NetworkPolicy) -> Object:
    """Return a NetworkPolicy that a user describes."""
    chosen = {} if resource.selector is None else selected(lowering, resource, resource.selector)
    spec: Object = {"podSelector": {"matchLabels": chosen} if chosen else {}}
    types = dict(resource.denied)
    for direction, name in (("ingress", "Ingress"), ("egress", "Egress")):
        allowed = [each for each in resource.allowed if each.direction == direction]
        if allowed:
            spec[direction] = [_traffic(lowering, resource, each) for each in allowed]
            types[name] = plain(name) if name in types else because(sole(allowed), name)
    # Without a type it would be Ingress, so that one is nobody's while it is alone.
    order = [name for name in ("Ingress", "Egress") if name in types] if "Egress" in types else []
    spec["policyTypes"] = standing([types[name] for name in order] or ["Ingress"])
    return header("NetworkPolicy", "networking.k8s.io/v1", metadata(resource), spec)


def _peer(lowering: Lowering, policy: NetworkPolicy, given: Any) -> Any:
    if isinstance(given, Mapping):
        return given
    made: Object = {"podSelector": {"matchLabels": selected(lowering, policy, given)}}
    if given.workload is None:
        return made
    there = lowering.inheriting(given.workload(), policy.namespace).namespace
    if there is None or there == policy.namespace:
        return made
    labels = {"kubernetes.io/metadata.name": there}
    elsewhere = because(all_of(there, policy.namespace), {"matchLabels": labels})
    return {"namespaceSelector": elsewhere, **made}


def _traffic(lowering: Lowering, policy: NetworkPolicy, traffic: Traffic) -> Object:
    made: Object = {}
    if traffic.peers:
        peers = [_peer(lowering, policy, each) for each in traffic.peers]
        made["from" if traffic.direction == "ingress" else "to"] = peers
    if traffic.ports:
        made["ports"] = [each for port in traffic.ports for each in _ports(policy, traffic, port)]
    return because(traffic, made)


def _ports(policy: NetworkPolicy, traffic: Traffic, given: Mapping[str, Any]) -> list[Object]:
    """Return a port once for each protocol in which those that it belongs to listen on it."""
    if "protocol" in given:
        return [dict(given)]
    wanted = given["port"]
    owners = _owners(policy, traffic)
    spoken: dict[str, list[Port]] = {}
    for port in _listening(owners):
        if wanted in (port.number, port.name):
            spoken.setdefault(plain(port.protocol), []).append(port)
    if not spoken or not all(map(_is_described, owners)):
        # It is there for peers that are not described, whatever the others listen on.
        spoken["TCP"] = []
    # Accepted traffic is that of the selected pods, whose port it is.
    chosen = policy.selector if traffic.direction == "ingress" else None
    made = [_port(wanted, ports, chosen) for ports in spoken.values()]
    if len(made) == 1:
        return made
    # Where nobody knew the workload, the port would be there once, as one of TCP.
    kept = "TCP" if "TCP" in spoken else next(iter(spoken))
    return [
        because(all_of(sole(ports), None if protocol == kept else chosen), port)
        for (protocol, ports), port in zip(spoken.items(), made, strict=True)
    ]


def _port(wanted: Any, ports: list[Port], chosen: Selected | None) -> Object:
    made: Object = {"port": wanted}
    protocol = reduce(common, [port.protocol for port in ports]) if ports else "TCP"
    if protocol != "TCP":
        made["protocol"] = because(all_of(wanted, chosen), protocol)
    return made


def _owners(policy: NetworkPolicy, traffic: Traffic) -> tuple[Any, ...]:
    """Return whose ports are meant: those of the peers that are called, or of the selected pods."""
    if traffic.direction == "egress":
        return traffic.peers
    return () if policy.selector is None else (policy.selector,)


def _is_described(owner: Any) -> bool:
    return isinstance(owner, Selected) and owner.workload is not None


def _listening(owners: tuple[Any, ...]) -> Iterator[Port]:
    """Yield the ports of all containers of the workloads that are described."""
    for workload in [owner.workload() for owner in owners if _is_described(owner)]:
        yield from workload.ports
        for added in workload.companions:
            for port in added.resource.ports:
                protocol = because(added, port.protocol)
                yield port.replace(origin=all_of(port, added).origin, protocol=protocol)
