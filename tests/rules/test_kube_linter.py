"""
The expectations of kube-linter's own tests, reproduced for every check.

They are those of its end-to-end tests: which objects of a fixture are reported, how often. Where
ours differ the reason is in ``upstream.toml``, and so in the manual.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pytest

from k8sgen_core.ids import registry
from k8sgen_core.ids.upstream import differences, not_built_in
from k8sgen_core.kubernetes.schemas import violations
from tests.rules.objects import lints, read

TOOL = "kube-linter"


class Expected(NamedTuple):
    """A fixture, and how often which of its objects is reported; ``ours`` where that differs."""

    file: str
    theirs: dict[str, int]
    ours: dict[str, int] | None = None


def both(name: str, times: int = 1) -> dict[str, int]:
    return {f"Deployment/{name}": times, f"DeploymentConfig/{name}": times}


APPS = {"Deployment/app1": 1, "DeploymentConfig/app2": 1}
NEVER = ("Deployment", "Pod", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob")
EXPECTED = {
    "access-to-create-pods": Expected(
        "access-to-create-pods.yml", {"RoleBinding/role-binding1": 1}
    ),
    "access-to-secrets": Expected("access-to-secrets.yml", {"RoleBinding/role-binding1": 1}),
    "cluster-admin-role-binding": Expected(
        "cluster-admin-role-binding.yml", {"ClusterRoleBinding/role-binding1": 1}
    ),
    "dangling-horizontalpodautoscaler": Expected(
        "dangling-hpa.yml", {"HorizontalPodAutoscaler/hpa1": 1}
    ),
    "dangling-ingress": Expected(
        "dangling-ingress.yml", {"Ingress/missing-service": 1, "Ingress/bad-port": 1}
    ),
    "dangling-networkpolicy": Expected("dangling-networkpolicy.yml", {"NetworkPolicy/app": 1}),
    "dangling-networkpolicypeer-podselector": Expected(
        "dangling-networkpolicypeer-podselector.yml", {"NetworkPolicy/app": 1}
    ),
    "dangling-service": Expected("dangling-service.yml", {"Service/app1": 1, "Service/app2": 1}),
    "dangling-servicemonitor": Expected(
        "dangling-servicemonitor.yml", {"ServiceMonitor/app1": 3, "ServiceMonitor/app2": 1}
    ),
    "default-service-account": Expected("default-service-account.yml", both("app")),
    "deprecated-service-account-field": Expected(
        "deprecated-service-account-field.yml", both("app")
    ),
    "dnsconfig-options": Expected(
        "dnsconfig-options-ndots.yml", {f"Deployment/app{number}": 1 for number in (1, 2, 3)}
    ),
    "docker-sock": Expected("docker-sock.yml", both("app")),
    "drop-net-raw-capability": Expected("drop-net-raw-capability.yml", both("app", 2)),
    "duplicate-env-var": Expected("duplicate-env-var.yaml", {"Deployment/": 1, "StatefulSet/": 1}),
    "env-value-from": Expected(
        "env-var-value-from.yml",
        {
            "Deployment/should-fire-secret": 1,
            "Deployment/should-fire-configmap": 1,
            "Deployment/should-fire-missing-configmap": 1,
            "Deployment/should-fire-missing-secret": 1,
        },
    ),
    "env-var-secret": Expected("env-var-secret.yml", both("app")),
    "exposed-services": Expected("exposed-services.yml", {"Service/app": 1}),
    "host-ipc": Expected("host-ipc.yml", both("app")),
    "host-network": Expected("host-network.yml", both("app")),
    "host-pid": Expected("host-pid.yml", both("app")),
    "hpa-minimum-three-replicas": Expected(
        "hpa-minimum-three-replicas.yml", {"HorizontalPodAutoscaler/app": 1}
    ),
    "invalid-target-ports": Expected(
        "invalid-target-ports.yaml",
        {"Service/invalid-target-ports": 2, "Deployment/invalid-target-ports": 2},
    ),
    "job-ttl-seconds-after-finished": Expected(
        "job-ttl-seconds-after-finished.yaml", {"Job/bad-job": 1, "CronJob/bad-cronjob": 1}
    ),
    "latest-tag": Expected("latest-tag.yml", both("app")),
    "liveness-port": Expected("liveness-port.yml", {"Deployment/": 3, "StatefulSet/": 1}),
    "minimum-three-replicas": Expected("minimum-three-replicas.yml", both("app")),
    "mismatching-selector": Expected("mismatching-selector.yml", APPS),
    "no-anti-affinity": Expected(
        "no-anti-affinity.yml",
        {**APPS, "Deployment/fire-namespaced-with-namespaces-selector-not-matching": 1},
    ),
    "no-extensions-v1beta": Expected("no-extensions-v1beta.yml", {"NetworkPolicy/app": 1}),
    "no-liveness-probe": Expected("no-liveness-probe.yml", APPS),
    "no-node-affinity": Expected("no-node-affinity.yml", {"Deployment/nginx-deployment": 1}),
    "no-read-only-root-fs": Expected("no-read-only-root-fs.yml", APPS),
    "no-readiness-probe": Expected("no-readiness-probe.yml", APPS),
    "no-rolling-update-strategy": Expected("no-rolling-update-strategy.yml", APPS),
    "non-existent-service-account": Expected("non-existent-service-account.yml", both("app")),
    "non-isolated-pod": Expected("non-isolated-pod.yml", APPS),
    "pdb-max-unavailable": Expected("pdb-max-unavailable.yaml", {"PodDisruptionBudget/foo": 1}),
    "pdb-min-available": Expected(
        "pdb-min-available.yaml", {f"PodDisruptionBudget/{n}": 1 for n in ("baz", "baz2", "baz3")}
    ),
    "pdb-unhealthy-pod-eviction-policy": Expected(
        "pdb-unhealthy-pod-eviction-policy.yaml", {"PodDisruptionBudget/fire": 1}
    ),
    "priority-class-name": Expected(
        "priority-class-name.yaml", {f"{kind}/fire-{kind.lower()}": 1 for kind in NEVER}
    ),
    "privilege-escalation-container": Expected("privilege-escalation-container.yml", APPS),
    "privileged-container": Expected("privileged-container.yml", APPS),
    "privileged-ports": Expected("privileged-ports.yml", APPS),
    "read-secret-from-env-var": Expected("read-secret-from-env-var.yml", APPS),
    "readiness-port": Expected("readiness-port.yml", {"Deployment/": 4}),
    "required-annotation-email": Expected("required-annotation-email.yml", APPS),
    "required-label-owner": Expected("required-label-owner.yml", APPS),
    "restart-policy": Expected(
        "restart-policy.yaml", {f"{kind}/fire-{kind.lower()}-never": 1 for kind in NEVER}
    ),
    "run-as-non-root": Expected(
        "run-as-non-root.yml",
        {**APPS, **both("group-zero", 2)},
        {**APPS, **both("group-zero")},
    ),
    "sensitive-host-mounts": Expected("sensitive-host-mounts.yml", APPS),
    "ssh-port": Expected("ssh-port.yml", {**APPS, "DeploymentConfig/app3": 1}),
    "startup-port": Expected("startup-port.yml", {"Deployment/": 4}),
    "unsafe-proc-mount": Expected("unsafe-proc-mount.yml", APPS),
    "unsafe-sysctls": Expected("unsafe-sysctls.yml", APPS),
    "unset-cpu-requirements": Expected("unset-cpu-requirements.yml", APPS),
    "unset-memory-requirements": Expected("unset-memory-requirements.yml", APPS),
    "use-namespace": Expected("use-namespace.yml", {"Deployment/app1": 1}),
    "wildcard-in-rules": Expected("wildcard-in-rules.yml", {"Role/role1": 1}),
    "writable-host-mount": Expected("writable-host-mount.yml", APPS),
}
# Judged by the schemas themselves, not by a rule over objects.
BY_SCHEMA = "schema-validation"


def rules_for(check: str) -> tuple[str, ...]:
    source = f"{TOOL} {check}"
    return tuple(rule.id for rule in registry().values() if source in rule.sources and rule.is_lint)


def fixture(shared, file):
    return shared / "judges" / "fixtures" / "kube-linter" / "tests" / "checks" / file


@pytest.mark.parametrize("check", EXPECTED)
def test_a_check_finds_what_its_own_test_expects(shared, check):
    expected = EXPECTED[check]
    rules = rules_for(check)
    assert rules, f"no rule has the source {TOOL} {check}"

    found = lints(read(fixture(shared, expected.file)), select=rules)

    counted = Counter(manifest.title for manifest, _ in found)
    assert dict(counted) == (expected.theirs if expected.ours is None else expected.ours)


def test_schemas_find_what_the_test_of_kubeconform_expects(shared):
    objects = read(fixture(shared, "kubeconform.yml"))

    broken = {
        value["metadata"]["name"]: [each.path for each in violations(value, "1.37")]
        for value in objects
        if value["kind"] != "CustomResource"
    }

    assert {name: paths for name, paths in broken.items() if paths} == {
        "invalid-daemonset": [("spec", "replicas")],
        "invalid-pod": [("spec", "invalidField")],
    }


def test_every_check_is_here_or_explained(shared):
    text = (shared / "reference" / "rules.md").read_text(encoding="utf-8")
    section = text.partition("## kube-linter (")[2].partition("\n## ")[0]
    checks = {line.split("`")[1] for line in section.splitlines() if line.startswith("- `")}

    assert len(checks) == 63
    left_out = {name for name in not_built_in()[TOOL] if name in checks}
    assert {*EXPECTED, BY_SCHEMA, *left_out} == checks


def test_every_difference_in_a_fixture_has_its_reason():
    differing = {check for check, expected in EXPECTED.items() if expected.ours is not None}

    assert differing <= differences().keys()
