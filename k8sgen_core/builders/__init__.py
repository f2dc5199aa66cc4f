"""What users write: one class for each resource, one method for each setting."""

from __future__ import annotations

import importlib
from typing import Any

_MODULES = {
    "app": ("App", "DaemonSet", "StatefulApp"),
    "workload": ("Companion",),
    "jobs": ("CronJob", "Job"),
    "configuration": ("ConfigMap", "Secret"),
    "networking": ("Ingress", "NetworkPolicy", "Service"),
    "access": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ServiceAccount"),
    "storage": ("PersistentVolumeClaim",),
    "grouping": ("AppGroup", "Namespace"),
    "raw": ("CustomResource", "Manifests"),
}
MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}
NAMES = tuple(sorted(MODULE_OF))


def load(name: str) -> Any:
    """Return the builder class of this name; its module is imported only now."""
    return getattr(importlib.import_module(f"k8sgen_core.builders.{MODULE_OF[name]}"), name)
