"""Applications: what runs until it is removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from k8sgen_core.builders import naming
from k8sgen_core.builders.arguments import checked, mistyped, one_of, optional, refusal
from k8sgen_core.builders.effect import note_idle_replicas
from k8sgen_core.builders.ports import port_reference
from k8sgen_core.builders.recording import recorded
from k8sgen_core.builders.storage import checked_modes
from k8sgen_core.builders.storage import storage_class as class_name
from k8sgen_core.builders.workload import BudgetedBuilder, WorkloadBuilder
from k8sgen_core.grammar import ArgumentError, is_bool, names, paths, quantity
from k8sgen_core.model import Workload
from k8sgen_core.parts import Exposure, Scale, Storage

ROUTES = ("ingress", "gateway", "loadbalancer")
_ONLY = {"tls": "ingress", "ingress_class": "ingress", "gateway": "gateway"}


class _Reachable(WorkloadBuilder):
    _model = Workload

    @recorded
    def expose(  # noqa: PLR0913 - one call says everything about a route
        self,
        domain: str | None = None,
        *,
        path: str = "/",
        tls: bool | str | None = None,
        via: str = "ingress",
        ingress_class: str | None = None,
        gateway: str | None = None,
        port: int | str | None = None,
    ) -> Self:
        """
        Make it reachable from outside the cluster; call again for each further domain.

        Args:
            domain: The DNS name, e.g. ``"shop.example.com"``; ``*.`` in front matches any
                name. Not needed with ``via="loadbalancer"``, where it becomes the annotation
                by which external-dns makes the name.
            path: The HTTP path below which requests come here, default ``/``. Not with
                ``via="loadbalancer"``, which knows no HTTP.
            tls: ``True`` for the certificate in the Secret ``<name>-tls``, or the name of
                the Secret. Not with ``via="gateway"``: the Gateway has the certificate.
            via: ``ingress`` (default): an Ingress; ``gateway``: an HTTPRoute; or
                ``loadbalancer``: the Service's own type.
            ingress_class: Which controller serves the Ingress, e.g. ``"nginx"``.
            gateway: The Gateway that an HTTPRoute belongs to.
            port: Which port, by number or name; default: the first that speaks TCP. Not with
                ``via="loadbalancer"``, which has every port.

        Raises:
            ArgumentError: ``invalid-host``, ``invalid-path``, ``invalid-value``,
                ``missing-setting``, ``conflicting-settings``, ``invalid-name``,
                ``invalid-port``, ``invalid-port-name``.
        """
        self._check_route(domain, via, tls, ingress_class, gateway)
        if via == "loadbalancer":
            _check_balanced(path, port)
        return self._append(
            "exposures",
            Exposure(
                via=via,  # type: ignore[arg-type]
                domain=None if domain is None else checked(names.host, domain),
                path=checked(paths.ingress_path, path),
                tls=checked(names.subdomain, tls, "a Secret") if isinstance(tls, str) else tls,
                ingress_class=optional(names.subdomain, ingress_class, "an ingress class"),
                gateway=optional(names.subdomain, gateway, "a Gateway"),
                port=optional(port_reference, port),
                origin=self._origin,
            ),
        )

    def _check_route(
        self, domain: Any, via: Any, tls: Any, ingress_class: Any, gateway: Any
    ) -> None:
        checked(one_of, via, ROUTES, "way to be reached")
        if domain is None and via != "loadbalancer":
            raise ArgumentError(
                "missing-setting",
                f"expose via {via} needs a domain",
                'for example expose("shop.example.com")',
            )
        if via == "gateway" and gateway is None:
            raise ArgumentError(
                "missing-setting", "an HTTPRoute belongs to a Gateway", "name it with gateway="
            )
        if tls is not None and not isinstance(tls, str) and not is_bool(tls):
            raise mistyped(tls, "tls", "True, False or the name of a Secret")
        given = (("tls", tls or None), ("ingress_class", ingress_class), ("gateway", gateway))
        for name, value in given:
            if value is not None and via != _ONLY[name]:
                raise refusal(
                    value,
                    "conflicting-settings",
                    f"{name}= has no effect with via={str(via)!r}",
                    f"it belongs to via={_ONLY[name]!r}",
                )


def _check_balanced(path: Any, port: Any) -> None:
    """Refuse what a load balancer, which is a Service, cannot tell apart."""
    given = {"path": None if path == "/" else path, "port": port}
    for name, value in given.items():
        if value is not None:
            message = f"{name}= has no effect with via='loadbalancer', which has every port"
            raise refusal(value, "conflicting-settings", message, "leave it out")


class _Replicated(_Reachable, BudgetedBuilder):
    @recorded
    def replicas(self, count: int) -> Self:
        """
        Run this many pods.

        A whole number from 0; without it Kubernetes runs 1. Has no effect with ``scale``.
        Kubernetes: ``spec.replicas``.

        Raises:
            ArgumentError: ``invalid-value``, ``wrong-type``.
        """
        number = checked(quantity.whole_number, count, 0, None, "replicas", "invalid-value")
        self._set(replicas=number)
        note_idle_replicas(self)
        return self

    @recorded
    def scale(self, min: int, max: int, cpu: int | None = None, memory: int | None = None) -> Self:
        """
        Run between ``min`` and ``max`` pods, depending on the load.

        Kubernetes: HorizontalPodAutoscaler (autoscaling/v2); it needs requests for what it
        measures, see ``resources``.

        Args:
            min: The fewest pods, at least 1.
            max: The most pods, at least ``min``.
            cpu: The wanted CPU use in percent of the request; without ``cpu`` and
                ``memory`` Kubernetes aims at 80.
            memory: The wanted memory use in percent of the request.

        Raises:
            ArgumentError: ``invalid-value``, ``wrong-type``.
        """
        least = checked(quantity.whole_number, min, 1, None, "min", "invalid-value")
        most = checked(quantity.whole_number, max, 1, None, "max", "invalid-value")
        if most < least:
            raise refusal(
                max,
                "invalid-value",
                f"max is {int(most)}, less than min, which is {int(least)}",
                "scale(min, max) wants the smaller number first",
            )
        given = {"cpu": cpu, "memory": memory}
        goals = {
            key: checked(quantity.whole_number, value, 1, None, key, "invalid-value")
            for key, value in given.items()
            if value is not None
        }
        is_new = "scale" not in self._draft
        self._set(scale=Scale(minimum=least, maximum=most, **goals, origin=self._origin))
        if is_new:
            note_idle_replicas(self)
        return self

    @recorded
    def storage(
        self,
        size: str | int,
        storage_class: str | None = None,
        access_modes: Sequence[str] = ("ReadWriteOnce",),
        mount_path: str = "/data",
    ) -> Self:
        """
        Keep data: storage of this size, mounted into the container.

        An ``App`` gets one claim, ``<name>-data``, that all its pods share; a
        ``StatefulApp`` gets one for each pod. A second call replaces the first.

        Args:
            size: For example ``"10Gi"``.
            storage_class: Default: the cluster's default class.
            access_modes: ``ReadWriteOnce`` (default), ``ReadOnlyMany``, ``ReadWriteMany``,
                ``ReadWriteOncePod``.
            mount_path: Where in the container, default ``/data``.

        Raises:
            ArgumentError: ``invalid-quantity``, ``invalid-path``, ``invalid-value``,
                ``invalid-name``.
        """
        kept = Storage(
            size=checked(quantity.storage, size),
            storage_class=optional(class_name, storage_class),
            access_modes=checked_modes([access_modes]),
            mount_path=checked(paths.mount_path, mount_path),
            origin=self._origin,
        )
        return self._set(storage=(kept,))


class App(_Replicated):
    """
    A stateless application.

    Kubernetes: Deployment (apps/v1), with a Service for its ports.

    Args:
        name: At most 63 lower-case letters, digits and ``-``, starting with a letter.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _constants: ClassVar[Mapping[str, object]] = {"controller": "Deployment"}

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, naming.workload_name)


class StatefulApp(_Replicated):
    """
    An application whose pods keep their names and their storage.

    Kubernetes: StatefulSet (apps/v1), a Service for its ports, and the headless Service
    ``<name>-headless`` that gives every pod a DNS name.

    Args:
        name: At most 52 lower-case letters, digits and ``-``, starting with a letter.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _constants: ClassVar[Mapping[str, object]] = {"controller": "StatefulSet"}

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, naming.short_workload_name)


class DaemonSet(_Reachable):
    """
    An application that runs once on every node.

    Kubernetes: DaemonSet (apps/v1).

    Args:
        name: At most 63 lower-case letters, digits and ``-``, starting with a letter.

    Raises:
        ArgumentError: ``invalid-name``.
    """

    _constants: ClassVar[Mapping[str, object]] = {"controller": "DaemonSet"}

    @recorded
    def __init__(self, name: str) -> None:
        self._start(name, naming.workload_name)
