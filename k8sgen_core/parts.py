"""
Parts of resources: what single calls ask for, frozen.

Every value of a user carries its origin (:mod:`k8sgen_core.carriers`); ``origin`` is
the call that asked for the part as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, dataclass_transform

from k8sgen_core.carriers import Origins
from k8sgen_core.findings import Severity

if TYPE_CHECKING:
    from k8sgen_core.model import Claim, ConfigMap, Resource, Secret


# Their own refuses: a record never changes.
_set = object.__setattr__


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """
    A frozen value with named fields; a field that is not given has the class's default.

    Type checkers read a subclass as a dataclass. It is none, because a description has
    tens of thousands of them: here making one costs what was given, not what there is.
    """

    def __init__(self, **given: Any) -> None:
        _set(self, "__dict__", given)

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Self:
        """Return a record that has these fields, and the mapping itself for as long as it lives."""
        made = object.__new__(cls)
        _set(made, "__dict__", fields)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def replace(self, **changes: Any) -> Self:
        """Return a copy with these fields instead."""
        return self.of({**self.__dict__, **changes})


class Asked(Record):
    """Part of a resource that one call asked for."""

    origin: Origins = None


class Port(Asked):
    """A port that a container listens on."""

    number: int
    name: str
    protocol: str = "TCP"
    service_port: int | None = None
    of_companion: bool = False


class Variable(Asked):
    """An environment variable: its text, or where its value comes from."""

    name: str
    value: str | None = None
    source: Literal["secretKeyRef", "configMapKeyRef"] | None = None
    resource: str = ""
    key: str = ""
    holds: Resource | None = None
    # Took an earlier call's value from elsewhere: that there is a source is not this call's doing.
    moved: bool = False


class Probe(Asked):
    """A health check as Kubernetes writes it; an HTTP check without a port uses the first."""

    settings: Mapping[str, Any]
    needs_port: bool = False


class Attachment(Asked):
    """A ConfigMap or Secret that a container uses: as files, or as environment variables."""

    resource: ConfigMap | Secret | str
    secret: bool
    mount_path: str | None = None
    prefix: str | None = None
    mode: int | None = None


class Added(Asked):
    """A resource that a call made part of another."""

    resource: Resource


class Mishap(Asked):
    """What went wrong in code of a user's own that takes part in the description."""

    rule: str
    message: str
    severity: Severity = "error"
    hint: str | None = None


class Volume(Asked):
    """A volume mounted into a container."""

    mount_path: str
    source: Mapping[str, Any]
    claim: Claim | None = None


class Storage(Asked):
    """Storage that outlives the pod."""

    size: str
    mount_path: str = "/data"
    storage_class: str | None = None
    access_modes: tuple[str, ...] = ("ReadWriteOnce",)


class Scale(Asked):
    """Automatic scaling between two numbers of pods."""

    minimum: int
    maximum: int
    cpu: int | None = None
    memory: int | None = None


class Exposure(Asked):
    """How a workload is reached from outside the cluster."""

    via: Literal["ingress", "gateway", "loadbalancer"]
    domain: str | None = None
    path: str = "/"
    tls: Any = None
    ingress_class: str | None = None
    gateway: str | None = None
    port: Any = None


class Toleration(Asked):
    """A taint that the pods tolerate, as Kubernetes writes it."""

    settings: Mapping[str, Any]


class Spread(Asked):
    """How evenly pods are spread over a topology."""

    topology: str
    max_skew: int
    when_unsatisfiable: str


class DisruptionBudget(Asked):
    """How many pods may be away at a time."""

    min_available: int | str | None = None
    max_unavailable: int | str | None = None


class Hook(Asked):
    """What runs when a container starts or stops; an HTTP request without a port uses the first."""

    action: Mapping[str, Any]


class Build(Asked):
    """An image that is built from source."""

    context: str
    dockerfile: str
    arguments: Mapping[str, str]


class Override(Asked):
    """A patch of the user's own for one of the objects."""

    patch: Mapping[str, Any]
    kind: str | None = None


class TemplateUse(Asked):
    """A template that lays out an object, and the values that only it knows."""

    name: str
    format: str | None = None
    values: Mapping[str, Any]


class Ignored(Asked):
    """A rule that does not apply to a resource."""

    rule: str
    reason: str


class Validating(Asked):
    """A validator that a call added; of the library only what runs it knows its type."""

    validator: Any


class Named(Asked):
    """A name that a call refers to."""

    name: str


class SecretValue(Asked):
    """
    A value that is never shown.

    ``text`` is what the user gave; without it the value is generated, and made real
    only when it is written. It is no field of the repr, and no text by itself.
    """

    text: str | None = None
    length: int = 32
    charset: str = "alnum"


class Host(Asked):
    """A host that an Ingress answers for, and the one that its call takes the place of."""

    name: str
    before: str | None = None


class Route(Asked):
    """One rule of an Ingress."""

    host: Host | None
    path: str
    service: str
    port: Any
    path_type: str


class Certificate(Asked):
    """The certificate for hosts of an Ingress."""

    secret: str
    hosts: tuple[str, ...] = ()


class Permission(Asked):
    """What a role allows."""

    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()


class Subject(Asked):
    """Who gets the permissions of a role; ``account`` returns an account that is described."""

    kind: Literal["ServiceAccount", "User", "Group"]
    name: str
    namespace: str | None = None
    account: Callable[[], Resource] | None = None


class Selected(Asked):
    """Pods: those with these labels, or those of the workload that ``workload`` returns."""

    labels: Mapping[str, str] | None = None
    workload: Callable[[], Resource] | None = None


class Traffic(Asked):
    """
    Traffic that a NetworkPolicy allows, as Kubernetes writes its peers and ports.

    A port without a protocol has that of the workload whose port it is.
    """

    direction: Literal["ingress", "egress"]
    peers: tuple[Mapping[str, Any] | Selected, ...] = ()
    ports: tuple[Mapping[str, Any], ...] = ()
