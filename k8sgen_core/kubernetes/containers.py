"""Containers: what runs in a pod."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8sgen_core.carriers import (
    all_of,
    because,
    caused,
    causes,
    deep_origins,
    like,
    origin_of,
    plain,
    standing,
)
from k8sgen_core.kubernetes.hardening import report_softened, without_capabilities
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.networking import http_port
from k8sgen_core.kubernetes.volumes import Mounts
from k8sgen_core.model import Companion, Container
from k8sgen_core.parts import Attachment, Hook, Probe, Variable
from k8sgen_core.sharing import deciding

_REQUESTS = {"cpu": "cpu", "memory": "memory"}
_LIMITS = {"cpu_limit": "cpu", "memory_limit": "memory", "gpu": "nvidia.com/gpu"}
_CONTAINER_FIELDS = {
    "privileged": "privileged",
    "allow_privilege_escalation": "allowPrivilegeEscalation",
    "read_only_root_filesystem": "readOnlyRootFilesystem",
    "capabilities": "capabilities",
    "proc_mount": "procMount",
}


def container(lowering: Lowering, owner: Container, mounts: Mounts, hardened: Any) -> Object:
    """Return the container that a workload or companion describes."""
    made = _program(lowering, owner)
    if owner.ports:
        made["ports"] = [_port(port) for port in owner.ports]
    made |= _environment(owner)
    resources = _resources(owner.resources)
    if resources:
        made["resources"] = resources
    for kind, probe in owner.probes.items():
        made[kind] = _probe(lowering, owner, probe)
    if owner.hooks:
        hooks = {name: _hook(lowering, owner, hook) for name, hook in owner.hooks.items()}
        made["lifecycle"] = hooks
    made["securityContext"] = _security(owner, hardened)
    if hardened is not None:
        report_softened(lowering, owner)
    if mounts.mounts:
        made["volumeMounts"] = mounts.mounts
        _report_shared_paths(lowering, owner, mounts)
    return made


def _report_shared_paths(lowering: Lowering, owner: Container, mounts: Mounts) -> None:
    seen = set()
    for mount in mounts.mounts:
        path = plain(mount["mountPath"])
        if path in seen:
            lowering.problem(
                "conflicting-settings",
                "".join((plain(owner.name), " mounts two volumes at ", path)),
                deep_origins(mount["mountPath"]) or origin_of(mount),
                "give each of them a path of its own",
            )
        seen.add(path)


def _program(lowering: Lowering, owner: Container) -> Object:
    """Return the name of a container, and what it runs."""
    made: Object = {"name": owner.name}
    if owner.image is not None:
        made["image"] = owner.image
    else:
        _report_missing_image(lowering, owner)
    if owner.command:
        made["command"] = list(owner.command)
    if owner.args:
        made["args"] = list(owner.args)
    return made


def _report_missing_image(lowering: Lowering, owner: Container) -> None:
    built = owner.built_from
    why = " has no image" if built is None else " is built from source, which Kubernetes cannot do"
    lowering.problem(
        "missing-image",
        "".join((plain(owner.name), why)),
        owner.origin if built is None else built.origin,
        'call .image("registry/repository:tag")',
    )


def _port(port: Any) -> Object:
    made = {"name": port.name, "containerPort": port.number}
    if port.protocol != "TCP":
        made["protocol"] = port.protocol
    return because(port, made)


def _environment(owner: Container) -> Object:
    made: Object = {}
    sources = [_source(each) for each in owner.attachments if each.mount_path is None]
    sources = [source for source in sources if source]
    if sources:
        made["envFrom"] = sources
    if owner.variables:
        made["env"] = [_variable(name, v) for name, v in owner.variables.items()]
    return made


def _source(attachment: Attachment) -> Object:
    resource = attachment.resource
    told = None if isinstance(resource, str) else resource.mount_path
    if told:
        return {}
    made: Object = {}
    prefix = attachment.prefix
    if prefix is None and not isinstance(resource, str):
        prefix = resource.prefix
    if prefix:
        made["prefix"] = prefix
    name = resource if isinstance(resource, str) else resource.name
    made["secretRef" if attachment.secret else "configMapRef"] = {"name": name}
    # Where variables were asked for in place of files, they are here because of that.
    return because(attachment if told is None else all_of(attachment, deciding(told)), made)


def _variable(name: str, variable: Variable) -> Object:
    if variable.source is None:
        return {"name": name, "value": variable.value}
    # Where no key was told, it is the name, which several calls may have given.
    told = variable.key != name or origin_of(variable.key) != origin_of(variable.name)
    chosen = {"name": variable.resource, "key": variable.key if told else name}
    source = {variable.source: because(variable, chosen)}
    given = standing(source) if variable.moved else because(variable, source)
    return {"name": name, "valueFrom": given}


def _resources(given: Mapping[str, Any]) -> Object:
    made: Object = {}
    for field, names in (("requests", _REQUESTS), ("limits", _LIMITS)):
        values = {names[key]: value for key, value in given.items() if key in names and value != 0}
        if values:
            made[field] = values
    gpu = given.get("gpu")
    if gpu == 0 and causes(origin_of(gpu)) is None:
        # It takes back what an earlier call asked for: without it, that limit would be there.
        if "limits" in made:
            made["limits"] = standing(made["limits"])
        return standing(made)
    return made


def _probe(lowering: Lowering, owner: Container, probe: Probe) -> Object:
    settings: Object = like(probe.settings, {**probe.settings})
    if probe.needs_port:
        settings["httpGet"] = _with_port(
            lowering, owner, settings["httpGet"], probe, "give the check a port"
        )
    return because(probe, settings)


def _with_port(
    lowering: Lowering, owner: Container, request: Any, cause: Any, otherwise: str
) -> Object:
    port = http_port(owner.ports) if owner.ports else None
    if port is not None and port.protocol == "TCP":
        return like(request, {**request, "port": port.name})
    lowering.problem(
        "missing-port",
        "".join((plain(owner.name), " has no port that could be asked over HTTP")),
        deep_origins(request) or cause.origin,
        "".join(("call .port(...), or ", otherwise)),
    )
    return {**request, "port": 80 if port is None else port.name}


def _hook(lowering: Lowering, owner: Container, hook: Hook) -> Object:
    action: Object = like(hook.action, {**hook.action})
    request = action.get("httpGet")
    if request is not None and "port" not in request:
        action["httpGet"] = _with_port(
            lowering,
            owner,
            request,
            hook,
            "write the hook as a mapping: httpGet, with path and port",
        )
    return because(hook, action)


def _security(owner: Container, hardened: Any) -> Object:
    given = owner.security_context
    made: Object = {}
    # The API server refuses allowPrivilegeEscalation: false beside these.
    privileges = (given.get("privileged"), *_added_capabilities(given))
    if not any(map(_is_administrative, privileges)):
        cause = deciding(*privileges)
        made["allowPrivilegeEscalation"] = because(cause, value=False)
        if "seccomp_profile" not in given:
            made["seccompProfile"] = because(cause, {"type": "RuntimeDefault"})
    for setting, field in _CONTAINER_FIELDS.items():
        if setting in given:
            made[field] = given[setting]
    if hardened is not None:
        made |= without_capabilities(given, hardened)
    if isinstance(owner, Companion):
        made |= pod_security(owner)
        if "seccomp_profile" in given and not any(map(_is_administrative, privileges)):
            # What is told here takes the place of the default.
            made["seccompProfile"] = standing(made["seccompProfile"])
    return standing(made)


def _added_capabilities(given: Mapping[str, Any]) -> Iterable[Any]:
    capabilities = given.get("capabilities")
    return capabilities.get("add", ()) if isinstance(capabilities, Mapping) else ()


def _is_administrative(privilege: Any) -> bool:
    if isinstance(privilege, str):
        return privilege.removeprefix("CAP_") in ("SYS_ADMIN", "ALL")
    return bool(privilege)


def pod_security(owner: Container) -> Object:
    """Return what is set for the whole pod, and for a companion's container alone."""
    made: Object = {}
    if owner.hardened is not None:
        made["runAsNonRoot"] = because(owner.hardened, value=True)
    for setting, value in owner.security_context.items():
        if setting not in _CONTAINER_FIELDS:
            made[camel_case(plain(setting))] = caused(origin_of(setting), value)
    return made


def camel_case(setting: str) -> str:
    """Return Kubernetes' name of a setting: ``run_as_user`` → ``runAsUser``."""
    first, *words = setting.split("_")
    return "".join((first, *(word.capitalize() for word in words)))
