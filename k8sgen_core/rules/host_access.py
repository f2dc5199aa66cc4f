"""Access to the node: its folders, and the socket of its container runtime."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from k8sgen_core.rules.manifest import Container, Path, Pod, items, mapping
from k8sgen_core.rules.rule import Flaw, rule

_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock")


class _Mount(NamedTuple):
    """A folder of the node in a container: which, the path of its volume, and the mount."""

    folder: str
    volume: Path
    container: Container
    mount: Mapping[str, Any]
    path: Path


@rule("sensitive-host-mounts", on=Pod)
def sensitive_host_mounts(pod: Pod) -> Iterator[Flaw]:
    """Flag mounted folders by which a container can take over the node."""
    sensitive = pod.manifest.cluster.option("sensitive-host-mounts", "paths")
    for each in _mounts(pod):
        if each.folder in sensitive:
            yield Flaw(
                each.volume,
                f"{each.folder} of the node is mounted in the container {each.container.name!r}",
                "mount only the file or folder that is needed, read-only",
            )


@rule("writable-host-mount", on=Pod)
def writable_host_mount(pod: Pod) -> Iterator[Flaw]:
    """Flag mounted folders of the node that a container can write to."""
    for each in _mounts(pod):
        if not each.mount.get("readOnly"):
            yield Flaw(
                each.path,
                f"the container {each.container.name!r} can write to {each.folder} of the node",
                "set readOnly: true in the volumeMount",
            )


@rule("docker-sock", on=Pod)
def docker_sock(pod: Pod) -> Iterator[Flaw]:
    """Flag containers that can start others on the node, with any privilege."""
    for each in _mounts(pod):
        if each.folder.endswith(_SOCKETS):
            container = each.container.name
            yield Flaw(
                each.volume,
                f"the container {container!r} commands the container runtime at {each.folder}",
                "build images with a tool that needs no daemon, or read metrics from the kubelet",
            )


def _mounts(pod: Pod) -> Iterator[_Mount]:
    """Yield every mount of a folder of the node, one for each volume of the name."""
    folders = [
        (volume.get("name"), _folder(volume), ("spec", "volumes", index, "hostPath", "path"))
        for index, volume in items(pod.spec, "volumes")
        if volume.get("hostPath") is not None
    ]
    if not folders:
        return
    for container in pod.containers:
        for index, mount in items(container.value, "volumeMounts"):
            for name, folder, path in folders:
                if mount.get("name") == name:
                    inner = (*container.inner, "volumeMounts", index)
                    yield _Mount(folder, path, container, mount, inner)


def _folder(volume: Mapping[str, Any]) -> str:
    given = mapping(volume, "hostPath").get("path")
    return posixpath.normpath(given) if isinstance(given, str) and given else ""
