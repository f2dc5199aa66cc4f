"""How pods are reached, and by whom: Service, Ingress, NetworkPolicy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from k8sgen_core.builders import naming
from k8sgen_core.builders.arguments import checked, mistyped
from k8sgen_core.builders.builder import Builder, recorded
from k8sgen_core.carriers import because
from k8sgen_core.grammar import ArgumentError, labels, names, paths, ports
from k8sgen_core.model import Ingress as IngressModel
from k8sgen_core.model import NetworkPolicy as NetworkPolicyModel
from k8sgen_core.model import Service as ServiceModel
from k8sgen_core.parts import Certificate, Port, Route, Traffic

SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
PATH_TYPES = ("Prefix", "Exact", "ImplementationSpecific")


def selected(target: Any) -> Mapping[str, str]:
    """Return the labels that select the pods of a workload, or labels as given."""
    if isinstance(target, Builder):
        return {"app.kubernetes.io/name": target._draft["name"]}
    if isinstance(target, str):
        return {"app.kubernetes.io/name": target}
    return labels.labels(target)


class _Selecting(Builder):
    @recorded
    def selector(self, target: Builder | str | Mapping[str, str]) -> Self:
        """
        Choose the pods: those of a workload, or those with these labels.

        Args:
            target: An ``App`` or other workload, its name, or a mapping of labels.

        Raises:
            ArgumentError: ``invalid-label``.
        """
        chosen = checked(selected, target)
        return self._set(selector=because(self._cause, dict(chosen)))


class Service(_Selecting):
    """
    A stable address for pods; ``app.port(...)`` makes one for each app by itself.

    Kubernetes: Service (v1).

    Args:
        name: At most 63 lower-case letters, digits and ``-``, starting with a letter.
    """

    _model = ServiceModel

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, naming.workload_name)

    @recorded
    def add_port(
        self,
        number: int,
        target_port: int | str | None = None,
        name: str | None = None,
        protocol: str = "TCP",
    ) -> Self:
        """
        Listen on a port; call again for each further port.

        Args:
            number: The Service's port, 1 to 65535.
            target_port: The pods' port, by number or name; default: the same number.
            name: Default ``port-<number>``.
            protocol: ``TCP`` (default), ``UDP`` or ``SCTP``.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``.
        """
        given = checked(ports.port, number)
        named = (
            because(given, f"port-{int(given)}") if name is None else checked(names.port_name, name)
        )
        if target_port is not None:
            position = len(self._draft.get("ports", ()))
            self._merge("targets", {position: target_port})
        port = Port(
            number=given,
            name=named,
            protocol=checked(ports.protocol, protocol),
            origin=self._origin,
        )
        return self._append("ports", port)

    @recorded
    def type(self, name: str) -> Self:
        """
        Choose how it is reached: ``ClusterIP`` (default), ``NodePort``, ``LoadBalancer``.

        Kubernetes: ``spec.type``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        return self._set(type=checked(_one_of, name, SERVICE_TYPES))


