"""The schemas of each Kubernetes version: which kinds it has, and whether an object fits."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from k8sgen_core.kubernetes import bundle
from k8sgen_core.kubernetes.bundle import Bundle
from k8sgen_core.kubernetes.fields import Field
from k8sgen_core.kubernetes.violations import Violation, check, check_type, missing

if TYPE_CHECKING:
    from jsonschema_rs import Validator

__all__ = [
    "DEFAULT_VERSION",
    "VERSIONS",
    "UnknownVersion",
    "Violation",
    "api_versions",
    "field",
    "has_schema",
    "list_type",
    "merge_key",
    "metadata_schema",
    "namespaced",
    "parse_version",
    "served",
    "violations",
]

VERSIONS: tuple[str, ...] = bundle.VERSIONS
DEFAULT_VERSION = VERSIONS[-1]

# The schemas do not say which kinds live outside namespaces.
_CLUSTER_SCOPED = {
    "": {"ComponentStatus", "Namespace", "Node", "PersistentVolume"},
    "admissionregistration.k8s.io": {
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
    "apiextensions.k8s.io": {"CustomResourceDefinition"},
    "apiregistration.k8s.io": {"APIService"},
    "authentication.k8s.io": {"SelfSubjectReview", "TokenReview"},
    "authorization.k8s.io": {
        "SelfSubjectAccessReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
    },
    "certificates.k8s.io": {"CertificateSigningRequest", "ClusterTrustBundle"},
    "flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
    "internal.apiserver.k8s.io": {"StorageVersion"},
    "networking.k8s.io": {"ClusterCIDR", "IPAddress", "IngressClass", "ServiceCIDR"},
    "node.k8s.io": {"RuntimeClass"},
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {
        "DeviceClass",
        "DeviceTaintRule",
        "ResourceClass",
        "ResourcePoolStatusRequest",
        "ResourceSlice",
    },
    "scheduling.k8s.io": {"PriorityClass"},
    "storage.k8s.io": {
        "CSIDriver",
        "CSINode",
        "StorageClass",
        "VolumeAttachment",
        "VolumeAttributesClass",
    },
    "storagemigration.k8s.io": {"StorageVersionMigration"},
}
_NOT_NAMESPACED = frozenset().union(*_CLUSTER_SCOPED.values())


class UnknownVersion(ValueError):
    """Raised for a Kubernetes version that has no schemas here."""

    def __init__(self, value: str) -> None:
        super().__init__(f"unknown Kubernetes version {value!r}: use one of {', '.join(VERSIONS)}")


def parse_version(text: str) -> str:
    """Return one of ``VERSIONS`` for ``1.37``, ``v1.37`` or ``1.37.2``."""
    found = re.fullmatch(r"v?(\d+\.\d+)(\.\d+)?", text, re.ASCII)
    if found is None or found[1] not in VERSIONS:
        raise UnknownVersion(text)
    return found[1]


def has_schema(api_version: str, kind: str, version: str) -> bool:
    """Tell whether objects of this kind can be judged."""
    return _definition(api_version, kind, version) is not None


def served(api_version: str, kind: str, version: str) -> bool:
    """
    Tell whether a cluster of this version may know the kind.

    Of a group that is not Kubernetes' own only the cluster knows, so the answer is yes.
    """
    return (
        has_schema(api_version, kind, version) or _group(api_version) not in _bundle(version).groups
    )


def api_versions(kind: str, version: str) -> tuple[str, ...]:
    """Return where Kubernetes serves this kind, the most stable and newest first."""
    names = (name.split(" ") for name in _bundle(version).kinds)
    return tuple(sorted((group for group, found in names if found == kind), key=_rank))


def namespaced(api_version: str, kind: str) -> bool:
    """Tell whether objects of the kind live in a namespace; custom resources are taken to."""
    return kind not in _NOT_NAMESPACED or kind not in _CLUSTER_SCOPED.get(_group(api_version), ())


def violations(obj: Mapping[str, object], version: str) -> list[Violation]:
    """
    Return everything that breaks the strict schema of the object's kind.

    Values have to be of the built-in types. A kind without schema has no violations.
    """
    absent = [missing(name) for name in ("apiVersion", "kind") if name not in obj]
    if absent:
        return absent
    api_version, kind = obj["apiVersion"], obj["kind"]
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return [*check_type(api_version, ("apiVersion",)), *check_type(kind, ("kind",))]
    known = _compiled(api_version, kind, version)
    found = [] if known is None else check(obj, *known)
    return [_dated(each, api_version, kind, version) if each.is_unknown else each for each in found]


def _dated(unknown: Violation, api_version: str, kind: str, version: str) -> Violation:
    """Return the violation; if a later version has the field, with a hint that says so."""
    names = tuple(step for step in unknown.path if isinstance(step, str))
    for later in VERSIONS[VERSIONS.index(parse_version(version)) + 1 :]:
        if field(api_version, kind, names, later) is not None:
            return unknown._replace(hint=f"Kubernetes has it since {later}, not yet in {version}")
    return unknown


def field(api_version: str, kind: str, path: tuple[str, ...], version: str) -> Field | None:
    """Return the field at a path of names without indexes, ``None`` where the schema has none."""
    known = _bundle(version)
    number = _definition(api_version, kind, version)
    found = None if number is None else Field(known, known.definition(number))
    for name in path:
        found = found and found.child(name)
    return found


def metadata_schema(version: str) -> tuple[Bundle, int]:
    """Return where the schema of the metadata of all objects is."""
    known = _bundle(version)
    pod = known.definition(known.kinds["v1 Pod"])
    return known, int(pod["properties"]["metadata"]["$ref"].rpartition("/")[2])


def merge_key(api_version: str, kind: str, path: tuple[str, ...], version: str) -> str | None:
    """Return the field by which a strategic merge tells the items of this list apart."""
    found = field(api_version, kind, path, version)
    return found.merge_key if found else None


def list_type(api_version: str, kind: str, path: tuple[str, ...], version: str) -> str | None:
    """Return ``atomic``, ``set`` or ``map`` for a list."""
    found = field(api_version, kind, path, version)
    return found.list_type if found else None


def _bundle(version: str) -> Bundle:
    return _read(version if version in VERSIONS else parse_version(version))


@functools.cache
def _read(version: str) -> Bundle:
    return bundle.read(bundle.path_of(version))


def _definition(api_version: str, kind: str, version: str) -> int | None:
    return _bundle(version).kinds.get(f"{api_version} {kind}")


# As many as all kinds of one version; a run meets a few dozen.
@functools.lru_cache(maxsize=256)
def _compiled(api_version: str, kind: str, version: str) -> tuple[Validator, Field] | None:
    known, number = _bundle(version), _definition(api_version, kind, version)
    if number is None:
        return None
    import jsonschema_rs  # Costs as much as the rest of a short command.

    validator = jsonschema_rs.validator_for(known.schema(number))
    return validator, Field(known, known.definition(number))


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def _rank(api_version: str) -> tuple[int, int, int, str]:
    group, _, name = api_version.rpartition("/")
    found = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", name)
    if found is None:
        raise ValueError(f"{api_version!r} is no version of a Kubernetes API")
    stage = (None, "beta", "alpha").index(found[2])
    return stage, -int(found[1]), -int(found[3] or 0), group
