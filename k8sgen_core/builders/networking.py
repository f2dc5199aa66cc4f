"""How pods are reached, and by whom: Service, Ingress, NetworkPolicy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from k8sgen_core.builders import naming
from k8sgen_core.builders.arguments import checked, manifest, mistyped, one_of, optional, refusal
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.ports import allowed, named, port_reference
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.workload import WorkloadBuilder
from k8sgen_core.carriers import Origins, because
from k8sgen_core.grammar import labels, names, paths, ports
from k8sgen_core.model import Ingress as IngressModel
from k8sgen_core.model import NetworkPolicy as NetworkPolicyModel
from k8sgen_core.model import Service as ServiceModel
from k8sgen_core.parts import Certificate, Host, Port, Route, Selected, Traffic
from k8sgen_core.sharing import instead

SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer")
PATH_TYPES = ("Prefix", "Exact", "ImplementationSpecific")


def selected(target: Any, origin: Origins) -> Selected:
    """Return the pods of a workload, or those with labels as given."""
    if isinstance(target, WorkloadBuilder):
        return Selected(labels=None, workload=target, origin=origin)  # type: ignore[arg-type]
    if isinstance(target, Builder):
        raise mistyped(target, "what is selected", "a workload such as App(...)")
    return Selected(labels=checked(_labels, target), workload=None, origin=origin)


def _labels(target: Any) -> Mapping[str, str]:
    if isinstance(target, str):
        return {"app.kubernetes.io/name": names.label_name(target, "the name of a workload")}
    return labels.labels(target)


class _Selecting(Builder):
    _refers: ClassVar[tuple[str, ...]] = ("selector",)

    @recorded
    def selector(self, target: Builder | str | Mapping[str, str]) -> Self:
        """
        Choose the pods: those of a workload, or those with these labels.

        Args:
            target: An ``App`` or other workload, its name, or a mapping of labels.

        Raises:
            ArgumentError: ``invalid-label``, ``wrong-type``.
        """
        return self._set(selector=selected(target, self._origin))


class Service(_Selecting):
    """
    A stable address for pods; ``app.port(...)`` makes one for each app by itself.

    Kubernetes: Service (v1).

    Args:
        name: At most 63 lower-case letters, digits and ``-``, starting with a letter.

    Raises:
        ArgumentError: ``invalid-name``.
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
            name: Default: ``http`` for 80, ``https`` for 443, else ``port-<number>``; behind
                it the protocol where it is not TCP, as in ``port-53-udp``.
            protocol: ``TCP`` (default), ``UDP`` or ``SCTP``.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``, ``duplicate-port``.
        """
        port = named(
            checked(ports.port, number),
            optional(names.port_name, name),
            checked(ports.protocol, protocol),
            self._origin,
        )
        if target_port is not None:
            position = len(self._draft.get("ports", ()))
            self._merge("targets", {position: checked(port_reference, target_port)})
        self._check_new(port, number if name is None else name)
        return self._append("ports", port)

    def _check_new(self, port: Port, given: Any) -> None:
        for known in self._draft.get("ports", ()):
            if known.name == port.name or (known.number, known.protocol) == (
                port.number,
                port.protocol,
            ):
                raise refusal(
                    given,
                    "duplicate-port",
                    f"the Service has the port {int(port.number)} or its name twice",
                    "give one of them another name or number",
                )

    @recorded
    def type(self, name: str) -> Self:
        """
        Choose how it is reached: ``ClusterIP`` (default), ``NodePort``, ``LoadBalancer``.

        Kubernetes: ``spec.type``.

        Raises:
            ArgumentError: ``invalid-value``.
        """
        if name == "ExternalName":
            message = "a Service of the type ExternalName has no pods and no ports of its own"
            hint = 'describe it as CustomResource("v1", "Service", name).spec({...})'
            raise refusal(name, "invalid-value", message, hint)
        return self._set(type=checked(one_of, name, SERVICE_TYPES, "type of a Service"))


class Ingress(Builder):
    """
    HTTP routes from outside the cluster; ``app.expose(...)`` makes one by itself.

    Kubernetes: Ingress (networking.k8s.io/v1).

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = IngressModel
    _host: Host | None = None

    @recorded
    def host(self, name: str) -> Self:
        """
        Let the paths that follow answer for this host, e.g. ``"shop.example.com"``.

        Without a ``path`` after it, a host is reported as ``missing-setting``.

        Raises:
            ArgumentError: ``invalid-host``.
        """
        before = None if self._host is None else self._host.name
        given = checked(names.host, name)
        self._host = Host(name=given, before=before, origin=self._origin)
        return self._append("hosts", self._host)

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
            ArgumentError: ``invalid-path``, ``invalid-value``, ``invalid-name``,
                ``invalid-port``, ``invalid-port-name``.
        """
        name = (
            because(self._cause, service._draft["name"])
            if isinstance(service, Builder)
            else checked(names.subdomain, service, "the name of a Service")
        )
        route = Route(
            host=self._host,
            path=checked(paths.ingress_path, path),
            service=name,
            port=checked(port_reference, port),
            path_type=checked(one_of, path_type, PATH_TYPES, "path type"),
            origin=self._origin,
        )
        return self._append("routes", route)

    @recorded
    def tls(self, secret: str, hosts: str | Sequence[str] = ()) -> Self:
        """
        Serve HTTPS with the certificate in this Secret.

        Args:
            secret: The Secret's name.
            hosts: The hosts it is for; default: the last one of ``host``.

        Raises:
            ArgumentError: ``invalid-name``, ``invalid-host``.
        """
        named = (hosts,) if isinstance(hosts, str) else hosts
        if not isinstance(named, list | tuple):
            raise mistyped(hosts, "hosts", "a DNS name, or a list of DNS names")
        certificate = Certificate(
            secret=checked(names.subdomain, secret, "the name of a Secret"),
            hosts=tuple(checked(names.host, host) for host in named)
            or (() if self._host is None else (instead(self._host.before, self._host.name),)),
            origin=self._origin,
        )
        return self._append("certificates", certificate)

    @recorded
    def ingress_class(self, name: str) -> Self:
        """
        Choose the controller that serves it, e.g. ``"nginx"``.

        Kubernetes: ``spec.ingressClassName``.

        Raises:
            ArgumentError: ``invalid-name``.
        """
        return self._set(ingress_class=checked(names.subdomain, name, "an ingress class"))


class NetworkPolicy(_Selecting):
    """
    Which traffic pods accept and send; what a policy does not allow, it denies.

    Kubernetes: NetworkPolicy (networking.k8s.io/v1). Without ``selector`` it holds for
    every pod of the namespace.

    Args:
        name: At most 253 lower-case letters, digits, ``-`` and ``.``.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _model = NetworkPolicyModel
    _refers = ("selector", "allowed")

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
            sources: Workloads (of another namespace too), their names, or peers as
                Kubernetes writes them, e.g. ``{"ipBlock": {"cidr": "10.0.0.0/8"}}``;
                none: from anywhere.
            ports: Port numbers or names; none: all. Each has the protocol of the selected
                workload's port, else TCP; ``"53/UDP"`` names it (``TCP``, ``UDP``, ``SCTP``).

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``, ``invalid-name``,
                ``wrong-type``.
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
            ports: Port numbers or names; none: all. Each has the protocol of the target's
                port where that is a workload, else TCP; ``"53/UDP"`` names it (``TCP``,
                ``UDP``, ``SCTP``).

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``, ``invalid-name``,
                ``wrong-type``.
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
        if not isinstance(given, list | tuple):
            raise mistyped(given, "ports", "a list of port numbers and names")
        return self._append(
            "allowed",
            Traffic(
                direction=direction,
                peers=tuple(_peer(peer, self._origin) for peer in peers),
                ports=tuple(map(allowed, given)),
                origin=self._origin,
            ),
        )


def _peer(peer: Any, origin: Origins) -> Mapping[str, Any] | Selected:
    if isinstance(peer, Mapping):
        found: Mapping[str, Any] = checked(manifest, peer, "a peer")
        return found
    if not isinstance(peer, Builder | str):
        raise mistyped(peer, "a peer", "a workload, its name, or a mapping")
    return selected(peer, origin)
