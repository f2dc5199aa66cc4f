"""What users write: one class for each resource, one method for each setting."""

from __future__ import annotations

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
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}
NAMES = tuple(sorted(_MODULE_OF))


def module_of(name: str) -> str:
    """Return the module of a builder; it is imported only when the builder is used."""
    return f"{__name__}.{_MODULE_OF[name]}"
