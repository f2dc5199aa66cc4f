"""``docs/rules.md``: made of the registry, and every check of other tools is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from k8sgen_core.ids import manual, registry
from k8sgen_core.ids.upstream import TOOLS, differences, not_built_in, standing_for

ROOT = Path(__file__).parents[2]
COUNTS = {"kube-linter": 63, "kube-score": 39, "Polaris": 44, "Pod Security admission": 19}

# The rules for these are being written; what is here and mapped fails a test.
PENDING: dict[str, set[str]] = {
    "kube-linter": {
        "access-to-create-pods",
        "access-to-secrets",
        "cluster-admin-role-binding",
        "default-service-account",
        "deprecated-service-account-field",
        "docker-sock",
        "drop-net-raw-capability",
        "env-var-secret",
        "exposed-services",
        "host-ipc",
        "host-network",
        "host-pid",
        "no-read-only-root-fs",
        "non-existent-service-account",
        "non-isolated-pod",
        "privilege-escalation-container",
        "privileged-ports",
        "read-secret-from-env-var",
        "run-as-non-root",
        "sensitive-host-mounts",
        "ssh-port",
        "unsafe-proc-mount",
        "unsafe-sysctls",
        "wildcard-in-rules",
        "writable-host-mount",
    },
    "kube-score": {
        "container-seccomp-profile",
        "container-security-context-readonlyrootfilesystem",
        "container-security-context-user-group-id",
        "pod-networkpolicy",
        "service-type",
    },
    "polaris": {
        "automountServiceAccountToken",
        "clusterrolePodExecAttach",
        "clusterrolebindingClusterAdmin",
        "clusterrolebindingPodExecAttach",
        "dangerousCapabilities",
        "hostIPCSet",
        "hostNetworkSet",
        "hostPIDSet",
        "hostPathSet",
        "hostPortSet",
        "hostProcess",
        "insecureCapabilities",
        "linuxHardening",
        "missingNetworkPolicy",
        "notReadOnlyRootFilesystem",
        "privilegeEscalationAllowed",
        "procMount",
        "rolePodExecAttach",
        "rolebindingClusterAdminClusterRole",
        "rolebindingClusterAdminRole",
        "rolebindingClusterRolePodExecAttach",
        "rolebindingRolePodExecAttach",
        "runAsRootAllowed",
        "sensitiveConfigmapContent",
        "sensitiveContainerEnvVar",
        "tlsSettingsMissing",
    },
    "pod-security": {
        "allowPrivilegeEscalation",
        "appArmorProfile",
        "capabilities_baseline",
        "capabilities_restricted",
        "hostNamespaces",
        "hostPathVolumes",
        "hostPorts",
        "hostProbesAndhostLifecycle",
        "procMount_baseline",
        "procMount_restricted",
        "restrictedVolumes",
        "runAsNonRoot",
        "runAsUser",
        "seLinuxOptions",
        "seccompProfile_baseline",
        "seccompProfile_restricted",
        "sysctls",
        "windowsHostProcess",
    },
    "kyverno": {
        "disallow-cri-sock-mount",
        "disallow-empty-ingress-host",
        "require-drop-all",
        "restrict-node-port",
        "restrict-service-external-ips",
    },
}


def test_the_manual_is_what_the_registry_says():
    assert (ROOT / "docs/rules.md").read_text("utf-8") == manual.documentation()


def test_every_link_leads_to_a_heading():
    text = manual.documentation()
    headings = {line.strip("#` ") for line in text.splitlines() if line.startswith("### `")}

    assert headings == set(registry())
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= headings


def checks_of(shared: Path, title: str) -> set[str]:
    """Return the checks of a tool, of which the reference has one in each line."""
    text = (shared / "reference" / "rules.md").read_text(encoding="utf-8")
    section = re.split(rf"^## {title} \(", text, flags=re.MULTILINE)[1].partition("\n## ")[0]
    return set(re.findall(r"^- `([^`]+)`", section, flags=re.MULTILINE))


def policies_of_kyverno(shared: Path) -> set[str]:
    """Return the policies of Kyverno that the table of rules names after ``ky``."""
    text = (shared / "reference" / "rules.md").read_text(encoding="utf-8")
    named = re.findall(r"\bky ([a-z -]+?)(?: idea)? *[;|]", text.partition("### 3.2")[0])
    return {name for names in named for name in names.split()}


def explained(tool: str) -> set[str]:
    return {*standing_for().get(tool, ()), *not_built_in().get(tool, ())}


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "kyverno"])
def test_every_check_of_another_tool_is_mapped(shared, tool):
    checks = checks_of(shared, TOOLS[tool])

    assert len(checks) == COUNTS[TOOLS[tool]]
    assert checks - explained(tool) - PENDING.get(tool, set()) == set()


def test_every_policy_of_kyverno_that_is_named_is_mapped(shared):
    policies = policies_of_kyverno(shared)

    assert len(policies) > 10
    assert policies - explained("kyverno") - PENDING["kyverno"] == set()


def test_nothing_is_mapped_that_no_tool_has(shared):
    for tool, title in TOOLS.items():
        known = policies_of_kyverno(shared) if tool == "kyverno" else checks_of(shared, title)
        if tool != "kyverno":
            assert set(standing_for()[tool]) - known == set()


def test_nothing_waits_that_is_mapped():
    assert {tool: names & explained(tool) for tool, names in PENDING.items()} == {
        tool: set() for tool in PENDING
    }


def test_differences_are_of_checks_that_are_built_in():
    assert set(differences()) <= set(standing_for()["kube-linter"])
    assert set(differences()) <= set(registry())
