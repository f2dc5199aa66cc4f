"""
The Pod Security Standards: what their levels forbid, in each version of Kubernetes.

What the level *baseline* forbids is here, what *restricted* forbids besides is in ``privileges``.
Together the rules of a level refuse the pods that the admission plugin of the API server refuses.
Where one of its checks for *restricted* takes the place of one for *baseline*, and forbids more,
the rule here stays, and the other one finds only what is forbidden besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8sgen_core.rules.manifest import Container, Path, Pod, items, mapping, texts
from k8sgen_core.rules.rule import Flaw, rule

BASELINE = (
    "privileged-container",
    "host-network",
    "host-pid",
    "host-ipc",
    "host-path",
    "host-port",
    "probe-host",
    "added-capabilities",
    "unsafe-proc-mount",
    "seccomp-unconfined",
    "apparmor-override",
    "selinux-override",
    "unsafe-sysctls",
    "windows-host-process",
)
RESTRICTED = (
    *BASELINE,
    "privilege-escalation-container",
    "privilege-escalation-unset",
    "undropped-capabilities",
    "non-root-unset",
    "root-user",
    "seccomp-unset",
    "proc-mount-in-user-namespace",
    "restricted-volume-type",
)

# The capabilities that container runtimes give by themselves, so that adding them adds nothing.
DEFAULT_CAPABILITIES = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)
CONFINED = ("RuntimeDefault", "Localhost")

_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SELINUX_TYPES = ("container_t", "container_init_t", "container_kvm_t")
# The kernel parameters that belong to the pod alone, by the version that took them up.
_SYSCTLS: Mapping[int, Sequence[str]] = {
    0: (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    ),
    27: ("net.ipv4.ip_local_reserved_ports",),
    29: (
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    ),
    32: ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
    37: ("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"),
}
_HANDLERS = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def of_level(level: str) -> Sequence[str]:
    """Return the ids of the rules that make up a level."""
    return {"privileged": (), "baseline": BASELINE, "restricted": RESTRICTED}[level]


def settings(pod: Pod) -> Iterator[tuple[Container | None, Mapping[str, Any]]]:
    """Yield what the pod says of privileges, with ``None``, and what its containers say."""
    if pod.security:
        yield None, pod.security
    for each in pod.containers:
        if each.security:
            yield each, each.security


def within(container: Container | None, *path: str) -> Path:
    """Return the path in the pod of a setting of a container, or of the pod for ``None``."""
    return (*(("spec",) if container is None else container.inner), "securityContext", *path)


def owner(container: Container | None) -> str:
    """Return whose a setting is, in words."""
    return "the pod" if container is None else f"the container {container.name!r}"


@rule("privileged-container", on=Container)
def privileged_container(container: Container) -> Iterator[Flaw]:
    """Flag containers that can do whatever the node can."""
    if container.security.get("privileged"):
        yield Flaw(
            ("securityContext", "privileged"),
            f"the container {container.name!r} is privileged",
            "leave it out, and add the one capability that is needed",
        )


@rule("host-network", on=Pod)
def host_network(pod: Pod) -> Iterator[Flaw]:
    """Flag pods in the network of their node."""
    if pod.spec.get("hostNetwork"):
        hint = "leave hostNetwork out, and reach the pod through a Service"
        yield Flaw(("spec", "hostNetwork"), "the pod is in the network of its node", hint)


@rule("host-pid", on=Pod)
def host_pid(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that see the processes of their node."""
    if pod.spec.get("hostPID"):
        yield Flaw(
            ("spec", "hostPID"), "the pod sees the processes of its node", "leave hostPID out"
        )


