"""Names, labels and annotations of objects: each kind has its rule for names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from k8sgen_core.faults.fault import Fault, Object, each, fields, missing, spelled
from k8sgen_core.faults.words import annotation_texts, labels, qualified_name, remembered
from k8sgen_core.grammar import ArgumentError, shown
from k8sgen_core.grammar.names import label_name, service_name, subdomain

_CORE = ""
_RBAC = "rbac.authorization.k8s.io"
_ROLES = ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")
# A CronJob appends 11 characters to the names of its Jobs.
_LONGEST_CRON_JOB = 52
# A server cuts what it appends five characters to.
_LONGEST_PREFIX = 58
_SUBDOMAINS = {
    _CORE: (
        "ConfigMap Endpoints LimitRange PersistentVolume PersistentVolumeClaim Pod PodTemplate "
        "ReplicationController ResourceQuota Secret ServiceAccount"
    ),
    "admissionregistration.k8s.io": (
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
        "ValidatingWebhookConfiguration"
    ),
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet",
    "autoscaling": "HorizontalPodAutoscaler",
    "batch": "CronJob Job",
    "coordination.k8s.io": "Lease",
    "discovery.k8s.io": "EndpointSlice",
    "networking.k8s.io": "Ingress IngressClass NetworkPolicy",
    "node.k8s.io": "RuntimeClass",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "StorageClass",
}


def _subdomain(name: str) -> None:
    subdomain(name, "the name of an object")


def _label(name: str) -> None:
    label_name(name, "the name of this object")


def _segment(name: str) -> None:
    if name in (".", "..") or {"/", "%"} & {*name}:
        message = f"{shown(name)} cannot be a name: it must not be '.' or '..', or contain '/', '%'"
        raise ArgumentError("invalid-name", message, "replace them with '-' or ':'")


def _cron_job(name: str) -> None:
    _subdomain(name)
    if len(name) > _LONGEST_CRON_JOB:
        message = f"the name of a CronJob has {_LONGEST_CRON_JOB} characters at most"
        raise ArgumentError("invalid-name", f"{message}, this one has {len(name)}", "shorten it")


def _definition(name: str) -> None:
    _subdomain(name)
    if "." not in name:
        message = f"{shown(name)} is not the plural of a kind and its group"
        raise ArgumentError("invalid-name", message, "write it as in 'things.example.com'")


_NAMES: Mapping[tuple[str, str], Callable[[str], object]] = {
    **{(group, kind): _subdomain for group, kinds in _SUBDOMAINS.items() for kind in kinds.split()},
    (_CORE, "Namespace"): _label,
    (_CORE, "Service"): service_name,
    ("apps", "StatefulSet"): _label,
    ("batch", "CronJob"): _cron_job,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("policy", "PodDisruptionBudget"): _segment,
    **{(_RBAC, kind): _segment for kind in _ROLES},
}
_COMMON = fields(
    {
        "namespace": spelled(lambda name: label_name(name, "a namespace"), empty=True),
        "labels": labels,
        "annotations": annotation_texts,
        "finalizers": each(qualified_name),
    }
)


def metadata_faults(made: Object, minor: int) -> Iterator[Fault]:
    """Yield what is refused of the metadata of an object."""
    metadata = made.get("metadata") or {}
    for fault in (*_name(made, metadata, minor), *_COMMON(metadata)):
        yield fault.at("metadata")


def template_faults(template: Object) -> Iterator[Fault]:
    """Yield what is refused of the metadata of pods to be made."""
    for fault in _COMMON(template.get("metadata") or {}):
        yield fault.at("metadata")


def _name(made: Object, metadata: Object, minor: int) -> Sequence[Fault]:
    kind = (made["apiVersion"].rpartition("/")[0], made["kind"])
    if kind not in _NAMES:
        return ()
    name, prefix = metadata.get("name"), metadata.get("generateName")
    if name:
        return [fault.at("name") for fault in _judged(kind, name, minor)]
    if prefix:
        found = _judged(kind, f"{prefix[:_LONGEST_PREFIX]}x", minor)
        return [fault.at("generateName") for fault in found]
    return [missing("name", f"the {made['kind']} has no name")]


def _judged(kind: tuple[str, str], name: str, minor: int) -> Sequence[Fault]:
    parse = _NAMES[kind]
    # Newer servers may let the name of a Service begin with a digit.
    if parse is service_name and minor >= 34 and re.match("[0-9]", name):
        parse = _label
    return _spelled(parse, name)


@remembered
def _spelled(parse: Callable[[str], object], name: str) -> Sequence[Fault]:
    return spelled(parse)(name)
