"""
What a program describes, frozen: resources that know no output format.

Lowering turns these into Kubernetes objects, other formats into theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Container as AnyContainer
from typing import Any, Literal, TypeAlias

from k8sgen_core.carriers import Origins, origins_of
from k8sgen_core.parts import (
    Added,
    Asked,
    Attachment,
    Build,
    Certificate,
    DisruptionBudget,
    Exposure,
    Hook,
    Host,
    Ignored,
    Mishap,
    Named,
    Override,
    Permission,
    Port,
    Probe,
    Record,
    Route,
    Scale,
    SecretValue,
    Selected,
    Spread,
    Storage,
    Subject,
    TemplateUse,
    Toleration,
    Traffic,
    Validating,
    Variable,
    Volume,
)

NOTHING: Mapping[Any, Any] = {}
Controller: TypeAlias = Literal["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]


class Resource(Asked):
    """What every resource has."""

    name: str
    namespace: str | None = None
    labels: Mapping[str, str] = NOTHING
    annotations: Mapping[str, str] = NOTHING
    part_of: str | None = None
    overrides: tuple[Override, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    validators: tuple[Validating, ...] = ()
    refused: bool = False


class Container(Resource):
    """A container, with what it needs of its pod."""

    image: str | None = None
    built_from: Build | None = None
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    variables: Mapping[str, Variable] = NOTHING
    resources: Mapping[str, Any] = NOTHING
    probes: Mapping[str, Probe] = NOTHING
    security_context: Mapping[str, Any] = NOTHING
    hardened: Any = None
    volumes: tuple[Volume, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    hooks: Mapping[str, Hook] = NOTHING
    grace_period: int | None = None


class Companion(Container):
    """A second container of a pod: beside the main one, or before it."""

    role: Literal["sidecar", "init"] = "sidecar"


class Workload(Container):
    """Pods, and what controls them."""

    controller: Controller
    replicas: int | None = None
    scale: Scale | None = None
    exposures: tuple[Exposure, ...] = ()
    service_account: Named | None = None
    account: Added | None = None
    node_selector: Mapping[str, str] = NOTHING
    tolerations: tuple[Toleration, ...] = ()
    spread: tuple[Spread, ...] = ()
    disruption_budget: DisruptionBudget | None = None
    storage: tuple[Storage, ...] = ()
    companions: tuple[Added, ...] = ()
    depends_on: tuple[Named, ...] = ()
    connect_to: tuple[Named, ...] = ()
    holds: tuple[Added, ...] = ()
    templates: tuple[TemplateUse, ...] = ()
    schedule: str | None = None
    time_zone: str | None = None
    concurrency_policy: str | None = None
    suspend: bool | None = None
    timeout: int | None = None
    retries: int | None = None
    parallelism: int | None = None
    completions: int | None = None
    ttl: int | None = None

    @property
    def service_ports(self) -> tuple[Port, ...]:
        """The ports of its Service: its own, and those of companions that ask for one there."""
        if not self.companions:
            return self.ports
        found = list(self.ports)
        for added in self.companions:
            companion: Any = added.resource
            for port in companion.ports:
                if port.service_port is not None:
                    causes = origins_of((port, added))
                    found.append(port.replace(origin=causes, of_companion=True))
        return tuple(found)


class ConfigMap(Resource):
    """Settings, as text by key."""

    data: Mapping[str, str] = NOTHING
    mount_path: str | None = None
    prefix: str | None = None
    mode: int | None = None


class Secret(Resource):
    """Secret values by key."""

    data: Mapping[str, SecretValue] = NOTHING
    type: str = "Opaque"
    mount_path: str | None = None
    prefix: str | None = None
    mode: int | None = None


class Service(Resource):
    """A stable address for pods."""

    ports: tuple[Port, ...] = ()
    targets: Mapping[int, Any] = NOTHING
    selector: Selected | None = None
    type: str | None = None


class Ingress(Resource):
    """Routes from outside the cluster to Services."""

    hosts: tuple[Host, ...] = ()
    routes: tuple[Route, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    ingress_class: str | None = None


class Claim(Resource):
    """A claim for storage that outlives its pods."""

    size: str | None = None
    storage_class: str | None = None
    access_modes: tuple[str, ...] = ("ReadWriteOnce",)


class ServiceAccount(Resource):
    """An identity for pods."""

    automount: bool | None = None


class Role(Resource):
    """Permissions, in a namespace or in the whole cluster."""

    cluster: bool = False
    permissions: tuple[Permission, ...] = ()


class RoleBinding(Resource):
    """Gives the permissions of a role to subjects."""

    cluster: bool = False
    role: str | None = None
    role_kind: str = "Role"
    subjects: tuple[Subject, ...] = ()


class NetworkPolicy(Resource):
    """Which traffic pods accept and send."""

    selector: Selected | None = None
    denied: Mapping[str, Any] = NOTHING
    allowed: tuple[Traffic, ...] = ()


class Namespace(Resource):
    """A namespace."""


class CustomResource(Resource):
    """An object of a kind that a CustomResourceDefinition describes."""

    api_version: str
    kind: str
    fields: Mapping[str, Any] = NOTHING


class Manifests(Resource):
    """Objects read from existing files, as they are."""

    objects: tuple[Mapping[str, Any], ...] = ()


class Bundle(Resource):
    """
    What a plugin generates.

    ``variants`` yields what it would generate if a call of a user's were different: with
    the origin of what is different. ``codes`` are the ids of the code of plugins.
    """

    members: tuple[Added, ...] = ()
    objects: tuple[Mapping[str, Any], ...] = ()
    mishaps: tuple[Mishap, ...] = ()
    variants: Callable[[], Iterator[tuple[Origins, Bundle]]]
    codes: AnyContainer[int] = frozenset()


class Group(Resource):
    """Resources that belong together."""

    members: tuple[Added, ...] = ()


class Model(Record):
    """Everything that one run describes, in the order of its declaration."""

    roots: tuple[Resource, ...] = ()
    environment: str = "default"
