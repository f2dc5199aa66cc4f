"""
What templates can name: the one table from which the context, its checks and its manual are made.

Every value is plain data that knows which call gave it. What nothing gave is unset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from k8sgen_core.carriers import List, Str, because, each, origin_of, plain
from k8sgen_core.grammar.image import parse_image
from k8sgen_core.model import Workload
from k8sgen_core.parts import Probe, TemplateUse
from k8sgen_core.templates import composing
from k8sgen_core.templates.values import Fields, Unset, Worded

PROBES = {"liveness": "livenessProbe", "readiness": "readinessProbe", "startup": "startupProbe"}
_TIMES = {
    "delay": "initialDelaySeconds",
    "period": "periodSeconds",
    "timeout": "timeoutSeconds",
    "failures": "failureThreshold",
    "successes": "successThreshold",
}
RESOURCES = ("cpu", "memory", "cpu_limit", "memory_limit", "gpu")
HEALTH = tuple(f"{kind}_{part}" for kind in PROBES for part in ("path", "port", *_TIMES))

SCALE = ("minimum", "maximum", "cpu", "memory")
STORAGE = ("size", "mount_path", "storage_class")


class Name(NamedTuple):
    """A name of the context: what it is, who sets it, and how to read it from a workload."""

    name: str
    kind: str
    meaning: str
    given_by: str
    read: Callable[[Workload], Any]
    fields: tuple[str, ...] = ()

    @property
    def of_elements(self) -> tuple[str, ...]:
        """The fields of each element of a list, which the meaning names."""
        return tuple(re.findall(r"`\.(\w+)`", self.meaning)) if self.kind == "list" else ()


def _field(name: str) -> Callable[[Workload], Any]:
    return lambda workload: getattr(workload, name)


def _mapping(name: str) -> Callable[[Workload], Any]:
    return lambda workload: getattr(workload, name) or None


def _listed(name: str) -> Callable[[Workload], Any]:
    return lambda workload: List(getattr(workload, name)) if getattr(workload, name) else None


def _nothing(_: Workload) -> None:
    return None


def _version(workload: Workload) -> Any:
    image = workload.image
    tag = parse_image(plain(image)).tag if image is not None else None
    return None if tag is None else because(image, tag)


def _port(workload: Workload) -> Any:
    return workload.ports[0].number if workload.ports else None


def _ports(workload: Workload) -> Any:
    made = []
    for port in workload.ports:
        outer = port.number if port.service_port is None else port.service_port
        text = _joined(str(outer), ":", str(port.number))
        fields = {"number": port.number, "name": port.name, "protocol": port.protocol}
        made.append(_worded(text, because(port, {**fields, "service_port": outer})))
    return List(made) if made else None


def _worded(text: str, fields: Mapping[str, Any]) -> Worded:
    made = Worded(fields)
    made.text = text
    made.origin = origin_of(fields)
    return made


def _joined(*parts: str) -> str:
    made = parts[0]
    for part in parts[1:]:
        made = Str.__add__(made, part) if isinstance(made, Str) else made + part
    return made


def _resources(workload: Workload) -> Any:
    return composing.fields("resources", RESOURCES, workload.resources)


def _health(workload: Workload) -> Fields:
    found: dict[str, Any] = {}
    for kind, field in PROBES.items():
        probe = workload.probes.get(field)
        if probe is not None:
            found |= {f"{kind}_{part}": value for part, value in _probe(probe)}
    return composing.fields("health", HEALTH, found)


def _probe(probe: Probe) -> list[tuple[str, Any]]:
    settings = probe.settings
    action = settings.get("httpGet") or settings.get("tcpSocket") or {}
    given = [(part, action[part]) for part in ("path", "port") if part in action]
    return given + [(part, settings[key]) for part, key in _TIMES.items() if key in settings]


def _account(workload: Workload) -> Any:
    return None if workload.service_account is None else workload.service_account.name


def _domain(workload: Workload) -> Any:
    return next((each.domain for each in workload.exposures if each.domain is not None), None)


def _scale(workload: Workload) -> Any:
    scale = workload.scale
    if scale is None:
        return None
    given = {name: getattr(scale, name) for name in SCALE}
    return composing.fields("scale", SCALE, given, scale)


def _storage(workload: Workload) -> Any:
    made = [
        composing.fields("storage", STORAGE, {name: getattr(each, name) for name in STORAGE}, each)
        for each in workload.storage
    ]
    return List(made) if made else None


def _named(name: str) -> Callable[[Workload], Any]:
    return lambda workload: (
        List([each.name for each in getattr(workload, name)]) if getattr(workload, name) else None
    )


_VALUE = "`use_template(...)`"
NAMES = {
    each.name: each
    for each in (
        Name("name", "text", "the workload's name", "`App(name)`", _field("name")),
        Name("kind", "text", "its Kubernetes kind, e.g. `Deployment`", "", _field("controller")),
        Name("namespace", "text", "its namespace", "`namespace`", _field("namespace")),
        Name("group", "text", "the group that it is part of", "`AppGroup`", _field("part_of")),
        Name("labels", "mapping", "labels that were set", "`labels`", _mapping("labels")),
        Name(
            "annotations",
            "mapping",
            "annotations that were set",
            "`annotations`",
            _mapping("annotations"),
        ),
        Name("image", "text", "the image", "`image`", _field("image")),
        Name("version", "text", "the tag of the image", "`image`", _version),
        Name("command", "list", "the command", "`command`", _listed("command")),
        Name("args", "list", "its arguments", "`args`", _listed("args")),
        Name("port", "number", "the number of the first port", "`port`", _port),
        Name(
            "ports",
            "list",
            "every port with `.number`, `.name`, `.protocol`, `.service_port`; as text `8080:8080`",
            "`port`",
            _ports,
        ),
        Name(
            "environment",
            "mapping",
            "variables with a value; as text the environment's name",
            "`environment`",
            _nothing,
        ),
        Name("resources", "mapping", "", "`resources`", _resources, RESOURCES),
        Name("health", "mapping", "", "`health_checks`", _health, HEALTH),
        Name("replicas", "number", "how many pods", "`replicas`", _field("replicas")),
        Name("scale", "mapping", "", "`scale`", _scale, SCALE),
        Name("service_account", "text", "the account's name", "`service_account`", _account),
        Name("domain", "text", "the first domain", "`expose`", _domain),
        Name(
            "node_selector",
            "mapping",
            "labels of nodes",
            "`node_selector`",
            _mapping("node_selector"),
        ),
        Name(
            "security_context",
            "mapping",
            "what was set, under the names of the method",
            "`security_context`",
            _mapping("security_context"),
        ),
        Name(
            "hardened", "truth", "whether `hardened()` was called", "`hardened`", _field("hardened")
        ),
        Name(
            "storage",
            "list",
            "each with `.size`, `.mount_path`, `.storage_class`",
            "`storage`",
            _storage,
        ),
        Name("connect_to", "list", "names of what it calls", "`connect_to`", _named("connect_to")),
        Name("schedule", "text", "when a CronJob runs", "`schedule`", _field("schedule")),
        Name("time_zone", "text", "of the schedule", "`schedule`", _field("time_zone")),
        Name("timeout", "number", "seconds a job may take", "`timeout`", _field("timeout")),
        Name("retries", "number", "how often a job is tried again", "`retries`", _field("retries")),
        Name(
            "parallelism",
            "number",
            "how many pods of a job run at a time",
            "`parallelism`",
            _field("parallelism"),
        ),
        Name(
            "completions",
            "number",
            "how many pods of a job must succeed",
            "`completions`",
            _field("completions"),
        ),
        Name(
            "depends_on",
            "list",
            "each with `.name` and `.condition`",
            "`depends_on`",
            composing.depends_on,
        ),
        Name(
            "volumes",
            "list",
            "each as text `web-data:/data`; with `.name`, `.mount_path`",
            "`storage`, `add_volume`",
            composing.volumes,
        ),
        Name(
            "volumes_section",
            "mapping",
            "the named volumes of Docker Compose",
            "`storage`",
            composing.volumes_section,
        ),
        Name(
            "healthcheck",
            "mapping",
            "the readiness or liveness check as Docker Compose has it",
            "`health_checks`",
            composing.healthcheck,
            composing.HEALTHCHECK,
        ),
        Name(
            "deploy",
            "mapping",
            "replicas and resources as Docker Compose has them",
            "`replicas`, `resources`",
            composing.deploy,
            composing.DEPLOY,
        ),
        Name("networks", "list", "networks of Docker Compose", _VALUE, _nothing),
        Name("networks_section", "mapping", "their settings", _VALUE, _nothing),
        Name("container_name", "text", "the container's name", _VALUE, _nothing),
        Name("restart_policy", "text", "when containers start again", _VALUE, _nothing),
        Name("metrics_port", "number", "where metrics are", _VALUE, _nothing),
        Name("metrics_path", "text", "their path", _VALUE, _nothing),
        Name("revision", "text", "a revision for annotations", _VALUE, _nothing),
        Name("team", "text", "whose it is", _VALUE, _nothing),
        Name("cost_center", "text", "who pays", _VALUE, _nothing),
    )
}


def context_of(workload: Workload, use: TemplateUse, environment: str) -> dict[str, Any]:
    """Return what a template can name for a workload: every documented name, and the values."""
    found = {name: _read(entry, workload) for name, entry in NAMES.items()}
    variables = {k: v.value for k, v in workload.variables.items() if v.value is not None}
    found["environment"] = _worded(environment, variables)
    return {**found, **{str.__str__(k): v for k, v in use.values.items()}}


def _read(entry: Name, workload: Workload) -> Any:
    value = entry.read(workload)
    return Unset(name=entry.name) if value is None else value


def origins_in(value: Any) -> list[Any]:
    """Return every origin in a value, the innermost included."""
    found = [*each(origin_of(value))]
    if isinstance(value, Worded):
        found += each(origin_of(value.text))
    if isinstance(value, dict):
        for key, element in value.items():
            found += [*each(origin_of(key)), *origins_in(element)]
    elif isinstance(value, list):
        for element in value:
            found += origins_in(element)
    return found
