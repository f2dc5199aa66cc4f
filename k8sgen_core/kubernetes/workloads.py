"""Workloads: what controls pods, and what scales and protects them."""

from __future__ import annotations

from k8sgen_core.carriers import because, plain
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.metadata import header, metadata, selector
from k8sgen_core.kubernetes.networking import headless_name
from k8sgen_core.kubernetes.pods import pod_template
from k8sgen_core.kubernetes.volumes import claim_name
from k8sgen_core.model import Workload
from k8sgen_core.parts import DisruptionBudget, Scale, Storage


def controller(lowering: Lowering, workload: Workload) -> Object:
    """Return the object that runs a workload's pods."""
    kind = workload.controller
    if kind in ("Job", "CronJob"):
        return _batch(lowering, workload)
    spec: Object = {}
    if kind != "DaemonSet" and workload.replicas is not None and workload.scale is None:
        spec["replicas"] = workload.replicas
    if kind == "StatefulSet":
        spec["serviceName"] = headless_name(workload)
    spec["selector"] = {"matchLabels": selector(workload)}
    spec["template"] = pod_template(lowering, workload)
    if kind == "StatefulSet" and workload.storage:
        spec["volumeClaimTemplates"] = [_claim_template(each) for each in workload.storage]
    return header(kind, "apps/v1", metadata(workload), spec)


def _claim_template(storage: Storage) -> Object:
    return because(storage, {"metadata": {"name": "data"}, "spec": claim_spec(storage)})


def claim_spec(storage: Storage) -> Object:
    """Return what a claim for storage asks for."""
    spec: Object = {"accessModes": list(storage.access_modes)}
    if storage.storage_class is not None:
        spec["storageClassName"] = storage.storage_class
    spec["resources"] = {"requests": {"storage": storage.size}}
    return spec


def claims(workload: Workload) -> list[Object]:
    """Return the claims for a workload's own storage, where its pods share one."""
    if workload.controller == "StatefulSet":
        return []
    return [
        because(
            storage,
            header(
                "PersistentVolumeClaim",
                "v1",
                metadata(workload, claim_name(workload)),
                claim_spec(storage),
            ),
        )
        for storage in workload.storage
    ]


def _batch(lowering: Lowering, workload: Workload) -> Object:
    job = _job_spec(lowering, workload)
    if workload.controller == "Job":
        if workload.suspend is not None:
            job = {"suspend": workload.suspend, **job}
        return header("Job", "batch/v1", metadata(workload), job)
    spec: Object = {}
    if workload.schedule is None:
        lowering.problem(
            "missing-setting",
            "".join((plain(workload.name), " has no schedule")),
            workload.origin,
            'call .schedule("0 2 * * *")',
        )
    else:
        spec["schedule"] = workload.schedule
    if workload.time_zone is not None:
        spec["timeZone"] = workload.time_zone
    if workload.concurrency_policy is not None:
        spec["concurrencyPolicy"] = workload.concurrency_policy
    if workload.suspend is not None:
        spec["suspend"] = workload.suspend
    spec["jobTemplate"] = {"spec": job}
    return header("CronJob", "batch/v1", metadata(workload), spec)


def _job_spec(lowering: Lowering, workload: Workload) -> Object:
    given = {
        "parallelism": workload.parallelism,
        "completions": workload.completions,
        "activeDeadlineSeconds": workload.timeout,
        "backoffLimit": workload.retries,
        "ttlSecondsAfterFinished": workload.ttl,
    }
    spec: Object = {field: value for field, value in given.items() if value is not None}
    spec["template"] = pod_template(lowering, workload)
    return spec


def autoscaler(workload: Workload, scale: Scale) -> Object:
    """Return the autoscaler that a workload asks for."""
    target = {"apiVersion": "apps/v1", "kind": workload.controller, "name": workload.name}
    spec: Object = {
        "scaleTargetRef": target,
        "minReplicas": scale.minimum,
        "maxReplicas": scale.maximum,
    }
    goals = (("cpu", scale.cpu), ("memory", scale.memory))
    metrics = [_metric(name, goal) for name, goal in goals if goal is not None]
    if metrics:
        spec["metrics"] = metrics
    made = header("HorizontalPodAutoscaler", "autoscaling/v2", metadata(workload), spec)
    return because(scale, made)


def _metric(name: str, goal: int) -> Object:
    target = {"type": "Utilization", "averageUtilization": goal}
    return because(goal, {"type": "Resource", "resource": {"name": name, "target": target}})


def disruption_budget(workload: Workload, budget: DisruptionBudget) -> Object:
    """Return the disruption budget that a workload asks for."""
    given = {"minAvailable": budget.min_available, "maxUnavailable": budget.max_unavailable}
    spec: Object = {field: value for field, value in given.items() if value is not None}
    spec["selector"] = {"matchLabels": selector(workload)}
    return because(budget, header("PodDisruptionBudget", "policy/v1", metadata(workload), spec))
