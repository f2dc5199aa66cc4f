"""What Pod Security *restricted* wants of a container, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from k8sgen_core.carriers import because, deep_origins, like, plain, sole
from k8sgen_core.kubernetes.lowered import Lowering, Object, Problem
from k8sgen_core.model import Container


def hardened_by(*given: Any) -> Any:
    """Return why a container is hardened: by itself, or with its pod; ``None`` if it is not."""
    told = [each for each in given if each is not None]
    return because(sole(told), value=True) if told else None


def without_capabilities(given: Mapping[str, Any], hardened: Any) -> Object:
    """Return the capabilities of a hardened container: none but those that were asked for."""
    told = given.get("capabilities", {})
    if not isinstance(told, Mapping) or "drop" in told:
        return {}
    dropped = because(hardened, {"drop": ["ALL"]})
    return {"capabilities": like(told, {**told, **dropped}) if told else dropped}


def report_softened(lowering: Lowering, owner: Container) -> None:
    """Report the settings for which Pod Security would refuse a pod that is to be hardened."""
    for name, value in owner.security_context.items():
        is_soft = _SOFT.get(plain(name))
        if is_soft is not None and is_soft(value):
            lowering.problems.append(
                Problem(
                    "conflicting-settings",
                    "".join((plain(name), " of ", plain(owner.name), " takes back hardened()")),
                    deep_origins(value) or owner.origin,
                    "Pod Security 'restricted' refuses the pod: leave one of the two out",
                    severity="warning",
                )
            )


def _is_zero(value: Any) -> bool:
    return bool(value == 0)


def _is_false(value: Any) -> bool:
    return not value


def _is_more(capabilities: Any) -> bool:
    if not isinstance(capabilities, Mapping):
        return False
    added: Iterable[Any] = capabilities.get("add") or ()
    dropped = capabilities.get("drop")
    return bool({*added} - {"NET_BIND_SERVICE"}) or (dropped is not None and "ALL" not in dropped)


def _is_unconfined(profile: Any) -> bool:
    return isinstance(profile, Mapping) and profile.get("type") == "Unconfined"


def _is_unmasked(mount: Any) -> bool:
    return bool(mount != "Default")


_SOFT: Mapping[str, Callable[[Any], bool]] = {
    "run_as_user": _is_zero,
    "run_as_non_root": _is_false,
    "privileged": bool,
    "allow_privilege_escalation": bool,
    "capabilities": _is_more,
    "seccomp_profile": _is_unconfined,
    "proc_mount": _is_unmasked,
}