@rule("host-ipc", on=Pod)
def host_ipc(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that share memory with the processes of their node."""
    if pod.spec.get("hostIPC"):
        message = "the pod shares memory with the processes of its node"
        yield Flaw(("spec", "hostIPC"), message, "leave hostIPC out")


@rule("host-path", on=Pod)
def host_path(pod: Pod) -> Iterator[Flaw]:
    """Flag volumes that are a folder of the node."""
    for index, volume in items(pod.spec, "volumes"):
        if volume.get("hostPath") is not None:
            where = mapping(volume, "hostPath").get("path")
            yield Flaw(
                ("spec", "volumes", index, "hostPath", "path"),
                f"the volume {volume.get('name')!r} is {where!r} of the node",
                "use an emptyDir, a PersistentVolumeClaim or a CSI volume",
            )


@rule("host-port", on=Container)
def host_port(container: Container) -> Iterator[Flaw]:
    """Flag ports that are opened on the node."""
    for index, port in items(container.value, "ports"):
        if port.get("hostPort"):
            yield Flaw(
                ("ports", index, "hostPort"),
                f"the container {container.name!r} opens port {port['hostPort']} of the node",
                "leave hostPort out, and reach the pod through a Service",
            )


@rule("probe-host", on=Container)
def probe_host(container: Container) -> Iterator[Flaw]:
    """Flag probes and hooks that the kubelet sends to another host than the pod."""
    if container.pod.manifest.cluster.minor < 34:
        return
    for handler in _HANDLERS:
        if handler[0] not in container.value:
            continue
        for action in ("httpGet", "tcpSocket"):
            host = mapping(container.value, *handler, action).get("host")
            if host:
                yield Flaw(
                    (*handler, action, "host"),
                    f"the kubelet would ask {host!r} for the {handler[-1]} of {container.name!r}",
                    "leave host out: it is the pod by itself",
                )


@rule("added-capabilities", on=Container)
def added_capabilities(container: Container) -> Iterator[Flaw]:
    """Flag capabilities that containers do not have by themselves."""
    for index, name in texts(container.security, "capabilities", "add"):
        if name not in DEFAULT_CAPABILITIES:
            yield Flaw(
                ("securityContext", "capabilities", "add", index),
                f"the container {container.name!r} adds the capability {name!r}",
                f"remove it; {_spelling(name)}" if _spelling(name) else "remove it",
            )


def _spelling(name: str) -> str:
    """Return what is meant by a name of a default capability in another spelling."""
    meant = name.upper().removeprefix("CAP_")
    return f"Kubernetes writes it {meant!r}" if meant in DEFAULT_CAPABILITIES else ""


@rule("unsafe-proc-mount", on=Container)
def unsafe_proc_mount(container: Container) -> Iterator[Flaw]:
    """Flag containers that see what the runtime hides of ``/proc``."""
    if not container.pod.has_own_users:
        yield from unmasked(container)


def unmasked(container: Container) -> Iterator[Flaw]:
    """Yield the setting by which a container sees all of ``/proc``."""
    kind = container.security.get("procMount")
    if kind is not None and kind != "Default":
        message = f"the container {container.name!r} mounts /proc {kind!r}"
        yield Flaw(("securityContext", "procMount"), message, "leave procMount out")


@rule("seccomp-unconfined", on=Pod)
def seccomp_unconfined(pod: Pod) -> Iterator[Flaw]:
    """Flag processes that may make every system call."""
    yield from _unconfined(pod, "seccompProfile", "seccomp")


@rule("apparmor-override", on=Pod)
def apparmor_override(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that switch AppArmor off."""
    yield from _unconfined(pod, "appArmorProfile", "AppArmor")
    for key, profile in pod.annotations.items():
        if str(key).startswith(_APPARMOR) and not _is_confined(profile):
            container = str(key).removeprefix(_APPARMOR)
            yield Flaw(
                ("metadata", "annotations", key),
                f"the container {container!r} has the AppArmor profile {profile!r}",
                "use runtime/default or localhost/NAME",
            )


def _is_confined(profile: Any) -> bool:
    return not profile or profile == "runtime/default" or str(profile).startswith("localhost/")


def _unconfined(pod: Pod, field: str, what: str) -> Iterator[Flaw]:
    for container, context in settings(pod):
        profile = context.get(field)
        if profile is not None and mapping(profile).get("type") not in CONFINED:
            kind = mapping(profile).get("type")
            told = "has no type" if kind is None else f"is {kind!r}"
            message = f"the {what} profile of {owner(container)} {told}"
            hint = "use RuntimeDefault or Localhost"
            yield Flaw(within(container, field, "type"), message, hint)


@rule("selinux-override", on=Pod)
def selinux_override(pod: Pod) -> Iterator[Flaw]:
    """Flag pods that choose their SELinux context."""
    newer = ("container_engine_t",) if pod.manifest.cluster.minor >= 31 else ()
    for container, context in settings(pod):
        options = mapping(context, "seLinuxOptions")
        for field in ("type", "user", "role") if options else ():
            known = (*_SELINUX_TYPES, *newer) if field == "type" else ()
            value = options.get(field)
            if value and value not in known:
                yield Flaw(
                    within(container, "seLinuxOptions", field),
                    f"{owner(container)} has the SELinux {field} {value!r}",
                    f"use {', '.join(known)}" if known else "leave it out",
                )


@rule("unsafe-sysctls", on=Pod)
def unsafe_sysctls(pod: Pod) -> Iterator[Flaw]:
    """Flag kernel parameters that are not the pod's alone."""
    for index, sysctl in items(pod.security, "sysctls"):
        name = sysctl.get("name")
        since = next((minor for minor, names in _SYSCTLS.items() if name in names), None)
        if since is None or since > pod.manifest.cluster.minor:
            later = "" if since is None else f", which is safe from Kubernetes 1.{since} on"
            yield Flaw(
                ("spec", "securityContext", "sysctls", index, "name"),
                f"the pod sets the kernel parameter {name!r}{later}",
                "leave it out, or set it on the node",
            )


@rule("windows-host-process", on=Pod)
def windows_host_process(pod: Pod) -> Iterator[Flaw]:
    """Flag Windows processes that run on the node itself."""
    for container, context in settings(pod):
        if mapping(context, "windowsOptions").get("hostProcess"):
            path = within(container, "windowsOptions", "hostProcess")
            message = f"{owner(container)} runs as a process of the Windows node"
            yield Flaw(path, message, "leave hostProcess out")
