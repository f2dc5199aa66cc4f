"""Exposure: what is reachable from where, and whether anybody could listen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.manifest import Container, Manifest, items, mapping, sequence, texts
from k8sgen_core.rules.rule import Flaw, rule

# Policies of network plugins; what they select is theirs to know.
_FOREIGN_POLICIES = (
    "CiliumNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "GlobalNetworkPolicy",
    "AdminNetworkPolicy",
    "ClusterNetworkPolicy",
    "BaselineAdminNetworkPolicy",
)


@rule("ssh-port", on=Container)
def ssh_port(container: Container) -> Iterator[Flaw]:
    """Flag containers that let somebody log in."""
    for index, port in items(container.value, "ports"):
        if port.get("containerPort") == 22 and port.get("protocol") in (None, "TCP"):
            yield Flaw(
                ("ports", index, "containerPort"),
                f"the container {container.name!r} listens on the port of SSH, 22",
                "use kubectl exec, which is authenticated and logged",
            )


@rule("privileged-ports", on=Container)
def privileged_ports(container: Container) -> Iterator[Flaw]:
    """Flag ports that only root may open on most systems."""
    for index, port in items(container.value, "ports"):
        number = port.get("containerPort")
        if isinstance(number, int) and 0 < number < 1024:
            yield Flaw(
                ("ports", index, "containerPort"),
                f"the container {container.name!r} listens on the privileged port {number}",
                "listen on a port from 1024 on; the Service may keep the number",
            )


@rule("exposed-services", on=Manifest, kinds=("Service",))
def exposed_services(service: Manifest) -> Iterator[Flaw]:
    """Flag Services that are reachable from outside the cluster."""
    kind = service.spec.get("type")
    if kind in ("NodePort", "LoadBalancer"):
        yield Flaw(
            ("spec", "type"),
            f"the Service {service.name!r} is of the type {kind}",
            "use ClusterIP behind an Ingress or a Gateway",
        )


@rule("external-ips", on=Manifest, kinds=("Service",))
def external_ips(service: Manifest) -> Iterator[Flaw]:
    """Flag Services that take the traffic to addresses of others."""
    for index, address in texts(service.spec, "externalIPs"):
        yield Flaw(
            ("spec", "externalIPs", index),
            f"the Service {service.name!r} takes the traffic to {address}",
            "use a Service of the type LoadBalancer, or an Ingress",
        )


@rule("ingress-without-tls", on=Manifest, kinds=("Ingress",))
def ingress_without_tls(ingress: Manifest) -> Iterator[Flaw]:
    """Flag hosts that are served without a certificate of theirs."""
    hint = "name the hosts and the Secret with the certificate in spec.tls"
    blocks = [mapping(block) for block in sequence(ingress.spec, "tls")]
    if not blocks:
        message = f"the Ingress {ingress.name!r} has no TLS"
        yield Flaw(("spec",), message, hint)
        return
    if any(not sequence(block, "hosts") for block in blocks):
        return
    secured = {host for block in blocks for _, host in texts(block, "hosts")}
    for index, each in items(ingress.spec, "rules"):
        host = each.get("host")
        if isinstance(host, str) and host and not secured & {host, _wildcard(host)}:
            message = f"the Ingress {ingress.name!r} has no TLS for the host {host!r}"
            yield Flaw(("spec", "rules", index, "host"), message, hint)


def _wildcard(host: str) -> str:
    return "*." + host.partition(".")[2]


@rule("gateway-without-tls", on=Manifest, kinds=("Gateway",))
def gateway_without_tls(gateway: Manifest) -> Iterator[Flaw]:
    """Flag Gateways that serve everything in the clear."""
    if gateway.group != "gateway.networking.k8s.io":
        return
    listeners = list(items(gateway.spec, "listeners"))
    if any(each.get("protocol") in ("HTTPS", "TLS") for _, each in listeners):
        return
    for index, each in listeners:
        if each.get("protocol") == "HTTP":
            yield Flaw(
                ("spec", "listeners", index, "protocol"),
                f"the listener {each.get('name')!r} of the Gateway {gateway.name!r} has no TLS",
                "add a listener of the protocol HTTPS with a certificate",
            )


@rule("empty-ingress-host", on=Manifest, kinds=("Ingress",))
def empty_ingress_host(ingress: Manifest) -> Iterator[Flaw]:
    """Flag rules that answer for every host."""
    for index, each in items(ingress.spec, "rules"):
        if not each.get("host"):
            yield Flaw(
                ("spec", "rules", index),
                f"a rule of the Ingress {ingress.name!r} answers for every host",
                "name the host",
            )


@rule("non-isolated-pod", on=Manifest)
def non_isolated_pod(workload: Manifest) -> Iterator[Flaw]:
    """Flag pods that everybody in the cluster may connect to."""
    if workload.pod is None or id(workload) in workload.cluster.once(_isolated):
        return
    if not any(workload.cluster.by_kind.get(kind) for kind in _FOREIGN_POLICIES):
        yield Flaw(
            (),
            f"no NetworkPolicy selects the pods of {workload.title}",
            "allow what they need with a NetworkPolicy, at best one that denies the rest",
        )


def _isolated(cluster: Cluster) -> set[int]:
    """Return which objects run pods that a NetworkPolicy selects."""
    return {
        id(each)
        for policy in cluster.by_kind.get("NetworkPolicy", ())
        if policy.group == "networking.k8s.io"
        for each in cluster.selected(_selector(policy), policy.namespace)
    }


def _selector(policy: Manifest) -> Mapping[str, Any]:
    return mapping(policy.spec, "podSelector")
