"""What an API server refuses of the volumes of a pod."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    NONE,
    Check,
    Fault,
    Object,
    between,
    each,
    exactly_one,
    fields,
    missing,
    one_of,
    unique,
)
from k8sgen_core.faults.resources import resource_field
from k8sgen_core.faults.storage import claim_spec
from k8sgen_core.faults.words import (
    file_mode,
    labels,
    no_way_up,
    quantity,
    relative_path,
    short_name,
)
from k8sgen_core.grammar import shown

_SOURCES = (
    "configMap",
    "secret",
    "emptyDir",
    "persistentVolumeClaim",
    "hostPath",
    "projected",
    "csi",
    "ephemeral",
    "downwardAPI",
    "nfs",
    "image",
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "iscsi",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
)
_PROJECTED = (
    "configMap",
    "secret",
    "downwardAPI",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
)
_FILE_FIELDS = frozenset(
    (
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "metadata.labels",
        "metadata.annotations",
    )
)


def volume_faults(volumes: Sequence[Object]) -> Iterator[Fault]:
    """Yield what is refused of the volumes of a pod."""
    yield from _NAMES(volumes)
    for index, volume in enumerate(volumes):
        found = list(_VOLUME(volume))
        # An empty directory is what a volume without a source is.
        if len(volume) > 2:
            named = f"the source of the volume {volume.get('name')}"
            found += [each for each in exactly_one(named, _SOURCES, volume) if each.path]
        yield from (fault.at(index) for fault in found)


def _inside(value: str) -> Sequence[Fault]:
    if value.startswith("..") and not value.startswith("../"):
        return [Fault("invalid-path", (), f"{shown(value)} must not begin with '..'")]
    return relative_path(value)


_ITEMS = each(fields({"path": _inside, "mode": file_mode}))
_FILES: Check = fields({"items": _ITEMS, "defaultMode": file_mode})


def _file(value: Object) -> Sequence[Fault]:
    found = [*_FILE(value), *exactly_one("the content of a file", _CONTENTS, value)]
    named = (value.get("resourceFieldRef") or {}).get("containerName")
    if value.get("resourceFieldRef") and not named:
        found.append(
            missing("containerName", "it does not say of which container").at("resourceFieldRef")
        )
    return found


def _file_field(value: str) -> Sequence[Fault]:
    if value in _FILE_FIELDS or value.startswith(("metadata.labels['", "metadata.annotations['")):
        return NONE
    message = f"{shown(value)} is no field that a file can have"
    return [Fault("invalid-value", (), message, f"one of {', '.join(sorted(_FILE_FIELDS))}")]


_CONTENTS = ("fieldRef", "resourceFieldRef")
_FILE = fields(
    {
        "path": _inside,
        "mode": file_mode,
        "fieldRef": fields({"fieldPath": _file_field}),
        "resourceFieldRef": fields({"resource": resource_field, "divisor": quantity}),
    }
)
_DOWNWARD = fields({"items": each(_file), "defaultMode": file_mode})
_TOKEN = fields({"expirationSeconds": between(600, 2**32), "path": _inside})
_PROJECTION = fields(
    {
        "configMap": _FILES,
        "secret": _FILES,
        "downwardAPI": _DOWNWARD,
        "serviceAccountToken": _TOKEN,
    }
)


def _source(value: Object) -> Sequence[Fault]:
    given = [name for name in _PROJECTED if value.get(name) is not None]
    alone = exactly_one("a source of files", _PROJECTED, value) if given else NONE
    return [*_PROJECTION(value), *alone]


def _secret(value: Object) -> Sequence[Fault]:
    lacking = () if value.get("secretName") else (missing("secretName", "it names no Secret"),)
    return [*_FILES(value), *lacking]


def _config_map(value: Object) -> Sequence[Fault]:
    lacking = () if value.get("name") else (missing("name", "it names no ConfigMap"),)
    return [*_FILES(value), *lacking]


_HOST_PATHS = (
    "DirectoryOrCreate",
    "Directory",
    "FileOrCreate",
    "File",
    "Socket",
    "CharDevice",
    "BlockDevice",
)
_VOLUME = fields(
    {
        "name": short_name,
        "configMap": _config_map,
        "secret": _secret,
        "emptyDir": fields({"sizeLimit": quantity}),
        "hostPath": fields({"path": no_way_up, "type": one_of(*_HOST_PATHS)}),
        "downwardAPI": _DOWNWARD,
        "projected": fields({"sources": each(_source), "defaultMode": file_mode}),
        "ephemeral": fields(
            {
                "volumeClaimTemplate": fields(
                    {"metadata": fields({"labels": labels}), "spec": claim_spec}
                )
            }
        ),
        "image": fields({"pullPolicy": one_of("Always", "IfNotPresent", "Never")}),
    }
)
_NAMES = unique("volume named", "name")
