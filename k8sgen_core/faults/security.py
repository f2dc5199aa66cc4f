"""What an API server refuses of security contexts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from k8sgen_core.faults.fault import NONE, Fault, Object, conflict, each, fields, missing, one_of
from k8sgen_core.faults.words import user_id
from k8sgen_core.grammar import shown

_SYSCTL = re.compile(r"(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?")
_PROFILE_TYPE = fields({"type": one_of("RuntimeDefault", "Localhost", "Unconfined")})


def _profile(value: Object) -> Sequence[Fault]:
    found = list(_PROFILE_TYPE(value))
    is_local, path = value.get("type") == "Localhost", value.get("localhostProfile")
    if is_local and not path:
        found.append(missing("localhostProfile", "a Localhost profile names no file"))
    if path is not None and not is_local and not found:
        message = f"only a Localhost profile has a file, not {value.get('type')}"
        found.append(
            conflict(("localhostProfile",), message, "write type: Localhost, or remove it")
        )
    return found


def _sysctl(value: str) -> Sequence[Fault]:
    if _SYSCTL.fullmatch(value) and len(value) <= 253:
        return NONE
    return [Fault("invalid-name", (), f"{shown(value)} is not the name of a sysctl")]


_IDENTITY = {
    "runAsUser": user_id,
    "runAsGroup": user_id,
    "seccompProfile": _profile,
    "appArmorProfile": _profile,
}
_CONTAINER = fields({**_IDENTITY, "procMount": one_of("Default", "Unmasked")})
pod_security = fields(
    {
        **_IDENTITY,
        "fsGroup": user_id,
        "supplementalGroups": each(user_id),
        "supplementalGroupsPolicy": one_of("Merge", "Strict"),
        "fsGroupChangePolicy": one_of("OnRootMismatch", "Always"),
        "seLinuxChangePolicy": one_of("Recursive", "MountOption"),
        "sysctls": each(fields({"name": _sysctl})),
    }
)


def container_security(context: Object) -> Sequence[Fault]:
    """Judge what a container may do."""
    found = list(_CONTAINER(context))
    if context.get("allowPrivilegeEscalation") is not False:
        return found
    added = (context.get("capabilities") or {}).get("add") or ()
    for what, has in (
        ("privileged: true", context.get("privileged")),
        ("the capability CAP_SYS_ADMIN", "CAP_SYS_ADMIN" in added),
    ):
        if has:
            message = f"allowPrivilegeEscalation: false and {what} exclude each other"
            found.append(conflict(("allowPrivilegeEscalation",), message, "leave one of them out"))
    return found
