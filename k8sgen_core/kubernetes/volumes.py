"""Volumes: what is mounted where, under names that do not clash."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from k8sgen_core.carriers import all_of, because, plain
from k8sgen_core.kubernetes.lowered import Object
from k8sgen_core.model import Container, Workload
from k8sgen_core.parts import Attachment, Storage, Volume


@dataclass
class Volumes:
    """The volumes of one pod."""

    volumes: list[Object] = field(default_factory=list)
    _names: dict[str, Any] = field(default_factory=dict)

    def name(self, wanted: str, source: Any) -> str:
        """Return a name for a volume; the same source keeps its name."""
        chosen = _label(wanted)
        number = 2
        while chosen in self._names and self._names[chosen] != source:
            chosen = "-".join((_label(wanted)[:60], str(number)))
            number += 1
        self._names[chosen] = source
        return because(wanted, chosen)

    def add(self, name: str, source: Object, cause: Any) -> None:
        """Add a volume, unless another container of the pod has added it."""
        if all(known["name"] != name for known in self.volumes):
            self.volumes.append(because(cause, {"name": name, **source}))


@dataclass
class Mounts:
    """What one container mounts."""

    mounts: list[Object] = field(default_factory=list)

    def add(self, name: str, path: str, cause: Any) -> None:
        """Mount a volume at a path."""
        self.mounts.append(because(cause, {"name": name, "mountPath": path}))


def mounts_of(owner: Container, volumes: Volumes) -> Mounts:
    """Return what a container mounts, and add the volumes for it."""
    mounts = Mounts()
    if isinstance(owner, Workload):
        for storage in owner.storage:
            _storage(owner, storage, volumes, mounts)
    for volume in owner.volumes:
        _volume(volume, volumes, mounts)
    for attachment in owner.attachments:
        _attachment(attachment, volumes, mounts)
    return mounts


def _storage(owner: Workload, storage: Storage, volumes: Volumes, mounts: Mounts) -> None:
    name = volumes.name("data", storage)
    if owner.controller != "StatefulSet":
        claim = {"persistentVolumeClaim": {"claimName": claim_name(owner)}}
        volumes.add(name, claim, storage)
    mounts.add(name, storage.mount_path, storage)


def claim_name(owner: Workload) -> str:
    """Return the name of the claim for a workload's own storage."""
    return owner.name + "-data"


def _volume(volume: Volume, volumes: Volumes, mounts: Mounts) -> None:
    claim = volume.claim
    name = volumes.name(volume.mount_path if claim is None else claim.name, volume.source)
    volumes.add(name, dict(volume.source), volume)
    mounts.add(name, volume.mount_path, volume)


def _attachment(attachment: Attachment, volumes: Volumes, mounts: Mounts) -> None:
    resource = attachment.resource
    path, name, mode = attachment.mount_path, resource, attachment.mode
    if not isinstance(resource, str):
        path = path or resource.mount_path
        name, mode = resource.name, resource.mode
    if path is None:
        return
    field = ("secret", "secretName") if attachment.secret else ("configMap", "name")
    source: Object = {field[1]: name}
    if mode is not None:
        source["defaultMode"] = mode
    volume = volumes.name(str(name), (field[0], plain(name)))
    # The mount is there because it was attached, and because a path was told.
    cause = all_of(attachment, path)
    volumes.add(volume, {field[0]: source}, cause)
    mounts.add(volume, path, cause)


def _label(wanted: str) -> str:
    """Return a DNS label made of a path or name."""
    words = re.sub("[^a-z0-9]+", "-", plain(wanted).lower()).strip("-")
    return words[:63].strip("-") or "root"
