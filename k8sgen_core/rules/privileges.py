"""Privileges: what a container could do that it need not, and that nothing forbids it yet."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.rules.manifest import Container, Path, Pod, items, mapping, texts
from k8sgen_core.rules.pod_security import (
    DEFAULT_CAPABILITIES,
    owner,
    settings,
    unmasked,
    within,
)
from k8sgen_core.rules.rule import Flaw, rule

_VOLUMES = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)
_RAW = ("NET_RAW", "ALL")


@rule("privilege-escalation-container", on=Container)
def privilege_escalation_container(container: Container) -> Iterator[Flaw]:
    """Flag processes that may gain more privileges than their parents have."""
    if container.security.get("allowPrivilegeEscalation") and not container.pod.is_windows:
        yield Flaw(
            ("securityContext", "allowPrivilegeEscalation"),
            f"processes of the container {container.name!r} may gain privileges",
            _only_without(container) or "set it to false",
        )


@rule("privilege-escalation-unset", on=Container)
def privilege_escalation_unset(container: Container) -> Iterator[Flaw]:
    """Flag containers that do not say that their processes gain no privileges."""
    unset = container.security.get("allowPrivilegeEscalation") is None
    if unset and not container.pod.is_windows:
        yield Flaw(
            ("securityContext",),
            f"the container {container.name!r} does not forbid its processes to gain privileges",
            _only_without(container) or "set securityContext.allowPrivilegeEscalation to false",
        )


def _only_without(container: Container) -> str | None:
    """Return what has to go first: beside it, that nothing is gained is refused, or not true."""
    added = {name for _, name in texts(mapping(container.security, "capabilities"), "add")}
    held = [name for name in ("ALL", "CAP_SYS_ADMIN", "SYS_ADMIN") if name in added]
    if container.security.get("privileged"):
        return "set privileged to false first"
    return f"remove the capability {held[0]} first" if held else None


@rule("undropped-capabilities", on=Container)
def undropped_capabilities(container: Container) -> Iterator[Flaw]:
    """Flag containers that keep the capabilities of the runtime, or take some back."""
    if container.pod.is_windows:
        return
    capabilities = mapping(container.security, "capabilities")
    if not any(name == "ALL" for _, name in texts(capabilities, "drop")):
        yield Flaw(
            ("securityContext", "capabilities"),
            f"the container {container.name!r} does not drop all capabilities",
            'set securityContext.capabilities.drop to ["ALL"], and add back what is needed',
        )
    for index, name in texts(capabilities, "add"):
        if name in DEFAULT_CAPABILITIES and name != "NET_BIND_SERVICE":
            yield Flaw(
                ("securityContext", "capabilities", "add", index),
                f"the container {container.name!r} adds the capability {name!r}",
                "remove it, only NET_BIND_SERVICE may be added back",
            )


@rule("drop-net-raw-capability", on=Container)
def drop_net_raw_capability(container: Container) -> Iterator[Flaw]:
    """Flag containers that choose their capabilities and keep the one for forged packets."""
    capabilities = container.security.get("capabilities")
    if capabilities is None:
        return
    for index, name in texts(capabilities, "add"):
        if name.upper() in _RAW:
            yield Flaw(
                ("securityContext", "capabilities", "add", index),
                f"the container {container.name!r} adds {name!r}, so that it can forge packets",
                "remove it",
            )
    if not any(name.upper() in _RAW for _, name in texts(capabilities, "drop")):
        yield Flaw(
            ("securityContext", "capabilities"),
            f"the container {container.name!r} chooses its capabilities and keeps NET_RAW",
            'drop "ALL", or at least "NET_RAW"',
        )


@rule("run-as-non-root", on=Pod)
def run_as_non_root(pod: Pod) -> Iterator[Flaw]:
    """Flag containers that run as root, or may."""
    if pod.is_windows or pod.has_own_users:
        return
    for each in pod.containers:
        yield from _as_root(each)


def _as_root(container: Container) -> Iterator[Flaw]:
    user, group = container.effective("runAsUser"), container.effective("runAsGroup")
    name, hint = f"the container {container.name!r}", "use a number above 0"
    if _is_zero(group):
        yield Flaw(_given(container, "runAsGroup"), f"{name} has the group of root", hint)
    if _is_zero(user):
        yield Flaw(_given(container, "runAsUser"), f"{name} runs as root", hint)
    elif user is None and not container.effective("runAsNonRoot"):
        field = _given(container, "runAsNonRoot")
        yield Flaw(
            field,
            f"{name} may run as root",
            "set securityContext.runAsNonRoot to true, or runAsUser to a number above 0",
        )


def _is_zero(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value == 0


def _given(container: Container, field: str) -> Path:
    """Return the path in the pod of a setting, which the pod may have given for all."""
    own = container.security.get(field) is not None or container.pod.security.get(field) is None
    return within(container if own else None, field)


@rule("non-root-unset", on=Pod)
def non_root_unset(pod: Pod) -> Iterator[Flaw]:
    """Flag pods whose containers the kubelet would start as root."""
    if pod.has_own_users:
        return
    for container, context in settings(pod):
        if context.get("runAsNonRoot") is False:
            path = within(container, "runAsNonRoot")
            yield Flaw(path, f"{owner(container)} may run as root", "set it to true")
    if pod.security.get("runAsNonRoot") is not None:
        return
    for each in pod.containers:
        if each.security.get("runAsNonRoot") is None:
            yield Flaw(
                (*each.inner, "securityContext"),
                f"the container {each.name!r} does not set runAsNonRoot",
                "set securityContext.runAsNonRoot to true, in the pod or the container",
            )


@rule("root-user", on=Pod)
def root_user(pod: Pod) -> Iterator[Flaw]:
    """Flag the user 0."""
    if pod.has_own_users:
        return
    for container, context in settings(pod):
        if _is_zero(context.get("runAsUser")):
            path = within(container, "runAsUser")
            yield Flaw(path, f"{owner(container)} runs as root", "use a number above 0")


@rule("seccomp-unset", on=Pod)
def seccomp_unset(pod: Pod) -> Iterator[Flaw]:
    """Flag containers that nobody gave a seccomp profile."""
    if pod.is_windows or pod.security.get("seccompProfile") is not None:
        return
    for each in pod.containers:
        if each.security.get("seccompProfile") is None:
            yield Flaw(
                (*each.inner, "securityContext"),
                f"the container {each.name!r} has no seccomp profile",
                "set securityContext.seccompProfile.type to RuntimeDefault",
            )


@rule("proc-mount-in-user-namespace", on=Container)
def proc_mount_in_user_namespace(container: Container) -> Iterator[Flaw]:
    """Flag containers that see all of ``/proc``, in pods with users of their own."""
    if container.pod.has_own_users:
        yield from unmasked(container)


@rule("restricted-volume-type", on=Pod)
def restricted_volume_type(pod: Pod) -> Iterator[Flaw]:
    """Flag volumes that reach storage past PersistentVolumes."""
    for index, volume in items(pod.spec, "volumes"):
        kinds = [key for key, value in volume.items() if key != "name" and value is not None]
        # The API server makes an emptyDir of a volume of no kind; host-path is a rule by itself.
        if kinds and not any(kind in (*_VOLUMES, "hostPath") for kind in kinds):
            yield Flaw(
                ("spec", "volumes", index, kinds[0]),
                f"the volume {volume.get('name')!r} is of the kind {kinds[0]!r}",
                "use a PersistentVolumeClaim",
            )


@rule("no-read-only-root-fs", on=Container)
def no_read_only_root_fs(container: Container) -> Iterator[Flaw]:
    """Flag containers that can change their own programs."""
    if container.security.get("readOnlyRootFilesystem") is not True:
        if container.pod.is_windows:
            return
        yield Flaw(
            ("securityContext", "readOnlyRootFilesystem"),
            f"the container {container.name!r} can write to its root filesystem",
            "set readOnlyRootFilesystem to true, and mount an emptyDir where it writes",
        )
