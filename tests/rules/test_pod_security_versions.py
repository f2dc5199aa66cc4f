"""
The levels of Pod Security for any pod and version, compared with the checks as they are documented.

An oracle of its own says which checks of the admission plugin refuse a pod. (The rules agreed with
the plugin itself, k8s.io/pod-security-admission 0.37.2, on 66,000 such pods.)
"""

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.judged import judged, standing_for

Made = st.SearchStrategy[dict[str, Any]]
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
SAFE = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_notsent_lowat": 37,
    "kernel.sem": 99,
}
VOLUMES = ("emptyDir", "image", "csi", "hostPath", "nfs", "rbd")
DEFAULT = ("CHOWN", "NET_BIND_SERVICE", "SETUID")


def some(**values: st.SearchStrategy[Any]) -> Made:
    return st.fixed_dictionaries({}, optional=values)


def typed(*kinds: str) -> Made:
    return st.sampled_from(kinds).map(lambda kind: {"type": kind})


BOTH = {
    "runAsNonRoot": st.booleans(),
    "runAsUser": st.sampled_from([0, 1000]),
    "seccompProfile": typed("RuntimeDefault", "Localhost", "Unconfined"),
    "appArmorProfile": typed("RuntimeDefault", "Localhost", "Unconfined"),
    "seLinuxOptions": some(
        type=st.sampled_from(["", "container_t", "container_engine_t", "spc_t"]),
        user=st.sampled_from(["", "u"]),
    ),
    "windowsOptions": some(hostProcess=st.booleans()),
}
OWN = some(
    **BOTH,
    privileged=st.booleans(),
    allowPrivilegeEscalation=st.booleans(),
    procMount=st.sampled_from(["Default", "Unmasked"]),
    capabilities=some(
        drop=st.sampled_from([["ALL"], ["CHOWN"]]),
        add=st.lists(st.sampled_from([*DEFAULT, "NET_RAW", "CAP_CHOWN"]), max_size=2),
    ),
)
ACTION = some(httpGet=some(host=st.sampled_from(["", "a"])), exec=st.just({"command": ["a"]}))
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.just("a"), "image": st.just("a:1")},
        optional={
            "securityContext": OWN,
            "ports": st.sampled_from([[{"hostPort": 0}], [{"hostPort": 1}]]),
            "livenessProbe": ACTION,
            "lifecycle": some(preStop=ACTION),
        },
    ),
    min_size=1,
    max_size=2,
)
PODS = st.fixed_dictionaries(
    {"containers": CONTAINERS},
    optional={
        "initContainers": CONTAINERS,
        "ephemeralContainers": CONTAINERS,
        "hostNetwork": st.booleans(),
        "hostPID": st.booleans(),
        "hostUsers": st.booleans(),
        "securityContext": some(
            **BOTH, sysctls=st.sampled_from([[], *([{"name": name}] for name in SAFE)])
        ),
        "volumes": st.sampled_from([[], *([{"name": "v", kind: {}}] for kind in VOLUMES)]),
    },
)
NOTES = some(**{f"{APPARMOR}a": st.sampled_from(["runtime/default", "localhost/a", "unconfined"])})


