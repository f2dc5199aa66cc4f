"""How workloads are reached in the cluster: Services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8sgen_core.carriers import (
    all_of,
    because,
    causes,
    deep_origins,
    each,
    placed,
    plain,
    sole,
    standing,
)
from k8sgen_core.kubernetes.lowered import Lowering, Object
from k8sgen_core.kubernetes.metadata import header, metadata, selector
from k8sgen_core.model import Resource, Service, Workload
from k8sgen_core.parts import Port, Selected

_TOLD_OF_PORTS = ("name", "number", "service_port")
_HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"


def headless_name(workload: Workload) -> str:
    """Return the name of the Service that gives every pod of a StatefulSet a DNS name."""
    return workload.name + "-headless"


def http_port(ports: Sequence[Port]) -> Port:
    """Return the first port that speaks TCP, if one does; it is chosen because others do not."""
    if ports[0].protocol == "TCP":
        return ports[0]
    position = next((i for i, port in enumerate(ports) if port.protocol == "TCP"), None)
    others = ports if position is None else ports[:position]
    cause = all_of(*(port.protocol for port in others))
    chosen = ports[position or 0]
    causing = {field: because(cause, getattr(chosen, field)) for field in _TOLD_OF_PORTS}
    return chosen.replace(**causing)


def services(lowering: Lowering, workload: Workload) -> list[Object]:
    """Return the Services of a workload."""
    made = []
    ports = workload.service_ports
    if ports:
        _check_ports(lowering, workload, ports)
        made.append(_service(workload, ports))
    if workload.controller == "StatefulSet":
        made.append(_headless(workload, ports))
    return made


def _service(workload: Workload, ports: Sequence[Port]) -> Object:
    balanced = [each for each in workload.exposures if each.via == "loadbalancer"]
    spec: Object = {}
    meta = metadata(workload)
    if balanced:
        spec["type"] = because(sole(balanced), "LoadBalancer")
        domains = [each for each in balanced if each.domain is not None]
        if domains:
            listed = ",".join(plain(each.domain) for each in domains)
            names = because(all_of(*(each.domain for each in domains)), listed)
            key = placed(_HOSTNAME, each(sole(domains).origin))
            meta = {**meta, "annotations": {**meta.get("annotations", {}), key: names}}
    spec["selector"] = selector(workload)
    spec["ports"] = [_service_port(port) for port in ports]
    return because(sole(ports), header("Service", "v1", meta, spec))


def _headless(workload: Workload, ports: Sequence[Port]) -> Object:
    spec: Object = {"clusterIP": "None", "selector": selector(workload)}
    if ports:
        spec["ports"] = [_service_port(port) for port in ports]
    return header("Service", "v1", metadata(workload, headless_name(workload)), spec)


def _service_port(port: Port) -> Object:
    # Before 1.32, names of ports lead to main containers only.
    target = port.number if port.of_companion else port.name
    made = {"name": port.name, "port": number_in_service(port), "targetPort": target}
    if port.protocol != "TCP":
        made["protocol"] = port.protocol
    return because(port, made)


def number_in_service(port: Port) -> int:
    """Return the port's number in the Service."""
    return port.number if port.service_port is None else port.service_port


def _check_ports(lowering: Lowering, workload: Workload, ports: Sequence[Port]) -> None:
    _report_ended(lowering, workload)
    if len(ports) == 1:
        return
    seen: dict[Any, Port] = {}
    for port in ports:
        own, outside = (port.number, port.protocol), (number_in_service(port), port.protocol)
        for key in (port.name, ("container", *own), ("service", *outside)):
            if key in seen:
                what = key if isinstance(key, str) else "/".join(map(str, key[1:]))
                lowering.problem(
                    "duplicate-port",
                    "".join(
                        (plain(workload.name), " has two ports ", plain(what), " in one Service")
                    ),
                    port.origin,
                    "give one of them another name or number",
                )
                break
            seen[key] = port


def _report_ended(lowering: Lowering, workload: Workload) -> None:
    for added in workload.companions:
        companion: Any = added.resource
        for port in companion.ports if companion.role == "init" else ():
            if port.service_port is not None:
                lowering.problem(
                    "conflicting-settings",
                    "".join((plain(companion.name), " has ended before its pod serves anybody")),
                    deep_origins(port.service_port) or port.origin,
                    "leave service_port= out, or make it a sidecar",
                )


def service(lowering: Lowering, resource: Service) -> Object:
    """Return a Service that a user describes."""
    spec: Object = {}
    if resource.type is not None:
        spec["type"] = resource.type
    chosen = {} if resource.selector is None else selected(lowering, resource, resource.selector)
    if chosen:
        spec["selector"] = chosen
    if resource.ports:
        spec["ports"] = [
            because(port, _own_port(port, resource.targets.get(position)))
            for position, port in enumerate(resource.ports)
        ]
    else:
        lowering.problem(
            "missing-port",
            "".join((plain(resource.name), " is a Service without ports")),
            resource.origin,
            "call .add_port(...)",
        )
    return header("Service", "v1", metadata(resource), spec)


def _own_port(port: Port, target: Any) -> Object:
    made = {"name": port.name, "port": port.number}
    if target is not None:
        made["targetPort"] = target
    if port.protocol != "TCP":
        made["protocol"] = port.protocol
    return made


def selected(lowering: Lowering, by: Resource, chosen: Selected) -> Object:
    """Return the labels by which pods are selected."""
    if chosen.workload is not None:
        found = selector(lowering.inheriting(chosen.workload(), by.namespace))
    else:
        found = dict(chosen.labels or {})
    labels = {key: because(chosen, value) for key, value in found.items()}
    return because(chosen, labels) if causes(chosen.origin) else standing(labels)
