"""
An object as rules see it: its parts found once, so that a rule reads what it asks about.

What is of the wrong type has been taken out before (``cluster``), so a field of a kind with a
schema is absent, null, or of its type.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from k8sgen_core.rules.cluster import Cluster

Path: TypeAlias = tuple[str | int, ...]

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
TEMPLATE = ("spec", "template")
# Where the kinds that run pods keep the template of the pods; a Pod is its own.
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), TEMPLATE),
    "ReplicationController": TEMPLATE,
    "DeploymentConfig": TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
# Other groups have kinds of these names too: a Service of Knative is no Service.
_OWN = frozenset(
    (
        *TEMPLATES,
        "ClusterRole",
        "ClusterRoleBinding",
        "ConfigMap",
        "HorizontalPodAutoscaler",
        "Ingress",
        "Namespace",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "PriorityClass",
        "Role",
        "RoleBinding",
        "Secret",
        "Service",
        "ServiceAccount",
    )
) - {"DeploymentConfig"}

# An isinstance check of an abstract class costs ten times as much as one of a class, and what
# rules see is of the built-in types.
_NOTHING: Mapping[str, Any] = {}


def mapping(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the mapping at a path of names; an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else _NOTHING


def sequence(value: Any, *path: str) -> Sequence[Any]:
    """Return the list at a path of names; an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else ()


def items(value: Any, *path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the mappings of the list at a path of names, each with its number."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict):
                yield index, each


def whole(value: Any, otherwise: int) -> int:
    """Return a whole number, or another one where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def is_foreign(group: str) -> bool:
    """Is it a group of custom resources?"""
    return "." in group and not group.endswith(".k8s.io")


def texts(value: Any, *path: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of the list at a path of names, each with its number."""
    for index, each in enumerate(sequence(value, *path)):
        if isinstance(each, str):
            yield index, each


@dataclass(eq=False, slots=True)
class Container:
    """
    A container of a pod: an ordinary one, an init container, or an ephemeral one.

    ``security`` is what it says of its privileges itself.
    """

    pod: Pod
    path: Path
    value: Mapping[str, Any]
    field: str
    security: Mapping[str, Any] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.security = mapping(self.value, "securityContext")

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.value.get("name", ""))

    @property
    def image(self) -> str:
        """Its image, empty where it has none."""
        image = self.value.get("image")
        return image if isinstance(image, str) else ""

    @property
    def inner(self) -> Path:
        """Its path in the pod."""
        return self.path[len(self.pod.path) :]

    @property
    def is_init(self) -> bool:
        """Does it end before the pod starts? A sidecar does not."""
        return self.field == "initContainers" and self.value.get("restartPolicy") != "Always"

    def effective(self, name: str) -> Any:
        """Return a privilege: its own setting, else the pod's."""
        own = self.security.get(name)
        return self.pod.security.get(name) if own is None else own


@dataclass(eq=False)
class Pod:
    """
    The pods of an object, by their template; ``path`` leads to it in the object.

    ``security`` is what the pod says of the privileges of all its containers.
    """

    manifest: Manifest
    path: Path
    value: Mapping[str, Any]
    spec: Mapping[str, Any] = dataclasses.field(init=False)
    security: Mapping[str, Any] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.spec = mapping(self.value, "spec")
        self.security = mapping(self.spec, "securityContext")

    @property
    def labels(self) -> Mapping[str, Any]:
        """The labels that the pods have; without any template, those that they have to have."""
        if self.value:
            return mapping(self.value, "metadata", "labels")
        return mapping(self.manifest.spec, "selector", "matchLabels")

    @property
    def annotations(self) -> Mapping[str, Any]:
        """The annotations that the pods have."""
        return mapping(self.value, "metadata", "annotations")

    @property
    def is_windows(self) -> bool:
        """Is it of the other system, which knows none of the privileges of Linux?"""
        return mapping(self.spec, "os").get("name") == "windows"

    @property
    def has_own_users(self) -> bool:
        """Is root in the pod an ordinary user on the node? Counts since Kubernetes 1.35."""
        return self.spec.get("hostUsers") is False and self.manifest.cluster.minor >= 35

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers, those first that run for as long as the pod."""
        return tuple(
            Container(self, (*self.path, "spec", name, index), value, name)
            for name in CONTAINERS
            for index, value in items(self.spec, name)
        )


class Manifest:
    """
    One object among those that are judged together.

    ``value`` is of built-in types only. ``handle`` is whatever the caller knows it by. ``kind``
    has the group behind it where Kubernetes has another kind of the name. ``namespace`` is
    ``default`` where none is said. ``pod`` are the pods that it runs, if its kind runs any.
    """

    # There are as many as objects, so that what each takes counts.
    __slots__ = (
        "annotations",
        "cluster",
        "group",
        "handle",
        "kind",
        "labels",
        "metadata",
        "name",
        "namespace",
        "pod",
        "spec",
        "value",
    )
    path: Path = ()

    def __init__(self, value: Mapping[str, Any], cluster: Cluster, handle: Any = None) -> None:
        self.value = value
        self.cluster = cluster
        self.handle = handle
        self.group = sys.intern(str(value.get("apiVersion", "")).rpartition("/")[0])
        kind = str(value.get("kind", ""))
        self.kind = f"{kind}.{self.group}" if kind in _OWN and is_foreign(self.group) else kind
        self.spec = mapping(value, "spec")
        metadata = self.metadata = mapping(value, "metadata")
        self.name = str(metadata.get("name") or metadata.get("generateName") or "")
        self.namespace = str(metadata.get("namespace") or "default")
        self.labels = mapping(metadata, "labels")
        self.annotations = mapping(metadata, "annotations")
        where = TEMPLATES.get(self.kind)
        self.pod = None if where is None else Pod(self, where, mapping(value, *where))

    @property
    def key(self) -> tuple[str, str, str]:
        """What a cluster knows it by: kind, name and namespace."""
        return self.kind, self.name, self.namespace

    @property
    def title(self) -> str:
        """How it is named: ``Deployment/web``."""
        return f"{self.value.get('kind', '')}/{self.name}"
