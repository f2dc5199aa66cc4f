"""Pods: the containers of a workload, and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from k8sgen_core.carriers import (
    Placed,
    all_of,
    because,
    deep_origins,
    origins_of,
    placed,
    plain,
    sole,
)
from k8sgen_core.digests import digest_of
from k8sgen_core.kubernetes.containers import container, pod_security
from k8sgen_core.kubernetes.hardening import hardened_by
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.metadata import labels, selector
from k8sgen_core.kubernetes.secret_values import checksum_of
from k8sgen_core.kubernetes.volumes import Volumes, mounts_of
from k8sgen_core.model import ConfigMap, Secret, Workload
from k8sgen_core.parts import Added, Attachment, Spread


def pod_template(lowering: Lowering, workload: Workload) -> Object:
    """Return the template of a workload's pods."""
    metadata: Object = {"labels": labels(workload)}
    checksums = _checksums(workload)
    if workload.annotations or checksums:
        metadata["annotations"] = {**workload.annotations, **checksums}
    return {"metadata": metadata, "spec": _spec(lowering, workload)}


def _spec(lowering: Lowering, workload: Workload) -> Object:
    spec: Object = {}
    account = workload.service_account
    if account is None:
        spec["automountServiceAccountToken"] = False
    else:
        spec["serviceAccountName"] = account.name
    security = pod_security(workload)
    if security:
        spec["securityContext"] = security
    spec |= _scheduling(workload)
    volumes = Volumes()
    hardened = hardened_by(workload.hardened)
    main = container(lowering, workload, mounts_of(workload, volumes), hardened)
    before = [_companion(lowering, workload, added, volumes) for added in workload.companions]
    if before:
        spec["initContainers"] = before
    spec["containers"] = [main]
    if workload.controller in ("Job", "CronJob"):
        spec["restartPolicy"] = "Never"
    if workload.grace_period is not None:
        spec["terminationGracePeriodSeconds"] = workload.grace_period
    if volumes:
        spec["volumes"] = volumes.all()
    return spec


def _companion(lowering: Lowering, workload: Workload, added: Added, volumes: Volumes) -> Object:
    companion: Any = added.resource
    _report_settings_of_pods(lowering, companion)
    hardened = hardened_by(companion.hardened, workload.hardened)
    made = container(lowering, companion, mounts_of(companion, volumes, added), hardened)
    if companion.role == "sidecar":
        made["restartPolicy"] = because(companion.role, "Always")
    return because(added, made)


def _report_settings_of_pods(lowering: Lowering, companion: Any) -> None:
    """Report what a companion was told and a container cannot have."""
    grace = companion.grace_period
    told = {
        **{name: getattr(companion, name) for name in ("labels", "annotations", "namespace")},
        "override": companion.overrides,
        "termination_grace_period": grace,
    }
    for name, value in told.items():
        if value:
            lowering.problem(
                "setting-not-supported",
                "".join((plain(companion.name), " is one container of a pod, and has no ", name)),
                deep_origins(value) or companion.origin,
                "set it on the workload",
            )


def _scheduling(workload: Workload) -> Object:
    made: Object = {}
    if workload.node_selector:
        made["nodeSelector"] = dict(workload.node_selector)
    if workload.tolerations:
        made["tolerations"] = [because(each, dict(each.settings)) for each in workload.tolerations]
    if workload.spread:
        made["topologySpreadConstraints"] = [_constraint(workload, s) for s in workload.spread]
    return made


def _constraint(workload: Workload, spread: Spread) -> Object:
    return because(
        spread,
        {
            "maxSkew": spread.max_skew,
            "topologyKey": spread.topology,
            "whenUnsatisfiable": spread.when_unsatisfiable,
            "labelSelector": {"matchLabels": selector(workload)},
        },
    )


def _checksums(workload: Workload) -> Object:
    """Return an annotation for each attached resource, so that pods follow its changes."""
    if workload.controller == "Job":
        # The template of a Job cannot change, and its pods have run.
        return {}
    attached: dict[str, list[tuple[Any, Placed]]] = {}
    for attachment, cause in _attachments(workload):
        resource = attachment.resource
        if not isinstance(resource, str):
            attached.setdefault(_annotation(resource), []).append((resource, cause))
    return dict(_checksum(key, found) for key, found in attached.items())


def _attachments(workload: Workload) -> Iterator[tuple[Attachment, Placed]]:
    """Yield what the containers are given, and why it is given to the pods."""
    for attachment in workload.attachments:
        yield attachment, attachment
    for added in workload.companions:
        companion: Any = added.resource
        for attachment in companion.attachments:
            yield attachment, all_of(added, attachment)


def _checksum(key: str, found: list[tuple[Any, Placed]]) -> tuple[str, Any]:
    resource = found[0][0]
    cause = sole([cause for _, cause in found])
    data = origins_of((cause, *resource.data, *resource.data.values()))
    named = placed(key, origins_of((cause, resource.name)))
    if isinstance(resource, Secret):
        return named, checksum_of(resource, data)
    return named, placed(_digest(resource), data)


def _annotation(resource: ConfigMap | Secret) -> str:
    kind = "configmap" if isinstance(resource, ConfigMap) else "secret"
    name = plain(resource.name)
    if len(name) > 45:
        name = "-".join((name[:36].rstrip("-."), digest_of(name)[:8]))
    return "".join(("checksum/", kind, "-", name))


def _digest(resource: ConfigMap) -> str:
    data = resource.data
    content = "\0".join([text for key in sorted(data) for text in (key, data[key])])
    return digest_of(content)[:16]
