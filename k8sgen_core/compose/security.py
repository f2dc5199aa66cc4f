"""What the processes of a service may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from k8sgen_core.carriers import all_of, because, deep_origins, derived, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.model import Container

_KNOWN = frozenset(
    (
        "run_as_user",
        "run_as_group",
        "run_as_non_root",
        "allow_privilege_escalation",
        "seccomp_profile",
        "app_armor_profile",
        "capabilities",
        "supplemental_groups",
        "sysctls",
        "read_only_root_filesystem",
        "privileged",
    )
)


def security(project: Project, owner: Container) -> Object:
    """Return the settings of a service that limit it, and report what Compose cannot."""
    given = owner.security_context
    made: Object = {}
    for key, make in _SETTINGS.items():
        value = make(owner, given)
        if value:
            made[key] = value
    _report(project, owner, given)
    return made


def _user(owner: Container, given: Mapping[str, Any]) -> Any:
    user, group = given.get("run_as_user"), given.get("run_as_group")
    if user is None:
        return None
    return str(user) if group is None else str(user) + ":" + str(group)


def _added(owner: Container, given: Mapping[str, Any]) -> Any:
    return list(_capabilities(given).get("add") or ())


def _dropped(owner: Container, given: Mapping[str, Any]) -> Any:
    if owner.hardened is not None and "capabilities" not in given:
        return because(owner.hardened, ["ALL"])
    return list(_capabilities(given).get("drop") or ())


def _capabilities(given: Mapping[str, Any]) -> Mapping[str, Any]:
    found = given.get("capabilities")
    return found if isinstance(found, Mapping) else {}


def _options(owner: Container, given: Mapping[str, Any]) -> Any:
    found = []
    allowed = given.get("allow_privilege_escalation")
    privileged = given.get("privileged")
    if not allowed and not privileged:
        found.append(because(all_of(allowed, privileged), "no-new-privileges:true"))
    for field, option in (("seccomp_profile", "seccomp"), ("app_armor_profile", "apparmor")):
        profile = given.get(field)
        if _type(profile) == "Unconfined":
            found.append(because(_cause(profile), f"{option}:unconfined"))
    return found


def _type(profile: Any) -> Any:
    return plain(profile.get("type")) if isinstance(profile, Mapping) else None


def _cause(value: Any) -> Any:
    return value["type"] if isinstance(value, Mapping) else value


def _groups(owner: Container, given: Mapping[str, Any]) -> Any:
    return [derived(group, str) for group in given.get("supplemental_groups") or ()]


def _sysctls(owner: Container, given: Mapping[str, Any]) -> Any:
    return {each["name"]: each["value"] for each in given.get("sysctls") or ()}


_SETTINGS: dict[str, Callable[[Container, Mapping[str, Any]], Any]] = {
    "user": _user,
    "group_add": _groups,
    "read_only": lambda owner, given: given.get("read_only_root_filesystem"),
    "privileged": lambda owner, given: given.get("privileged"),
    "cap_add": _added,
    "cap_drop": _dropped,
    "security_opt": _options,
    "sysctls": _sysctls,
}


def _report(project: Project, owner: Container, given: Mapping[str, Any]) -> None:
    name = plain(owner.name)
    for setting, value in given.items():
        known = plain(setting) in _KNOWN and _type(value) != "Localhost"
        if not known:
            message = f"Docker Compose has no {plain(setting)} for {name}"
            project.cannot(message, deep_origins(value) or deep_origins(setting))
    user = given.get("run_as_user")
    if user is None and "run_as_group" in given:
        origin = deep_origins(given["run_as_group"])
        project.cannot(f"Docker Compose sets the group of {name} with its user only", origin)
    non_root = given.get("run_as_non_root", owner.hardened)
    if non_root and not user:
        project.cannot(
            f"Docker Compose does not check that {name} runs as another user than root",
            deep_origins(non_root),
            "say which user: security_context(run_as_user=1000)",
        )
