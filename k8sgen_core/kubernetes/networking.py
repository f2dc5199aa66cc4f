"""How workloads are reached: Services, Ingresses, HTTPRoutes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from typing import Any

from k8sgen_core.carriers import (
    NOBODY,
    Cause,
    Placed,
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
from k8sgen_core.model import Ingress, Resource, Service, Workload
from k8sgen_core.parts import Exposure, Port, Route, Selected
from k8sgen_core.sharing import common

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
    made = {"name": port.name, "port": _number(port), "targetPort": target}
    if port.protocol != "TCP":
        made["protocol"] = port.protocol
    return because(port, made)


def _number(port: Port) -> int:
    """Return the port's number in the Service."""
    return port.number if port.service_port is None else port.service_port


def _check_ports(lowering: Lowering, workload: Workload, ports: Sequence[Port]) -> None:
    _report_ended(lowering, workload)
    if len(ports) == 1:
        return
    seen: dict[Any, Port] = {}
    for port in ports:
        own, outside = (port.number, port.protocol), (_number(port), port.protocol)
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


def routes(lowering: Lowering, workload: Workload) -> list[Object]:
    """Return what brings requests from outside the cluster to a workload."""
    if not workload.exposures:
        return []
    if not workload.service_ports:
        for exposure in workload.exposures:
            lowering.problem(
                "missing-port",
                "".join((plain(workload.name), " is exposed, but has no port")),
                exposure.origin,
                "call .port(...)",
            )
        return []
    for exposure in workload.exposures:
        _check_port(lowering, workload, exposure)
    ingresses = [each for each in workload.exposures if each.via == "ingress"]
    made = [_ingress(lowering, workload, ingresses)] if ingresses else []
    gateways = [each for each in workload.exposures if each.via == "gateway"]
    made += [_http_route(workload, gateways[:end]) for end in range(1, len(gateways) + 1)]
    return made


def _check_port(lowering: Lowering, workload: Workload, exposure: Exposure) -> None:
    wanted = plain(exposure.port)
    if wanted is None and exposure.via != "loadbalancer":
        if http_port(workload.service_ports).protocol != "TCP":
            lowering.problem(
                "missing-port",
                "".join((plain(workload.name), " is exposed, but has no TCP port")),
                exposure.origin,
                "call .port(...)",
            )
        return
    known = [(plain(p.name), plain(p.service_port or p.number)) for p in workload.service_ports]
    if wanted is not None and all(wanted not in pair for pair in known):
        lowering.problem(
            "missing-port",
            "".join((plain(workload.name), " has no port ", str(wanted))),
            deep_origins(exposure.port) or exposure.origin,
            "".join(("it has: ", ", ".join(" ".join(map(str, pair)) for pair in known))),
        )


def _ingress(lowering: Lowering, workload: Workload, exposures: list[Exposure]) -> Object:
    spec: Object = {}
    classes = [each for each in exposures if each.ingress_class is not None]
    if classes:
        if len({plain(each.ingress_class) for each in classes}) > 1:
            lowering.problem(
                "conflicting-settings",
                "".join((plain(workload.name), " is exposed by two ingress classes")),
                classes[-1].origin,
                "one Ingress has one class: use the same, or an Ingress(...) of its own",
            )
            spec["ingressClassName"] = classes[0].ingress_class
        else:
            spec["ingressClassName"] = reduce(common, (each.ingress_class for each in classes))
    by_host: dict[str, list[Exposure]] = {}
    for exposure in exposures:
        by_host.setdefault(str(exposure.domain), []).append(exposure)
    spec["rules"] = [_rule(workload, group) for group in by_host.values()]
    secured = [each for each in exposures if each.tls]
    if secured:
        by_secret: dict[tuple[Any, Any], list[Exposure]] = {}
        for exposure in secured:
            by_secret.setdefault((exposure.tls, plain(exposure.domain)), []).append(exposure)
        spec["tls"] = [_certificate(workload, group) for group in by_secret.values()]
    made = header("Ingress", "networking.k8s.io/v1", metadata(workload), spec)
    return because(sole(exposures), made)


def _rule(workload: Workload, group: list[Exposure]) -> Object:
    domain = group[0].domain
    paths = [_path(workload, exposure) for exposure in group]
    host = domain if len(group) == 1 else plain(domain)
    return because(sole(group), {"host": host, "http": {"paths": paths}})


def _path(workload: Workload, exposure: Exposure) -> Object:
    service = {"name": workload.name, "port": _backend_port(workload, exposure)}
    return because(
        exposure,
        {"path": exposure.path, "pathType": "Prefix", "backend": {"service": service}},
    )


def _backend_port(workload: Workload, exposure: Exposure) -> Object:
    wanted = exposure.port
    if wanted is None:
        return standing({"name": http_port(workload.service_ports).name})
    return {"name" if isinstance(wanted, str) else "number": wanted}


