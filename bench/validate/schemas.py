"""Writes the schemas of this project as files that kubeconform reads, one for each kind."""

from __future__ import annotations

import json
from pathlib import Path

from k8sgen_core.kubernetes import bundle

KINDS = (
    "apps/v1 Deployment",
    "autoscaling/v2 HorizontalPodAutoscaler",
    "networking.k8s.io/v1 Ingress",
    "networking.k8s.io/v1 NetworkPolicy",
    "policy/v1 PodDisruptionBudget",
    "v1 ConfigMap",
    "v1 Secret",
    "v1 Service",
    "v1 ServiceAccount",
)
TEMPLATE = "{{.ResourceKind}}{{.KindSuffix}}.json"


def write(folder: Path, version: str) -> str:
    """Write the schemas of one version, and return where kubeconform finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    known = bundle.read(bundle.path_of(version))
    for each in KINDS:
        group_version, kind = each.split(" ")
        group, _, name = group_version.rpartition("/")
        suffix = f"{group.partition('.')[0]}-{name}" if group else name
        schema = json.loads(known.schema(known.kinds[each]))
        path = folder / f"{kind.lower()}-{suffix}.json"
        path.write_text(json.dumps(schema), encoding="utf-8")
    return str(folder / TEMPLATE)
