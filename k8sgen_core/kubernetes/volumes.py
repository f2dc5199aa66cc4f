"""Volumes: what is mounted where, under names that do not clash."""

from __future__ import annotations

import re
from typing import Any

from k8sgen_core.carriers import Placed, all_of, because, plain, sole
from k8sgen_core.kubernetes.lowered import Object
from k8sgen_core.model import Container, Workload
from k8sgen_core.parts import Attachment, Storage, Volume
from k8sgen_core.sharing import common

_ANONYMOUS = {"emptyDir", "ephemeral"}


class Volumes:
    """The volumes of one pod."""

    def __init__(self) -> None:
        self._sources: dict[str, Object] = {}
        self._causes: dict[str, Placed] = {}
        self._names: dict[str, tuple[Any, str]] = {}

    def name(self, wanted: str, source: Any) -> str:
        """Return a name for a volume; the same source keeps its name."""
        chosen = _label(wanted)
        causes = [wanted]
        while chosen in self._names and self._names[chosen][0] != source:
            causes.append(self._names[chosen][1])
            chosen = "-".join((_label(wanted)[:60], str(len(causes))))
        self._names.setdefault(chosen, (source, wanted))
        return because(all_of(*causes), chosen)

    def add(self, name: str, source: Object, cause: Placed) -> None:
        """Add a volume; several mounts, or containers of the pod, can share it."""
        made = {"name": name, **source}
        known = self._sources.get(name)
        self._sources[plain(name)] = made if known is None else common(known, made)
        self._causes[plain(name)] = cause if known is None else sole((self._causes[name], cause))

    def __bool__(self) -> bool:
        return bool(self._sources)

    def all(self) -> list[Object]:
        """Return the volumes in the order in which they were added."""
        return [because(self._causes[name], made) for name, made in self._sources.items()]


class Mounts:
    """What one container mounts; ``added`` is what brought the container into the pod."""

    def __init__(self, volumes: Volumes, added: Placed | None = None) -> None:
        self.volumes = volumes
        self.added = added
        self.mounts: list[Object] = []

    def add(self, name: str, path: str, cause: Placed, source: Object) -> None:
        """Mount a volume at a path; without a source it is there already."""
        self.mounts.append(because(cause, {"name": name, "mountPath": path}))
        if source:
            self.volumes.add(name, source, all_of(cause, self.added))


def mounts_of(owner: Container, volumes: Volumes, added: Placed | None = None) -> Mounts:
    """Return what a container mounts, and add the volumes for it."""
    mounts = Mounts(volumes, added)
    if isinstance(owner, Workload):
        for storage in owner.storage:
            _storage(owner, storage, mounts)
    for volume in owner.volumes:
        _volume(volume, mounts)
    for attachment in owner.attachments:
        _attachment(attachment, mounts)
    return mounts


def _storage(owner: Workload, storage: Storage, mounts: Mounts) -> None:
    name = mounts.volumes.name("data", storage)
    claim = {"persistentVolumeClaim": {"claimName": claim_name(owner)}}
    mounts.add(
        name, storage.mount_path, storage, {} if owner.controller == "StatefulSet" else claim
    )


def claim_name(owner: Workload) -> str:
    """Return the name of the claim for a workload's own storage."""
    return owner.name + "-data"


def _volume(volume: Volume, mounts: Mounts) -> None:
    claim = volume.claim
    wanted = volume.mount_path if claim is None else claim.name
    # What has no name of its own is another thing at every path.
    source = plain(volume.source)
    identity = (source, plain(wanted)) if _ANONYMOUS & source.keys() else source
    name = mounts.volumes.name(wanted, identity)
    mounts.add(name, volume.mount_path, volume, dict(volume.source))


def _attachment(attachment: Attachment, mounts: Mounts) -> None:
    resource = attachment.resource
    path, name, mode = attachment.mount_path, resource, attachment.mode
    if not isinstance(resource, str):
        path = path or resource.mount_path
        name, mode = resource.name, resource.mode
    if not path:
        return
    field = ("secret", "secretName") if attachment.secret else ("configMap", "name")
    source: Object = {field[1]: name}
    if mode is not None:
        source["defaultMode"] = mode
    volume = mounts.volumes.name(str(name), (field[0], plain(name)))
    # The mount is there because it was attached, and because a path was told.
    mounts.add(volume, path, all_of(attachment, path), {field[0]: source})


def _label(wanted: str) -> str:
    """Return a DNS label made of a path or name."""
    words = re.sub("[^a-z0-9]+", "-", plain(wanted).lower()).strip("-")
    return words[:63].strip("-") or "root"