def contexts(spec: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    own = [each.get("securityContext", {}) for each in containers(spec)]
    return spec.get("securityContext", {}), own


def containers(spec: dict[str, Any]) -> list[dict[str, Any]]:
    fields = ("containers", "initContainers", "ephemeralContainers")
    return [each for field in fields for each in spec.get(field, ())]


def kinds(all_of: list[dict[str, Any]], field: str, name: str = "type") -> set[Any]:
    return {each[field].get(name) for each in all_of if field in each} - {None, ""}


def refused_by_baseline(spec: dict[str, Any], notes: dict[str, str], minor: int) -> Iterator[str]:
    pod, own = contexts(spec)
    every = [pod, *own]
    confined = {"RuntimeDefault", "Localhost"}
    selinux = {"container_t"} | ({"container_engine_t"} if minor >= 31 else set())
    added = {name for each in own for name in each.get("capabilities", {}).get("add", ())}
    hosts = {
        handler.get("httpGet", {}).get("host", "")
        for each in containers(spec)
        for handler in (each.get("livenessProbe", {}), each.get("lifecycle", {}).get("preStop", {}))
    }
    told = {
        "privileged": any(each.get("privileged") for each in own),
        "hostNamespaces": spec.get("hostNetwork") or spec.get("hostPID"),
        "hostPorts": any(each.get("ports") == [{"hostPort": 1}] for each in containers(spec)),
        "hostPathVolumes": "hostPath" in str(spec.get("volumes")),
        "hostProbesAndHostLifecycle": minor >= 34 and hosts - {""},
        "capabilities_baseline": added - {*DEFAULT},
        "procMount": has_unmasked(own) and not has_own_users(spec, minor),
        "seccompProfile_baseline": kinds(every, "seccompProfile") - confined,
        # Kubernetes 1.29 does not know the field.
        "appArmorProfile": (minor >= 30 and kinds(every, "appArmorProfile") - confined)
        or "unconfined" in notes.values(),
        "seLinuxOptions": kinds(every, "seLinuxOptions") - selinux
        or kinds(every, "seLinuxOptions", "user"),
        "sysctls": any(SAFE[each["name"]] > minor for each in pod.get("sysctls", ())),
        "windowsHostProcess": True in kinds(every, "windowsOptions", "hostProcess"),
    }
    yield from (check for check, is_refused in told.items() if is_refused)


def refused_by_restricted(spec: dict[str, Any], minor: int) -> Iterator[str]:
    pod, own = contexts(spec)
    users, confined = has_own_users(spec, minor), {"RuntimeDefault", "Localhost"}
    capabilities = [each.get("capabilities", {}) for each in own]
    effective = [{**pod, **each} for each in own]
    may_be_root = any(not each.get("runAsNonRoot") for each in effective)
    told = {
        "allowPrivilegeEscalation": any(each.get("allowPrivilegeEscalation", True) for each in own),
        "capabilities_restricted": any("ALL" not in each.get("drop", ()) for each in capabilities)
        or any({*each.get("add", ())} - {"NET_BIND_SERVICE"} for each in capabilities),
        "procMount_restricted": minor >= 35 and has_unmasked(own),
        "restrictedVolumes": any(kind in str(spec.get("volumes")) for kind in VOLUMES[3:]),
        "runAsNonRoot": not users and (pod.get("runAsNonRoot") is False or may_be_root),
        "runAsUser": not users and any(each.get("runAsUser") == 0 for each in [pod, *own]),
        "seccompProfile_restricted": kinds([pod, *own], "seccompProfile") - confined
        or any("seccompProfile" not in each for each in effective),
    }
    yield from (check for check, is_refused in told.items() if is_refused)


def has_unmasked(own: list[dict[str, Any]]) -> bool:
    return any(each.get("procMount") == "Unmasked" for each in own)


def has_own_users(spec: dict[str, Any], minor: int) -> bool:
    return minor >= 35 and spec.get("hostUsers") is False


# What checks for "restricted" are in the place of.
INSTEAD = {
    "capabilities_baseline": "capabilities_restricted",
    "hostPathVolumes": "restrictedVolumes",
    "procMount": "procMount_restricted",
    "seccompProfile_baseline": "seccompProfile_restricted",
}


@given(PODS, NOTES, st.integers(29, 37))
def test_any_pod(spec, notes, minor):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": notes}, "spec": spec}
    baseline = {*refused_by_baseline(spec, notes, minor)}
    further = {*refused_by_restricted(spec, minor)}
    restricted = further | {each for each in baseline if INSTEAD.get(each) not in further}

    for level, checks in (("baseline", baseline), ("restricted", restricted)):
        found = {lint.rule for _, lint in judged([pod], version=f"1.{minor}", pod_security=level)}
        ids = {check: standing_for("pod-security", check) for check in checks}
        assert found <= set().union(*ids.values()), level
        assert all(each & found for each in ids.values()), level
