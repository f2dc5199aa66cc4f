"""
What an API server refuses of single objects, though their schema allows it.

A module for each subject. Everything here holds for a server as it is installed: what a newer
version or a setting of the cluster allows is not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from k8sgen_core.faults import (
    access,
    content,
    quotas,
    routing,
    scaling,
    services,
    storage,
    workloads,
)
from k8sgen_core.faults.fault import Fault, Object, section
from k8sgen_core.faults.metadata import metadata_faults, template_faults
from k8sgen_core.faults.pods import pod_faults

__all__ = ["Fault", "faults"]

_RBAC = "rbac.authorization.k8s.io"
_TEMPLATE = ("spec", "template")
# Where the kinds that run pods keep the template of the pods; a Pod is its own.
_TEMPLATES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): _TEMPLATE,
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", *_TEMPLATE),
    **{
        ("apps", kind): _TEMPLATE
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
    },
}
_CHECKS: Mapping[tuple[str, str], Callable[[Object], Iterator[Fault]]] = {
    ("", "ConfigMap"): content.config_map,
    ("", "LimitRange"): quotas.limit_range,
    ("", "PersistentVolume"): storage.volume,
    ("", "PersistentVolumeClaim"): storage.claim,
    ("", "ResourceQuota"): quotas.quota,
    ("", "Secret"): content.secret,
    ("", "Service"): services.service,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("autoscaling", "HorizontalPodAutoscaler"): scaling.autoscaler,
    ("batch", "CronJob"): workloads.cron_job,
    ("batch", "Job"): workloads.job,
    ("networking.k8s.io", "Ingress"): routing.ingress,
    ("networking.k8s.io", "NetworkPolicy"): routing.network_policy,
    ("policy", "PodDisruptionBudget"): scaling.budget,
    (_RBAC, "ClusterRole"): access.role,
    (_RBAC, "ClusterRoleBinding"): access.binding,
    (_RBAC, "Role"): access.role,
    (_RBAC, "RoleBinding"): access.binding,
    ("scheduling.k8s.io", "PriorityClass"): quotas.priority,
    ("storage.k8s.io", "StorageClass"): storage.storage_class,
}


def faults(made: Object, version: str) -> Iterator[Fault]:
    """Yield what is refused of an object that fits its schema."""
    minor = int(version.partition(".")[2])
    kind = (made["apiVersion"].rpartition("/")[0], made["kind"])
    yield from metadata_faults(made, minor)
    where = _TEMPLATES.get(kind)
    if where is not None:
        yield from _pods(made, where, minor)
    check = _CHECKS.get(kind)
    if check is not None:
        yield from check(made)


def _pods(made: Object, where: tuple[str, ...], minor: int) -> Iterator[Fault]:
    template = section(made, *where)
    if not template:
        return
    if where:
        yield from (fault.at(*where) for fault in template_faults(template))
    templates = section(made, "spec").get("volumeClaimTemplates") or ()
    claims = [section(each, "metadata").get("name") for each in templates]
    for fault in pod_faults(template.get("spec") or {}, minor, [c for c in claims if c]):
        yield fault.at(*where, "spec")
