"""What an API server refuses of what makes pods: Deployments, Jobs and their like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    Check,
    Fault,
    Object,
    between,
    conflict,
    fields,
    missing,
    one_of,
    section,
    spelled,
)
from k8sgen_core.faults.storage import claim_spec
from k8sgen_core.faults.words import (
    count_or_part,
    count_or_share,
    is_nothing,
    not_negative,
    selector,
    selects,
    short_name,
)
from k8sgen_core.grammar.cron import cron
from k8sgen_core.grammar.time_zone import time_zone

_PROGRESS = 600
_MOST_INDEXED = 100_000
# What a Job's own controller selects by; a Job that was read from a cluster has it.
_OWN_LABELS = (
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
)
_COUNTS = dict.fromkeys(("replicas", "minReadySeconds", "revisionHistoryLimit"), not_negative)
_RETENTION = one_of("Retain", "Delete")
_DEPLOYMENT = fields(
    {
        **_COUNTS,
        "progressDeadlineSeconds": not_negative,
        "selector": selector,
        "strategy": fields(
            {
                "type": one_of("Recreate", "RollingUpdate"),
                "rollingUpdate": fields(
                    {"maxUnavailable": count_or_part, "maxSurge": count_or_share}
                ),
            }
        ),
    }
)
_UPDATE_TYPE = one_of("RollingUpdate", "OnDelete")
_DAEMON_SET = fields(
    {
        **_COUNTS,
        "selector": selector,
        "updateStrategy": fields(
            {
                "type": _UPDATE_TYPE,
                "rollingUpdate": fields(
                    {"maxUnavailable": count_or_part, "maxSurge": count_or_part}
                ),
            }
        ),
    }
)
_STATEFUL_SET = fields(
    {
        **_COUNTS,
        "selector": selector,
        "podManagementPolicy": one_of("OrderedReady", "Parallel"),
        "ordinals": fields({"start": not_negative}),
        "persistentVolumeClaimRetentionPolicy": fields(
            {"whenDeleted": _RETENTION, "whenScaled": _RETENTION}
        ),
        "updateStrategy": fields(
            {
                "type": _UPDATE_TYPE,
                "rollingUpdate": fields(
                    {"partition": not_negative, "maxUnavailable": count_or_part}
                ),
            }
        ),
    }
)
_REPLICA_SET = fields({**_COUNTS, "selector": selector})


def deployment(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a Deployment."""
    spec = made.get("spec") or {}
    found = [*_running(made, _DEPLOYMENT), *_rolling(spec)]
    deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds") or 0
    if (_PROGRESS if deadline is None else deadline) <= ready:
        named = "minReadySeconds" if deadline is None else "progressDeadlineSeconds"
        message = f"pods must be ready for {ready} s, and {deadline or _PROGRESS} s is the deadline"
        found.append(conflict((named,), message, "raise progressDeadlineSeconds"))
    yield from (fault.at("spec") for fault in found)


def _rolling(spec: Object) -> Iterator[Fault]:
    strategy = spec.get("strategy") or {}
    rolling = strategy.get("rollingUpdate")
    if rolling is None:
        return
    if strategy.get("type") == "Recreate":
        message = "the strategy Recreate has no rollingUpdate"
        yield conflict(("strategy", "rollingUpdate"), message, "remove one of the two")
    elif is_nothing(rolling.get("maxSurge")) and is_nothing(rolling.get("maxUnavailable")):
        message = "maxSurge and maxUnavailable are both 0, so no pod could be replaced"
        yield conflict(
            ("strategy", "rollingUpdate", "maxUnavailable"), message, "raise one of them"
        )