class Ingress(Builder):
    """
    HTTP routes from outside the cluster; ``app.expose(...)`` makes one by itself.

    Kubernetes: Ingress (networking.k8s.io/v1).

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.
    """

    _model = IngressModel
    _host: Any = None

    @recorded
    def host(self, name: str) -> Self:
        """
        Let the paths that follow answer for this host, e.g. ``"shop.example.com"``.

        Raises:
            ArgumentError: ``invalid-host``.
        """
        self._host = checked(names.host, name)
        return self

    @recorded
    def path(
        self,
        path: str,
        service: Builder | str,
        port: int | str,
        path_type: str = "Prefix",
    ) -> Self:
        """
        Send requests below a path to a Service.

        Args:
            path: Starts with ``/``.
            service: An app, a ``Service``, or a name.
            port: The Service's port, by number or name.
            path_type: ``Prefix`` (default), ``Exact``, ``ImplementationSpecific``.

        Raises:
            ArgumentError: ``invalid-path``, ``invalid-value``.
        """
        name = (
            because(self._cause, service._draft["name"])
            if isinstance(service, Builder)
            else checked(names.subdomain, service, "the Service")
        )
        route = Route(
            host=self._host,
            path=checked(paths.ingress_path, path),
            service=name,
            port=port if isinstance(port, str) else checked(ports.port, port),
            path_type=checked(_one_of, path_type, PATH_TYPES),
            origin=self._origin,
        )
        return self._append("routes", route)

    @recorded
    def tls(self, secret: str, hosts: Sequence[str] = ()) -> Self:
        """
        Serve HTTPS with the certificate in this Secret.

        Args:
            secret: The Secret's name.
            hosts: The hosts it is for; default: those of ``host``.

        Raises:
            ArgumentError: ``invalid-name``, ``invalid-host``.
        """
        certificate = Certificate(
            secret=checked(names.subdomain, secret, "the Secret"),
            hosts=tuple(checked(names.host, host) for host in hosts)
            or tuple(() if self._host is None else (self._host,)),
            origin=self._origin,
        )
        return self._append("certificates", certificate)

    @recorded
    def ingress_class(self, name: str) -> Self:
        """
        Choose the controller that serves it, e.g. ``"nginx"``.

        Kubernetes: ``spec.ingressClassName``.
        """
        return self._set(ingress_class=checked(names.subdomain, name, "the ingress class"))


class NetworkPolicy(_Selecting):
    """
    Which traffic pods accept and send; what a policy does not allow, it denies.

    Kubernetes: NetworkPolicy (networking.k8s.io/v1). Without ``selector`` it holds for
    every pod of the namespace.

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.
    """

    _model = NetworkPolicyModel

    @recorded
    def deny_ingress(self) -> Self:
        """Accept no traffic but what ``allow_from`` names."""
        return self._merge("denied", {"Ingress": because(self._cause, "Ingress")})

    @recorded
    def deny_egress(self) -> Self:
        """Send no traffic but what ``allow_to`` names."""
        return self._merge("denied", {"Egress": because(self._cause, "Egress")})

    @recorded
    def allow_from(
        self, *sources: Builder | str | Mapping[str, Any], ports: Sequence[int | str] = ()
    ) -> Self:
        """
        Accept traffic from these sources, on these ports.

        Args:
            sources: Workloads, their names, or peers as Kubernetes writes them, e.g.
                ``{"ipBlock": {"cidr": "10.0.0.0/8"}}``; none: from anywhere.
            ports: Port numbers or names; none: all.
        """
        return self._allow("ingress", sources, ports)

    @recorded
    def allow_to(
        self, *targets: Builder | str | Mapping[str, Any], ports: Sequence[int | str] = ()
    ) -> Self:
        """
        Send traffic to these targets, on these ports.

        Args:
            targets: Workloads, their names, or peers as Kubernetes writes them; none: to
                anywhere.
            ports: Port numbers or names; none: all.
        """
        return self._allow("egress", targets, ports)

    @recorded
    def allow_dns(self) -> Self:
        """Let the pods ask the cluster's DNS: port 53, UDP and TCP."""
        given = ({"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53})
        return self._append(
            "allowed", Traffic(direction="egress", ports=given, origin=self._origin)
        )

    def _allow(self, direction: Any, peers: Any, given: Any) -> Self:
        return self._append(
            "allowed",
            Traffic(
                direction=direction,
                peers=tuple(_peer(peer) for peer in peers),
                ports=tuple({"port": checked(_port, port)} for port in given),
                origin=self._origin,
            ),
        )


def _peer(peer: Any) -> Mapping[str, Any]:
    if isinstance(peer, Mapping):
        return peer
    if not isinstance(peer, Builder | str):
        raise mistyped(peer, "a peer", "a workload, its name, or a mapping")
    return {"podSelector": {"matchLabels": dict(selected(peer))}}


def _port(value: Any) -> Any:
    return value if isinstance(value, str) else ports.port(value)


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        near = next((name for name in allowed if name.lower() == str(value).lower()), None)
        raise ArgumentError(
            "invalid-value",
            f"{value!r} is none of the values that this can have",
            f"did you mean {near!r}?" if near else f"use one of {', '.join(allowed)}",
        )
    return str(value)
