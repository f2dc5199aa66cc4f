"""What an API server refuses of containers, though their schema allows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from k8sgen_core.faults.fault import (
    NONE,
    Check,
    Fault,
    Object,
    between,
    conflict,
    each,
    exactly_one,
    fields,
    missing,
    one_of,
    spelled,
    unique,
)
from k8sgen_core.faults.images import image
from k8sgen_core.faults.probes import lifecycle, probe
from k8sgen_core.faults.resources import resource_faults, resource_field
from k8sgen_core.faults.security import container_security
from k8sgen_core.faults.words import (
    object_name,
    port_named,
    port_number,
    protocol,
    quantity,
    relative_path,
    short_name,
)
from k8sgen_core.grammar import ArgumentError, shown
from k8sgen_core.grammar.names import config_key, environment_variable

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_SIMPLE_FIELDS = frozenset(
    (
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    )
)
_KEYED_FIELD = re.compile(r"metadata\.(?:labels|annotations)\['[^']+'\]")
_PRINTABLE = re.compile("[ -<>-~]+")


def container_faults(
    container: Object, minor: int, volumes: Mapping[str, Object]
) -> Iterator[Fault]:
    """Yield what is refused of a container; ``volumes`` are those of its pod, by name."""
    if not container.get("image"):
        name = container.get("name")
        yield Fault("missing-image", ("name",), f"the container {name} has no image")
    yield from _checks(minor)(container)
    yield from resource_faults(container.get("resources") or {})
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        for fault in _mount(mount, volumes, container):
            yield fault.at("volumeMounts", index)
    for index, device in enumerate(container.get("volumeDevices") or ()):
        for fault in _device(device, volumes, container):
            yield fault.at("volumeDevices", index)


def ending_faults(container: Object, grace: int, minor: int) -> Iterator[Fault]:
    """Yield what is refused of probes and hooks, where a container can have them."""
    for name in PROBES:
        if container.get(name) is not None:
            for fault in probe(name, container[name]):
                yield fault.at(name)
    for fault in lifecycle(container.get("lifecycle") or {}, grace, minor):
        yield fault.at("lifecycle")


@cache
def _checks(minor: int) -> Check:
    variable = spelled(_relaxed if minor >= 30 else environment_variable)
    return fields(
        {
            "name": short_name,
            "image": image,
            "imagePullPolicy": one_of("Always", "IfNotPresent", "Never"),
            "terminationMessagePolicy": one_of("File", "FallbackToLogsOnError"),
            "ports": _ports,
            "env": each(lambda value: [*_name_of(value, variable), *_value(value)]),
            "envFrom": each(lambda value: _from(value, variable)),
            "volumeMounts": unique("volume mounted at", "mountPath"),
            "volumeDevices": unique("volume at", "devicePath"),
            "securityContext": container_security,
            "resizePolicy": _RESIZE,
        }
    )


def _relaxed(name: str) -> None:
    if not _PRINTABLE.fullmatch(name):
        message = f"{shown(name)} cannot be an environment variable"
        hint = "it must be of printable ASCII characters other than '='"
        raise ArgumentError("invalid-name", message, hint)


_PORT = fields(
    {
        "containerPort": port_number,
        "hostPort": between(0, 65535, "invalid-port"),
        "protocol": protocol,
        "name": lambda value: port_named(value) if value else NONE,
    }
)
_RESIZE = each(
    fields(
        {
            "resourceName": one_of("cpu", "memory"),
            "restartPolicy": one_of("NotRequired", "RestartContainer"),
        }
    )
)


def _ports(value: Sequence[Object]) -> Sequence[Fault]:
    return [*_EACH_PORT(value), *(f._replace(rule="duplicate-port") for f in _NAMED_PORTS(value))]


_EACH_PORT = each(_PORT)
_NAMED_PORTS = unique("port of the container named", "name")


def _name_of(variable: Object, judge: Check) -> Sequence[Fault]:
    name = variable.get("name")
    return [fault.at("name") for fault in judge(name)] if name else NONE


def _value(variable: Object) -> Sequence[Fault]:
    source = variable.get("valueFrom")
    if source is None:
        return NONE
    found = [*exactly_one("the source of a variable", _SOURCES, source), *_SOURCE(source)]
    if variable.get("value"):
        message = f"the variable {variable.get('name')} has a value and a source of one"
        found.append(conflict((), message, "leave only one of them"))
    return [fault.at("valueFrom") for fault in found]


def _field_path(value: str) -> Sequence[Fault]:
    if value in _SIMPLE_FIELDS or _KEYED_FIELD.fullmatch(value):
        return NONE
    message = f"{shown(value)} is no field that a variable can have"
    return [Fault("invalid-value", (), message, f"one of {', '.join(sorted(_SIMPLE_FIELDS))}")]


_KEY = spelled(config_key)
_SOURCE = fields(
    {
        "fieldRef": fields({"fieldPath": _field_path}),
        "resourceFieldRef": fields({"resource": resource_field, "divisor": quantity}),
        "configMapKeyRef": fields({"name": object_name, "key": _KEY}),
        "secretKeyRef": fields({"name": object_name, "key": _KEY}),
    }
)
_FROM = fields(
    {"configMapRef": fields({"name": object_name}), "secretRef": fields({"name": object_name})}
)


def _from(source: Object, variable: Check) -> Sequence[Fault]:
    found = [*exactly_one("a source of variables", ("configMapRef", "secretRef"), source)]
    found += _FROM(source)
    prefix = source.get("prefix")
    if prefix:
        found += [fault.at("prefix") for fault in variable(prefix)]
    return found


_MOUNT = fields(
    {
        "subPath": relative_path,
        "subPathExpr": relative_path,
        "mountPropagation": one_of("None", "HostToContainer", "Bidirectional"),
        "recursiveReadOnly": one_of("Disabled", "IfPossible", "Enabled"),
    }
)


def _mount(mount: Object, volumes: Mapping[str, Object], container: Object) -> Iterator[Fault]:
    yield from _known(mount, volumes)
    yield from _MOUNT(mount)
    if not mount.get("mountPath"):
        yield missing("mountPath", "the volume is mounted nowhere")
    if mount.get("subPath") and mount.get("subPathExpr"):
        yield conflict(("subPathExpr",), "subPath and subPathExpr exclude each other")
    is_privileged = (container.get("securityContext") or {}).get("privileged")
    if mount.get("mountPropagation") == "Bidirectional" and not is_privileged:
        message = "only a privileged container can propagate mounts in both directions"
        yield conflict(("mountPropagation",), message, "write HostToContainer")
    if mount.get("recursiveReadOnly") in ("IfPossible", "Enabled") and not mount.get("readOnly"):
        yield conflict(("recursiveReadOnly",), "the mount is not read-only", "set readOnly: true")


def _device(device: Object, volumes: Mapping[str, Object], container: Object) -> Iterator[Fault]:
    yield from _known(device, volumes)
    source = volumes.get(device.get("name", ""))
    if source and not {"persistentVolumeClaim", "ephemeral"} & source.keys():
        message = f"the volume {device['name']} is no claim, and so no block device"
        yield conflict(("name",), message, "use a persistentVolumeClaim, or mount it")
    mounted = {each.get("name") for each in container.get("volumeMounts") or ()}
    if device.get("name") in mounted:
        message = f"the volume {device['name']} is mounted and a device"
        yield conflict(("name",), message, "leave only one of them")


def _known(mount: Object, volumes: Mapping[str, Any]) -> Iterator[Fault]:
    name = mount.get("name")
    if name not in volumes:
        import difflib

        near = difflib.get_close_matches(str(name), volumes, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "add it to the volumes of the pod"
        yield Fault("missing-volume", ("name",), f"the pod has no volume {name!r}", hint)