def daemon_set(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a DaemonSet."""
    strategy = section(made, "spec", "updateStrategy")
    found = [*_running(made, _DAEMON_SET)]
    rolling = strategy.get("rollingUpdate")
    if rolling is not None and strategy.get("type") != "OnDelete":
        path = ("updateStrategy", "rollingUpdate")
        has_surge = rolling.get("maxSurge") is not None and not is_nothing(rolling["maxSurge"])
        stays = is_nothing(rolling.get("maxUnavailable"))
        if has_surge and not stays:
            message = "maxSurge needs maxUnavailable: 0, which is 1 by default"
            found.append(conflict((*path, "maxSurge"), message, "set maxUnavailable: 0"))
        if stays and not has_surge:
            message = "maxUnavailable is 0 and so is maxSurge, so no pod could be replaced"
            found.append(conflict((*path, "maxUnavailable"), message, "raise one of them"))
    yield from (fault.at("spec") for fault in found)


def stateful_set(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a StatefulSet."""
    spec = made.get("spec") or {}
    found = [*_running(made, _STATEFUL_SET)]
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete" and strategy.get("rollingUpdate") is not None:
        message = "the strategy OnDelete has no rollingUpdate"
        found.append(
            conflict(("updateStrategy", "rollingUpdate"), message, "remove one of the two")
        )
    for index, claim in enumerate(spec.get("volumeClaimTemplates") or ()):
        wrong = [fault.at("spec") for fault in claim_spec(claim.get("spec") or {})]
        wrong += _CLAIM_NAME(claim)
        found += [fault.at("volumeClaimTemplates", index) for fault in wrong]
    yield from (fault.at("spec") for fault in found)


_CLAIM_NAME = fields({"metadata": fields({"name": short_name})})


def replica_set(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a ReplicaSet."""
    yield from (fault.at("spec") for fault in _running(made, _REPLICA_SET))


def _running(made: Object, judge: Check) -> Iterator[Fault]:
    """Yield what is refused of what keeps pods running."""
    spec = made.get("spec") or {}
    yield from judge(spec)
    chosen = spec.get("selector") or {}
    labelled = section(spec, "template", "metadata", "labels")
    if not (chosen.get("matchLabels") or chosen.get("matchExpressions")):
        yield Fault("missing-setting", ("selector",), "the selector is empty", "set matchLabels")
    elif not selects(chosen, labelled):
        yield _unselected(chosen, labelled)
    yield from _endless(section(spec, "template", "spec"), made["kind"])


def _unselected(chosen: Object, labelled: Object) -> Fault:
    hint = "give the labels of the pod template the same value"
    for key, value in (chosen.get("matchLabels") or {}).items():
        if labelled.get(key) != value:
            message = f"it selects pods with the label {key}: {value}, which its own pods lack"
            return conflict(("selector", "matchLabels", key), message, hint)
    message = "the selector does not fit the labels of its own pods"
    return conflict(("selector", "matchExpressions"), message, hint)


def _endless(pod: Object, kind: str) -> Iterator[Fault]:
    path = ("template", "spec")
    if pod.get("restartPolicy") in ("OnFailure", "Never"):
        message = f"the pods of a {kind} are always restarted, not {pod['restartPolicy']}"
        hint = "remove restartPolicy, or describe a Job"
        yield Fault("invalid-value", (*path, "restartPolicy"), message, hint)
    if pod.get("activeDeadlineSeconds") is not None:
        message = f"the pods of a {kind} have no deadline"
        yield conflict((*path, "activeDeadlineSeconds"), message, "remove it")


_JOB = fields(
    {
        **dict.fromkeys(
            (
                "parallelism",
                "completions",
                "activeDeadlineSeconds",
                "backoffLimit",
                "backoffLimitPerIndex",
                "maxFailedIndexes",
                "ttlSecondsAfterFinished",
            ),
            not_negative,
        ),
        "completionMode": one_of("NonIndexed", "Indexed"),
        "podReplacementPolicy": one_of("TerminatingOrFailed", "Failed"),
        "selector": selector,
    }
)


def job(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a Job."""
    spec = made.get("spec") or {}
    found = [*_job_spec(spec)]
    chosen = section(spec, "selector", "matchLabels")
    if not spec.get("manualSelector") and any(key not in _OWN_LABELS for key in chosen):
        message = "a Job selects its pods itself, unless manualSelector is true"
        found.append(conflict(("selector",), message, "remove the selector"))
    yield from (fault.at("spec") for fault in found)
    count = spec.get("completions")
    name = (made.get("metadata") or {}).get("name")
    if spec.get("completionMode") == "Indexed" and count and name:
        for fault in spelled_host(f"{name}-{count - 1}"):
            yield fault.at("metadata", "name")


def spelled_host(name: str) -> Sequence[Fault]:
    """Judge the host name of the last pod of an indexed Job."""
    return [
        fault._replace(message=f"the last pod would be named so: {fault.message}")
        for fault in short_name(name)
    ]


def _job_spec(spec: Object) -> Iterator[Fault]:
    yield from _JOB(spec)
    policy = section(spec, "template", "spec").get("restartPolicy")
    if policy in (None, "", "Always"):
        message = f"the pods of a Job end, so their restart policy is not {policy or 'the default'}"
        hint = "set restartPolicy: Never or OnFailure"
        place = ("template", "spec", *(("restartPolicy",) if policy else ()))
        yield Fault("invalid-value" if policy else "missing-setting", place, message, hint)
    elif policy == "OnFailure" and spec.get("podFailurePolicy") is not None:
        message = "a podFailurePolicy needs pods that are never restarted"
        yield conflict(("template", "spec", "restartPolicy"), message, "set restartPolicy: Never")
    yield from _indexes(spec)


def _indexes(spec: Object) -> Iterator[Fault]:
    if spec.get("completionMode") == "Indexed":
        if spec.get("completions") is None:
            yield missing("completions", "an indexed Job does not say how many pods it has")
        yield from (fault.at("parallelism") for fault in _PARALLEL(spec.get("parallelism") or 0))
        failed, count = spec.get("maxFailedIndexes"), spec.get("completions")
        if failed is not None and count is not None and failed > count:
            message = f"of {count} pods not {failed} can fail"
            yield conflict(("maxFailedIndexes",), message, f"the most is {count}")
        return
    for name in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
        if spec.get(name) is not None:
            yield conflict(
                (name,), f"{name} needs completionMode: Indexed", "set it, or remove this"
            )


_PARALLEL = between(0, _MOST_INDEXED)
_CRON_JOB = fields(
    {
        **dict.fromkeys(
            (
                "startingDeadlineSeconds",
                "successfulJobsHistoryLimit",
                "failedJobsHistoryLimit",
            ),
            not_negative,
        ),
        "schedule": spelled(cron),
        "timeZone": spelled(time_zone),
        "concurrencyPolicy": one_of("Allow", "Forbid", "Replace"),
    }
)


def cron_job(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a CronJob."""
    spec = made.get("spec") or {}
    inner = section(spec, "jobTemplate", "spec")
    found = [*_CRON_JOB(spec), *(f.at("jobTemplate", "spec") for f in _job_spec(inner))]
    for name in ("selector", "manualSelector"):
        if inner.get(name):
            message = "the Jobs of a CronJob select their pods themselves"
            found.append(conflict(("jobTemplate", "spec", name), message, "remove it"))
    yield from (fault.at("spec") for fault in found)
