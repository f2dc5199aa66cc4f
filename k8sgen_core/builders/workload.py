"""What pods and their controllers can be told, whatever controls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from k8sgen_core.builders.access import ServiceAccount
from k8sgen_core.builders.arguments import checked, manifest, mistyped, one_of, optional, refusal
from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.container import CONTAINER_SECURITY, ContainerBuilder
from k8sgen_core.builders.cycles import check_needing
from k8sgen_core.builders.ports import named
from k8sgen_core.builders.recording import recorded
from k8sgen_core.carriers import because
from k8sgen_core.grammar import ArgumentError, labels, names, ports, quantity
from k8sgen_core.grammar import text as grammar_text
from k8sgen_core.model import Companion as CompanionModel
from k8sgen_core.parts import DisruptionBudget, Named, Spread, TemplateUse, Toleration

UNEVEN = ("ScheduleAnyway", "DoNotSchedule")
OPERATORS = ("Exists", "Equal")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


class Companion(ContainerBuilder):
    """
    A second container of a pod, added with ``app.add_companion(...)``.

    Args:
        name: The container's name: at most 63 lower-case letters, digits and ``-``.
        role: ``sidecar`` (default) runs beside the main container, started before it;
            ``init`` runs to its end before it. Kubernetes: ``initContainers``, a sidecar
            with ``restartPolicy: Always``.

    Raises:
        ArgumentError: ``invalid-name``, ``invalid-value``.
    """

    _model = CompanionModel
    _security_fields = CONTAINER_SECURITY

    @recorded
    def __init__(self, name: str, role: str = "sidecar") -> None:
        self._start(name, names.label_name)
        self._set(role=checked(one_of, role, ("sidecar", "init"), "role of a companion"))

    @recorded
    def port(
        self,
        number: int,
        name: str | None = None,
        protocol: str = "TCP",
        *,
        service_port: int | None = None,
    ) -> Self:
        """
        Listen on a port; call again for each further port.

        Other containers of the pod reach it. With ``service_port`` it is a port of the
        workload's Service too, and ``expose`` can lead to it.

        Args:
            number: 1 to 65535. Kubernetes: ``containerPort``.
            name: At most 15 lower-case letters, digits and ``-``. Default: ``http`` for
                80, ``https`` for 443, else ``port-<number>``; behind it the protocol
                where it is not TCP, as in ``port-53-udp``.
            protocol: ``TCP`` (default), ``UDP`` or ``SCTP``.
            service_port: The port of the workload's Service that leads here; default:
                none. Not with ``role="init"``.

        Raises:
            ArgumentError: ``invalid-port``, ``invalid-port-name``.
        """
        port = named(
            checked(ports.port, number),
            optional(names.port_name, name),
            checked(ports.protocol, protocol),
            self._origin,
            optional(ports.port, service_port),
        )
        return self._append("ports", port)


class WorkloadBuilder(ContainerBuilder):
    """Pods, and what controls them."""

    _holds = (*ContainerBuilder._holds, "companions", "holds", "account")

    @recorded
    def service_account(self, account: ServiceAccount | str) -> Self:
        """
        Run as this service account; its token is mounted, which it is not without this.

        Kubernetes: ``serviceAccountName``.

        Args:
            account: A ``ServiceAccount``, or the name of one that exists.

        Raises:
            ArgumentError: ``invalid-name``.
        """
        named = self._named(account, ServiceAccount)
        held = self._hold(account) if isinstance(account, ServiceAccount) else None
        return self._set(account=held, service_account=named)

    def _named(self, resource: Any, kind: type[Builder] = Builder) -> Named:
        return Named(name=self._name_of(resource, kind), origin=self._origin)

    @recorded
    def node_selector(self, labels: Mapping[str, str]) -> Self:
        """
        Run only on nodes with these labels, e.g. ``{"kubernetes.io/arch": "arm64"}``.

        Kubernetes: ``nodeSelector``.

        Raises:
            ArgumentError: ``invalid-label``.
        """
        return self._merge("node_selector", checked(_labels, labels))

    @recorded
    def toleration(
        self,
        key: str | None = None,
        operator: str | None = None,
        value: str | None = None,
        effect: str | None = None,
        *,
        seconds: int | None = None,
    ) -> Self:
        """
        Let the pods run on nodes with a taint; call again for each further taint.

        Args:
            key: The taint's key; without it every taint is tolerated.
            operator: ``Exists`` (any value) or ``Equal``; default: ``Equal`` with a value,
                ``Exists`` without.
            value: The taint's value; without it any value is.
            effect: ``NoSchedule``, ``PreferNoSchedule`` or ``NoExecute``; default: all.
            seconds: How long a ``NoExecute`` taint is tolerated.

        Raises:
            ArgumentError: ``invalid-value``, ``invalid-label``, ``conflicting-settings``.
        """
        _check_taint(key, operator, value)
        given: dict[str, Any] = {}
        if key is not None:
            given["key"] = checked(labels.label_key, key)
        chosen = because(self._cause, "Exists") if value is None else because(value, "Equal")
        given["operator"] = chosen if operator is None else operator
        if value is not None:
            given["value"] = checked(labels.label_value, value)
        if effect is not None:
            given["effect"] = checked(one_of, effect, EFFECTS, "effect of a taint")
        if seconds is not None:
            given["tolerationSeconds"] = checked(
                quantity.whole_number, seconds, 0, None, "seconds", "invalid-duration"
            )
        return self._append("tolerations", Toleration(settings=given, origin=self._origin))

    @recorded
    def spread(
        self,
        topology: str = "topology.kubernetes.io/zone",
        max_skew: int = 1,
        when_unsatisfiable: str = "ScheduleAnyway",
    ) -> Self:
        """
        Spread the pods evenly; call again for each further topology.

        Args:
            topology: The label of nodes that tells them apart: zones by default,
                ``kubernetes.io/hostname`` for single nodes.
            max_skew: By how many pods two places may differ, at least 1.
            when_unsatisfiable: ``ScheduleAnyway`` (default) or ``DoNotSchedule``.

        Raises:
            ArgumentError: ``invalid-label``, ``invalid-value``.
        """
        return self._append(
            "spread",
            Spread(
                topology=checked(labels.label_key, topology),
                max_skew=checked(
                    quantity.whole_number, max_skew, 1, None, "max_skew", "invalid-value"
                ),
                when_unsatisfiable=checked(one_of, when_unsatisfiable, UNEVEN, "way to be uneven"),
                origin=self._origin,
            ),
        )

    @recorded
    def add_companion(self, companion: Companion) -> Self:
        """
        Add a second container to the pods: a sidecar, or one that runs before.

        Kubernetes: ``initContainers``.

        Raises:
            ArgumentError: ``wrong-type``.
        """
        if not isinstance(companion, Companion):
            raise mistyped(companion, "the companion", 'a Companion("name")')
        return self._append("companions", self._hold(companion))

    @recorded
    def add(self, *resources: Builder) -> Self:
        """
        Keep other resources with this one: they are generated with it.

        A ``Companion``, ``ConfigMap`` or ``Secret`` only becomes part of the pods with
        ``add_companion``, ``add_config`` and ``add_secret``.

        Raises:
            ArgumentError: ``wrong-type``.
        """
        for resource in resources:
            if not isinstance(resource, Builder) or isinstance(resource, Companion):
                raise mistyped(resource, "what is added", "a resource such as ConfigMap(...)")
            self._append("holds", self._hold(resource))
        return self

    @recorded
    def use_template(self, name: str, /, *, format: str | None = None, **values: Any) -> Self:
        """
        Lay out an object with a template, in place of the one that is generated.

        The template says by itself what it makes: an object of its ``kind``, or Docker
        Compose where it has ``services``. Services, budgets and scaling follow its labels,
        ports and service account.

        Args:
            name: A name given to ``TemplateManager().register``, or a built-in template.
            format: The output format that it is for; without it, what the template says.
            values: Values for names that only the template knows, e.g. ``team="shop"``.

        Raises:
            ArgumentError: ``wrong-type``.
        """
        given = {key: checked(manifest, value, key) for key, value in values.items()}
        use = TemplateUse(
            name=checked(grammar_text, name, "the template's name"),
            format=optional(grammar_text, format, "the format"),
            values=given,
            origin=self._origin,
        )
        return self._append("templates", use)

    @recorded
    def depends_on(self, *resources: Builder | str | Sequence[Builder | str]) -> Self:
        """
        Say what must run before this does: resources, or their names.

        No Kubernetes object comes of it: pods must cope with what is not there yet. The
        names are checked, shown in previews, and used by Docker Compose and Argo Workflows.

        Raises:
            ArgumentError: ``invalid-name``, ``conflicting-settings`` for itself.
        """
        return self._append("depends_on", *self._all_named(resources))

    @recorded
    def connect_to(self, *resources: Builder | str | Sequence[Builder | str]) -> Self:
        """
        Say what this calls over the network: resources, or their names.

        No Kubernetes object comes of it; the names are checked and shown in previews.

        Raises:
            ArgumentError: ``invalid-name``, ``conflicting-settings`` for itself.
        """
        return self._append("connect_to", *self._all_named(resources))

    def _all_named(self, resources: Any) -> list[Named]:
        if len(resources) == 1 and isinstance(resources[0], list | tuple):
            resources = resources[0]
        for resource in resources:
            check_needing(self, resource)
        return [self._named(resource) for resource in resources]

    def _budget(self, value: Any, what: str) -> Any:
        if isinstance(value, str):
            return checked(_percentage, value, what)
        return checked(quantity.whole_number, value, 0, None, what, "invalid-value")


class BudgetedBuilder(WorkloadBuilder):
    """Workloads with a number of pods, of which some must stay."""

    @recorded
    def disruption_budget(
        self,
        min_available: int | str | None = None,
        max_unavailable: int | str | None = None,
    ) -> Self:
        """
        Limit how many pods may be away at a time while nodes are drained.

        Kubernetes: PodDisruptionBudget (policy/v1).

        Args:
            min_available: How many must stay: a number, or a percentage (``"50%"``).
            max_unavailable: How many may be away; exactly one of the two is needed.

        Raises:
            ArgumentError: ``conflicting-settings``, ``invalid-value``.
        """
        if (min_available is None) == (max_unavailable is None):
            raise ArgumentError(
                "conflicting-settings",
                "a disruption budget needs exactly one of min_available and max_unavailable",
                "for example disruption_budget(max_unavailable=1)",
            )
        given = {"min_available": min_available, "max_unavailable": max_unavailable}
        limits = {k: self._budget(v, k) for k, v in given.items() if v is not None}
        return self._set(disruption_budget=DisruptionBudget(**limits, origin=self._origin))


def _check_taint(key: Any, operator: Any, value: Any) -> None:
    """Refuse what says nothing together, as the API server does."""
    if key is None and value is not None:
        message, hint = "a taint's value needs its key", "pass the key too"
        raise refusal(value, "conflicting-settings", message, hint)
    if operator is None:
        return
    if isinstance(operator, str) and operator not in OPERATORS and value is None:
        message = f"{str(operator)!r} is no operator of a taint"
        hint = f"use one of {', '.join(OPERATORS)}, or pass value={str(operator)!r}"
        raise refusal(operator, "invalid-value", message, hint)
    checked(one_of, operator, OPERATORS, "operator of a taint")
    if (operator == "Equal") == (value is None):
        message = "Equal needs a value" if value is None else "Exists goes with any value"
        hint = "pass value=, or leave the operator out" if value is None else "leave one out"
        raise refusal(operator, "conflicting-settings", message, hint)


def _labels(value: Any) -> Mapping[str, str]:
    return labels.labels(value)


def _percentage(value: str, what: str) -> str:
    number = value.removesuffix("%")
    if number == value or not number.isdigit() or int(number) > 100:
        raise ArgumentError(
            "invalid-value", f"{value!r} is no {what}", "a whole number, or text such as '50%'"
        )
    return value
