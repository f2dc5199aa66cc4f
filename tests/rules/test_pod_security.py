"""The levels of Pod Security, compared with the pods that its admission plugin is tested with."""

import re
from pathlib import Path

import pytest
import yaml

from k8sgen_core.ids import registry
from k8sgen_core.rules.pod_security import BASELINE, RESTRICTED, of_level
from tests.judges.availability import SHARED
from tests.rules.judged import judged, standing_for

PODS = Path("judges/fixtures/pod-security-admission")
CHECKS = {
    "baseline": {
        "appArmorProfile",
        "capabilities_baseline",
        "hostNamespaces",
        "hostPathVolumes",
        "hostPorts",
        "hostProbesAndHostLifecycle",
        "privileged",
        "procMount",
        "seLinuxOptions",
        "seccompProfile_baseline",
        "sysctls",
        "windowsHostProcess",
    },
    "restricted": {
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "procMount_restricted",
        "restrictedVolumes",
        "runAsNonRoot",
        "runAsUser",
        "seccompProfile_restricted",
    },
}
# What is wrong with some pods besides: host processes need the network of the node, and neither
# the privileged container nor the one without a security context says what "restricted" wants.
BESIDES = {
    "windowshostprocess": {"host-network"},
    "privileged": {"privilege-escalation-unset"},
    "allowprivilegeescalation": {"undropped-capabilities"},
}


def ids_of(pod: object, level: str, version: str) -> set[str]:
    return {lint.rule for _, lint in judged([pod], version=version, pod_security=level)}


def folders() -> list[Path]:
    return sorted(path.relative_to(SHARED) for path in (SHARED / PODS).glob("*/v*/*"))


@pytest.mark.parametrize("folder", folders(), ids=str)
def test_pods_are_judged_as_their_folders_say(shared, folder):
    level, version, verdict = folder.parts[-3:]
    for file in sorted((shared / folder).glob("*.yaml")):
        found = ids_of(yaml.safe_load(file.read_text("utf-8")), level, version.removeprefix("v"))
        check = re.sub(r"\d*$", "", file.stem)
        if verdict == "pass":
            assert found == set(), file
        else:
            wanted = standing_for("pod-security", check)
            assert found & wanted, file
            assert found <= wanted | BESIDES.get(check, set()), file


def test_the_folders_are_there(shared):
    assert len(list((shared / PODS).rglob("*.yaml"))) == 276


@pytest.mark.parametrize("check", sorted(CHECKS["baseline"] | CHECKS["restricted"]))
def test_every_check_has_its_rules(check):
    found = standing_for("pod-security", check)

    assert found
    assert found <= set(of_level("restricted"))
    assert check in CHECKS["restricted"] or found <= set(of_level("baseline"))


def test_the_levels_have_nothing_else():
    sources = {
        level: {source for name in of_level(level) for source in registry()[name].sources}
        for level in ("baseline", "restricted")
    }

    assert of_level("privileged") == ()
    assert len(set(BASELINE)) == len(BASELINE)
    assert len(set(RESTRICTED)) == len(RESTRICTED)
    for name in RESTRICTED:
        assert any(each.startswith("pod-security ") for each in registry()[name].sources), name
    told = {each.lower() for each in sources["baseline"]}
    assert {f"pod-security {check}".lower() for check in CHECKS["baseline"]} <= told


def test_a_level_judges_alone_and_as_errors():
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"hostNetwork": True, "containers": [{"name": "web", "image": "nginx"}]},
    }

    found = judged([pod], pod_security="baseline")

    assert [(lint.rule, lint.severity) for _, lint in found] == [("host-network", "error")]
    assert judged([pod], pod_security="privileged") == []


def test_a_profile_without_a_type_is_said_to_have_none():
    security = {"seccompProfile": {"localhostProfile": "x"}}
    containers = [{"name": "web", "image": "nginx"}]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"securityContext": security, "containers": containers},
    }

    [(_, lint)] = judged([pod], pod_security="baseline")

    assert lint.message == "the seccomp profile of the pod has no type"