def _certificate(workload: Workload, group: list[Exposure]) -> Object:
    """Return the certificate of one host, which several paths below it share."""
    made: Object = reduce(common, (_certificate_for(workload, each) for each in group))
    return because(sole(group), made)


def _certificate_for(workload: Workload, exposure: Exposure) -> Object:
    given = exposure.tls
    secret = given if isinstance(given, str) else because(given, workload.name + "-tls")
    return {"hosts": [exposure.domain], "secretName": secret}


def _http_route(workload: Workload, exposures: list[Exposure]) -> Object:
    """Return the route of the last of these; its name tells how many there are before it."""
    *earlier, exposure = exposures
    name = workload.name
    if earlier:
        name = because(all_of(*earlier), name + "-" + str(len(exposures)))
    port = exposure.port
    backend = http_port(workload.service_ports)
    if isinstance(port, str):
        backend = next((each for each in workload.service_ports if each.name == port), backend)
    number_ = port if isinstance(port, int) else because(port, _number(backend))
    match = {"path": {"type": "PathPrefix", "value": exposure.path}}
    rule = {"matches": [match], "backendRefs": [{"name": workload.name, "port": number_}]}
    spec = {
        "parentRefs": [{"name": exposure.gateway}],
        "hostnames": [exposure.domain],
        "rules": [rule],
    }
    meta = metadata(workload, name)
    return because(exposure, header("HTTPRoute", "gateway.networking.k8s.io/v1", meta, spec))


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


def ingress(lowering: Lowering, resource: Ingress) -> Object:
    """Return an Ingress that a user describes."""
    spec: Object = {}
    if resource.ingress_class is not None:
        spec["ingressClassName"] = resource.ingress_class
    by_host: dict[str | None, list[Route]] = {}
    for route in resource.routes:
        by_host.setdefault(_host_name(route), []).append(route)
    if by_host:
        spec["rules"] = [_route_rule(group, by_host.keys()) for group in by_host.values()]
    _report_missing_paths(lowering, resource)
    if resource.certificates:
        spec["tls"] = [_certificate_of(each) for each in resource.certificates]
    return header("Ingress", "networking.k8s.io/v1", metadata(resource), spec)


def _report_missing_paths(lowering: Lowering, resource: Ingress) -> None:
    followed = [route.host for route in resource.routes]
    missing: list[Any] = [host for host in resource.hosts if host not in followed]
    for incomplete in missing or ([] if resource.routes else [resource]):
        message = "".join((plain(incomplete.name), " has no path, so that it leads nowhere"))
        hint = 'call .path("/", service, port) after it'
        lowering.problem("missing-setting", message, incomplete.origin, hint)


def _host_name(route: Route) -> str | None:
    return None if route.host is None else plain(route.host.name)


def _route_rule(group: list[Route], hosts: Collection[str | None]) -> Object:
    """Return the rule of one host; ``hosts`` are all that there are rules of."""
    given = [_deciding_host(route, group, hosts) for route in group]
    paths = [_route_path(route, host) for route, host in zip(group, given, strict=True)]
    made: Object = {}
    if group[0].host is not None:
        made["host"] = reduce(common, [route.host.name for route in group if route.host])
    return because(all_of(sole(group), sole(given)), {**made, "http": {"paths": paths}})


def _deciding_host(route: Route, group: list[Route], hosts: Collection[str | None]) -> Placed:
    """Return the call by which a path is in this rule, and would be in another without it."""
    host = route.host
    if host is None:
        return NOBODY
    others = {*hosts} - {plain(host.name)}
    is_shared = any(each.host is not host for each in group)
    is_decided = is_shared or others - {None} or (None in others and host.before is None)
    return Cause(host.origin) if is_decided else NOBODY


def _route_path(route: Route, host: Placed) -> Object:
    backend = {"service": {"name": route.service, "port": _route_port(route)}}
    made = {"path": route.path, "pathType": route.path_type, "backend": backend}
    return because(all_of(route, host), made)


def _route_port(route: Route) -> Object:
    return {"name" if isinstance(route.port, str) else "number": route.port}


def _certificate_of(certificate: Any) -> Object:
    made: Object = {"hosts": list(certificate.hosts)} if certificate.hosts else {}
    return because(certificate, {**made, "secretName": certificate.secret})


def selected(lowering: Lowering, by: Resource, chosen: Selected) -> Object:
    """Return the labels by which pods are selected."""
    if chosen.workload is not None:
        found = selector(lowering.inheriting(chosen.workload(), by.namespace))
    else:
        found = dict(chosen.labels or {})
    labels = {key: because(chosen, value) for key, value in found.items()}
    return because(chosen, labels) if causes(chosen.origin) else standing(labels)
