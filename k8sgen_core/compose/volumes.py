"""Volumes of services: named ones for what is kept, and scratch space."""

from __future__ import annotations

from typing import Any

from k8sgen_core.carriers import all_of, because, deep_origins, derived, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.grammar.slug import slug
from k8sgen_core.model import Claim, Container, Workload
from k8sgen_core.parts import Storage, Volume
from k8sgen_core.templates.compose_values import size


def volumes_of(project: Project, owner: Container, pod: Container) -> list[Object]:
    """Return what a container mounts, and add the named volumes for it."""
    made: list[Object] = []
    if isinstance(owner, Workload):
        made += [_kept(project, owner, storage) for storage in owner.storage]
    for volume in owner.volumes:
        mount = _mount(project, owner, pod, volume)
        if mount:
            made.append(because(volume, mount))
    return made


def _kept(project: Project, owner: Workload, storage: Storage) -> Object:
    name = owner.name + "-data"
    project.share("volumes", name, {}, storage)
    _report_claim(project, storage)
    mount = {"type": "volume", "source": name, "target": storage.mount_path}
    return because(storage, mount)


def _report_claim(project: Project, claim: Storage | Claim) -> None:
    for setting in ("size", "storage_class"):
        value = getattr(claim, setting)
        if value is not None:
            what = setting.replace("_", " ")
            message = f"a volume of Docker Compose has no {what}: it is a part of the host's disk"
            project.cannot(message, deep_origins(value) or claim.origin)


def _mount(project: Project, owner: Container, pod: Container, volume: Volume) -> Object:
    [(kind, source)] = [*volume.source.items()][:1] or [("", None)]
    made: Object = {"type": "volume", "target": volume.mount_path}
    settings: Any = source or {}
    if kind == "persistentVolumeClaim":
        name = settings["claimName"]
        project.share("volumes", name, {}, volume)
        made = {"type": "volume", "source": name, "target": volume.mount_path}
        if volume.claim is not None:
            _report_claim(project, volume.claim)
    elif kind == "hostPath":
        made = {"type": "bind", "source": settings["path"], "target": volume.mount_path}
    elif kind == "emptyDir" and settings.get("medium") == "Memory":
        made["type"] = because(settings["medium"], "tmpfs")
        if "sizeLimit" in settings:
            made["tmpfs"] = {"size": derived(settings["sizeLimit"], size)}
    elif kind == "emptyDir":
        made |= _scratch(project, pod, volume)
    else:
        project.cannot(
            f"Docker Compose has no volumes of {plain(kind)}",
            deep_origins(volume.source) or volume.origin,
            "mount a host folder, a claim, or scratch space",
        )
        return {}
    return made


def _scratch(project: Project, pod: Container, volume: Volume) -> Object:
    """Return the source of scratch space: a named volume where a companion mounts it too."""
    companions = pod.companions if isinstance(pod, Workload) else ()
    containers: list[Any] = [(pod, None), *((added.resource, added) for added in companions)]
    same = [
        all_of(other, added)
        for container, added in containers
        for other in container.volumes
        if (other.mount_path, other.source) == (volume.mount_path, volume.source)
    ]
    if len(same) < 2:
        return {}
    cause = all_of(*same)
    name = because(cause, pod.name + "-" + slug(plain(volume.mount_path)))
    project.share("volumes", name, {}, cause)
    return {"source": name}
