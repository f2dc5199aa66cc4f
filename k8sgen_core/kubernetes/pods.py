"""Pods: the containers of a workload, and what they share."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from k8sgen_core.carriers import all_of, because, plain
from k8sgen_core.kubernetes.containers import container, pod_security
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.metadata import labels, selector
from k8sgen_core.kubernetes.secret_values import checksum_of
from k8sgen_core.kubernetes.volumes import Volumes, mounts_of
from k8sgen_core.model import ConfigMap, Secret, Workload
from k8sgen_core.parts import Added, Spread


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
        spec["serviceAccountName"] = because(account, account.name)
    security = pod_security(workload)
    if security:
        spec["securityContext"] = security
    spec |= _scheduling(workload)
    volumes = Volumes()
    main = container(lowering, workload, mounts_of(workload, volumes))
    before = [_companion(lowering, added, volumes) for added in workload.companions]
    if before:
        spec["initContainers"] = before
    spec["containers"] = [main]
    if workload.controller in ("Job", "CronJob"):
        spec["restartPolicy"] = "Never"
    if workload.lifecycle is not None and workload.lifecycle.grace_period is not None:
        spec["terminationGracePeriodSeconds"] = workload.lifecycle.grace_period
    if volumes.volumes:
        spec["volumes"] = volumes.volumes
    return spec


def _companion(lowering: Lowering, added: Added, volumes: Volumes) -> Object:
    companion: Any = added.resource
    made = container(lowering, companion, mounts_of(companion, volumes))
    if companion.role == "sidecar":
        made["restartPolicy"] = because(companion.role, "Always")
    return because(added, made)


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
    made: Object = {}
    for attachment in workload.attachments:
        resource = attachment.resource
        if isinstance(resource, str):
            continue
        key = because(attachment, _annotation(resource))
        causes = all_of(attachment, *resource.data, *resource.data.values())
        if isinstance(resource, Secret):
            made[key] = checksum_of(resource, causes.origin)
        else:
            made[key] = because(causes, _digest(resource))
    return made


def _annotation(resource: ConfigMap | Secret) -> str:
    kind = "configmap" if isinstance(resource, ConfigMap) else "secret"
    name = plain(resource.name)
    if len(name) > 45:
        name = "-".join((name[:36].rstrip("-."), sha256(name.encode()).hexdigest()[:8]))
    return "".join(("checksum/", kind, "-", name))


def _digest(resource: ConfigMap) -> str:
    content = "\0".join("\0".join(pair) for pair in sorted(plain(resource.data).items()))
    return sha256(content.encode()).hexdigest()[:16]
