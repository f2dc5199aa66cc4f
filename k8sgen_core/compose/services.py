"""A service for each workload, and for each container beside it."""

from __future__ import annotations

import posixpath
from typing import Any

from k8sgen_core.carriers import all_of, because, caused, deep_origins, derived, plain
from k8sgen_core.compose.health import healthcheck
from k8sgen_core.compose.network import exposed, published
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.compose.resources import deployment, replicas
from k8sgen_core.compose.security import security
from k8sgen_core.compose.supply import Supply
from k8sgen_core.model import Container, Workload
from k8sgen_core.parts import Added, Build
from k8sgen_core.sharing import replacing
from k8sgen_core.templates.compose_values import escaped, health_of
from k8sgen_core.yaml.emitter import Title


def add_services(project: Project, workload: Workload) -> None:
    """Add the service of a workload, and those of its companions."""
    before = [each for each in workload.companions if _is_init(each)]
    beside = [each for each in workload.companions if not _is_init(each)]
    made = _service(project, workload, workload.name)
    waits = _dependencies(project, workload)
    for number, added in enumerate(before):
        name = companion_name(workload, added)
        waits[name] = because(added, {"condition": "service_completed_successfully"})
        first = before[:number]
        _add_companion(project, workload, added, {"restart": "no", **_after(workload, first)})
    if waits:
        made["depends_on"] = waits
    project.services[Title(workload.name)] = made
    for added in beside:
        shares = {"restart": _restart(workload), "network_mode": "service:" + workload.name}
        _add_companion(project, workload, added, shares)
    if beside and (replicas(workload) or 1) > 1:
        project.cannot(
            "Docker Compose gives the first container of several only its companions",
            all_of(*beside).origin,
            "run one container, or make the companion a part of the image",
        )


def _is_init(added: Added) -> bool:
    companion: Any = added.resource
    return bool(companion.role == "init")


def companion_name(workload: Workload, added: Added) -> str:
    """Return the name of the service that a companion becomes."""
    return workload.name + "-" + added.resource.name


def _after(workload: Workload, before: list[Added]) -> Object:
    """Let one that runs before the main container wait for those before it."""
    if not before:
        return {}
    done = "service_completed_successfully"
    last = before[-1]
    return {"depends_on": {companion_name(workload, last): because(last, {"condition": done})}}


def _add_companion(project: Project, workload: Workload, added: Added, more: Object) -> None:
    companion: Any = added.resource
    name = companion_name(workload, added)
    made = {**_service(project, companion, name, workload), **more}
    project.services[Title(name)] = because(added, made)


def _service(project: Project, owner: Container, name: str, pod: Workload | None = None) -> Object:
    """Return what one container is; ``pod`` is the workload that a companion belongs to."""
    made = _program(project, owner)
    if isinstance(owner, Workload):
        made["restart"] = _restart(owner)
        made |= published(project, owner)
    made |= {
        "expose": exposed(project, owner),
        "healthcheck": healthcheck(project, owner),
        "labels": dict(owner.labels),
        "annotations": dict(owner.annotations),
        **security(project, owner),
        "deploy": deployment(project, owner),
        **_stopping(project, owner),
    }
    told = {key: value for key, value in made.items() if value}
    return {**escaped(told), **Supply(project, owner, name, pod or owner).settings()}


def _program(project: Project, owner: Container) -> Object:
    """Return what is run: an image, and the command in it."""
    made: Object = {}
    if owner.image is not None:
        made["image"] = owner.image
    if owner.built_from is not None:
        made["build"] = _build(project, owner.built_from)
    return {**made, "entrypoint": list(owner.command), "command": list(owner.args)}


def _build(project: Project, build: Build) -> Object:
    made: Object = {
        "context": derived(build.context, lambda path: _relative(project, path)),
        "dockerfile": build.dockerfile,
    }
    if build.arguments:
        made["args"] = dict(build.arguments)
    return because(build, made)


def _relative(project: Project, path: str) -> str:
    """Return a path from the project root as it is from the folder of the Compose file."""
    if "://" in path or path.startswith(("/", "git@")):
        return path
    return posixpath.relpath(plain(path), project.folder)


def _restart(workload: Workload) -> str:
    if workload.controller != "Job":
        return "unless-stopped"
    tries = workload.retries
    if not tries:
        return "no" if tries is None else because(tries, "no")
    return "on-failure:" + str(tries)


def _dependencies(project: Project, workload: Workload) -> Object:
    made: Object = {}
    for named in workload.depends_on:
        target = project.workloads.get(plain(named.name))
        if target is None:
            project.cannot(
                f"Docker Compose cannot wait for {plain(named.name)}, which is no service here",
                deep_origins(named.name) or named.origin,
                "leave it out, or describe it in the same file",
            )
        else:
            made[named.name] = because(named, {"condition": _condition(target)})
    return made


def _condition(target: Workload) -> str:
    if target.controller == "Job":
        return "service_completed_successfully"
    probe = health_of(target)
    if probe is None:
        return "service_started"
    # That there is a condition is not the probe's doing.
    return caused(replacing(probe.origin), "service_healthy")


_HOOKS = {"postStart": "post_start", "preStop": "pre_stop"}


def _stopping(project: Project, owner: Container) -> Object:
    made: Object = {}
    for kind, hook in owner.hooks.items():
        if "exec" in hook.action:
            command = list(hook.action["exec"]["command"])
            made[_HOOKS[kind]] = because(hook, [{"command": command}])
        else:
            project.cannot(
                f"Docker Compose runs commands only when {plain(owner.name)} starts or stops",
                deep_origins(hook.action) or hook.origin,
                "give a command that the image has",
            )
    if owner.grace_period is not None:
        made["stop_grace_period"] = str(owner.grace_period) + "s"
    return made
