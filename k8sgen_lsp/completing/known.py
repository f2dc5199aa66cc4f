"""Values that Kubernetes knows, by what examines an argument or by which argument it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Known: TypeAlias = Mapping[str, str]


def _plain(*values: str) -> Known:
    return dict.fromkeys(values, "")


CPU = {
    "100m": "a tenth of a core",
    "250m": "a quarter of a core",
    "500m": "half a core",
    "1": "one core",
    "2": "two cores",
    "4": "four cores",
}
MEMORY = _plain("64Mi", "128Mi", "256Mi", "512Mi", "1Gi", "2Gi", "4Gi", "8Gi")
SIZES = _plain("1Gi", "5Gi", "10Gi", "20Gi", "50Gi", "100Gi", "500Gi", "1Ti")
CRON = {
    "0 * * * *": "every hour",
    "*/5 * * * *": "every five minutes",
    "*/15 * * * *": "every quarter of an hour",
    "0 0 * * *": "every day at midnight",
    "0 2 * * *": "every day at two",
    "0 9 * * 1-5": "at nine, Monday to Friday",
    "0 0 * * 0": "every Sunday at midnight",
    "0 0 1 * *": "on the first of every month",
}
DURATIONS = {
    "30s": "half a minute",
    "1m": "a minute",
    "5m": "five minutes",
    "30m": "half an hour",
    "1h": "an hour",
    "6h": "six hours",
    "1d": "a day",
}
PORTS = {
    "80": "HTTP",
    "443": "HTTPS",
    "3000": "Node.js",
    "5432": "PostgreSQL",
    "6379": "Redis",
    "8000": "Python",
    "8080": "HTTP, not privileged",
    "9090": "Prometheus",
}
PROTOCOLS = _plain("TCP", "UDP", "SCTP")
ACCESS_MODES = {
    "ReadWriteOnce": "by the pods of one node",
    "ReadOnlyMany": "read by many nodes",
    "ReadWriteMany": "by many nodes",
    "ReadWriteOncePod": "by one pod",
}
TOPOLOGIES = {
    "kubernetes.io/hostname": "nodes",
    "topology.kubernetes.io/zone": "zones",
    "topology.kubernetes.io/region": "regions",
}
NODE_LABELS = _plain(
    "kubernetes.io/arch", "kubernetes.io/os", "kubernetes.io/hostname",
    "node.kubernetes.io/instance-type", "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
)  # fmt: skip
VERBS = _plain("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
RBAC_RESOURCES = _plain(
    "pods", "pods/log", "services", "configmaps", "secrets", "deployments", "statefulsets",
    "daemonsets", "jobs", "cronjobs", "ingresses", "events", "namespaces", "nodes",
)  # fmt: skip
API_GROUPS = _plain(
    "", "apps", "batch", "networking.k8s.io", "autoscaling", "policy", "rbac.authorization.k8s.io",
)  # fmt: skip
SECRET_TYPES = _plain(
    "Opaque", "kubernetes.io/tls", "kubernetes.io/dockerconfigjson", "kubernetes.io/basic-auth",
    "kubernetes.io/ssh-auth", "kubernetes.io/service-account-token",
    "bootstrap.kubernetes.io/token",
)  # fmt: skip
KINDS = _plain(
    "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "Ingress", "HTTPRoute",
    "HorizontalPodAutoscaler", "PodDisruptionBudget", "ConfigMap", "Secret",
    "PersistentVolumeClaim", "ServiceAccount", "Role", "RoleBinding", "NetworkPolicy",
)  # fmt: skip
INGRESS_CLASSES = _plain("nginx", "traefik", "haproxy", "alb", "gce")
TRUTHS = _plain("True", "False")
ENVIRONMENTS = _plain("dev", "staging", "prod")
PATHS = _plain("/", "/api")
MODES = _plain("0400", "0440", "0600", "0644")
MOUNTS = _plain("/data", "/config", "/var/run/secrets", "/tmp")  # noqa: S108 - in a container
ARCHITECTURES = _plain("amd64", "arm64")

BY_CHECK: Mapping[str, Known] = {
    "quantity.storage": SIZES,
    "cron_grammar.cron": CRON,
    "duration_grammar.seconds": DURATIONS,
    "ports.protocol": PROTOCOLS,
    "paths.ingress_path": PATHS,
    "paths.file_mode": MODES,
    "paths.mount_path": MOUNTS,
}
BY_ARGUMENT: Mapping[tuple[str, str], Known] = {
    ("resources", "cpu"): CPU,
    ("resources", "cpu_limit"): CPU,
    ("resources", "memory"): MEMORY,
    ("resources", "memory_limit"): MEMORY,
    ("lifecycle", "termination_grace_period"): DURATIONS,
    ("storage", "access_modes"): ACCESS_MODES,
    ("access_modes", "modes"): ACCESS_MODES,
    ("spread", "topology"): TOPOLOGIES,
    ("node_selector", "labels"): NODE_LABELS,
    ("allow", "verbs"): VERBS,
    ("allow", "resources"): RBAC_RESOURCES,
    ("allow", "groups"): API_GROUPS,
    ("Secret.type", "name"): SECRET_TYPES,
    ("override", "kind"): KINDS,
    ("expose", "ingress_class"): INGRESS_CLASSES,
    ("ingress_class", "name"): INGRESS_CLASSES,
    ("expose", "tls"): TRUTHS,
    ("for_environment", "name"): ENVIRONMENTS,
}
