"""
An object as rules see it: its parts found once, so that a rule reads what it asks about.

What is of the wrong type has been taken out before (``cluster``), so a field of a kind with a
schema is absent, null, or of its type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


def mapping(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the mapping at a path of names; an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def sequence(value: Any, *path: str) -> Sequence[Any]:
    """Return the list at a path of names; an empty one where there is none."""
    held = mapping(value, *path[:-1]) if path[:-1] else value
    found = held.get(path[-1]) if isinstance(held, Mapping) and path else value
    return found if isinstance(found, list) else ()


@dataclass(eq=False, slots=True)
class Container:
    """A container of a pod: an ordinary one, an init container, or an ephemeral one."""

    pod: Pod
    path: Path
    value: Mapping[str, Any]
    field: str

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.value.get("name", ""))

    @property
    def is_init(self) -> bool:
        """Does it end before the pod starts? A sidecar does not."""
        return self.field == "initContainers" and self.value.get("restartPolicy") != "Always"

    @property
    def security(self) -> Mapping[str, Any]:
        """What it says of its privileges itself."""
        return mapping(self.value, "securityContext")

    def effective(self, name: str) -> Any:
        """Return a privilege: its own setting, else the pod's."""
        own = self.security.get(name)
        return self.pod.security.get(name) if own is None else own


@dataclass(eq=False)
class Pod:
    """The pods of an object, by their template; ``path`` leads to it in the object."""

    manifest: Manifest
    path: Path
    value: Mapping[str, Any]
    spec: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.spec = mapping(self.value, "spec")

    @property
    def labels(self) -> Mapping[str, Any]:
        """The labels that the pods have."""
        return mapping(self.value, "metadata", "labels")

    @property
    def security(self) -> Mapping[str, Any]:
        """What the pod says of the privileges of all its containers."""
        return mapping(self.spec, "securityContext")

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers, those first that run for as long as the pod."""
        return tuple(
            Container(self, (*self.path, "spec", name, index), value, name)
            for name in CONTAINERS
            for index, value in enumerate(self.spec.get(name) or ())
            if isinstance(value, Mapping)
        )


class Manifest:
    """
    One object among those that are judged together.

    ``value`` is of built-in types only. ``handle`` is whatever the caller knows it by.
    """

    def __init__(self, value: Mapping[str, Any], cluster: Cluster, handle: Any = None) -> None:
        self.value = value
        self.cluster = cluster
        self.handle = handle
        self.path: Path = ()
        self.kind = str(value.get("kind", ""))
        self.metadata = mapping(value, "metadata")
        self.spec = mapping(value, "spec")

    @property
    def group(self) -> str:
        """The API group, empty for the core."""
        return str(self.value.get("apiVersion", "")).rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.metadata.get("name") or self.metadata.get("generateName") or "")

    @property
    def namespace(self) -> str:
        """Its namespace; ``default`` where none is said."""
        return str(self.metadata.get("namespace") or "default")

    @property
    def labels(self) -> Mapping[str, Any]:
        """Its own labels."""
        return mapping(self.metadata, "labels")

    @property
    def annotations(self) -> Mapping[str, Any]:
        """Its annotations."""
        return mapping(self.metadata, "annotations")

    @property
    def title(self) -> str:
        """How it is named: ``Deployment/web``."""
        return f"{self.kind}/{self.name}"

    @cached_property
    def pod(self) -> Pod | None:
        """The pods that it runs, if it is of a kind that runs pods."""
        where = TEMPLATES.get(self.kind)
        if where is None:
            return None
        return Pod(self, where, mapping(self.value, *where))
