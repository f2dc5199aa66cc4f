"""How workloads are reached from outside the cluster: Ingresses, HTTPRoutes."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from typing import Any

from k8sgen_core.carriers import (
    NOBODY,
    Cause,
    Placed,
    all_of,
    because,
    deep_origins,
    plain,
    sole,
    standing,
)
from k8sgen_core.kubernetes.lowered import Lowering, Object, Problem
from k8sgen_core.kubernetes.metadata import header, metadata
from k8sgen_core.kubernetes.networking import http_port, number_in_service
from k8sgen_core.model import Ingress, Workload
from k8sgen_core.parts import Exposure, Route
from k8sgen_core.sharing import common


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
    _report_repeated(lowering, workload)
    ingresses = [each for each in workload.exposures if each.via == "ingress"]
    made = [_ingress(lowering, workload, ingresses)] if ingresses else []
    gateways = [each for each in workload.exposures if each.via == "gateway"]
    made += [_http_route(workload, gateways[:end]) for end in range(1, len(gateways) + 1)]
    return made


def _report_repeated(lowering: Lowering, workload: Workload) -> None:
    """Report what is exposed at one place again, which never gets a request."""
    seen: dict[Any, Exposure] = {}
    for exposure in workload.exposures:
        place = tuple(map(plain, (exposure.via, exposure.domain, exposure.path, exposure.gateway)))
        first = seen.setdefault(place, exposure)
        if first is exposure:
            continue
        at = "".join((exposure.domain or exposure.via, exposure.path))
        message = " ".join((plain(workload.name), "is exposed at", plain(at), "already"))
        if _port_of(workload, first) != _port_of(workload, exposure):
            hint = "one path leads to one port: leave one of the calls out, or give it a path"
            lowering.problem("conflicting-settings", message, exposure.origin, hint)
        elif all(map(_is_the_same, _rest_of(first), _rest_of(exposure))):
            hint = "leave the call out"
            problem = Problem("no-effect", message, exposure.origin, hint, "info")
            lowering.problems.append(problem)


def _port_of(workload: Workload, exposure: Exposure) -> Any:
    """Return the port of the Service that is meant, by its number if it is known."""
    wanted = plain(exposure.port)
    known = workload.service_ports
    if wanted is None:
        return plain(number_in_service(http_port(known)))
    named = (number_in_service(each) for each in known if plain(each.name) == wanted)
    return plain(next(named, wanted))


def _rest_of(exposure: Exposure) -> tuple[Any, ...]:
    return (exposure.tls or None, exposure.ingress_class)


def _is_the_same(old: Any, new: Any) -> bool:
    return new is None or plain(old) == plain(new)


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
    known = [(plain(p.name), plain(number_in_service(p))) for p in workload.service_ports]
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
    by_path: dict[str, list[Object]] = {}
    for exposure in group:
        by_path.setdefault(plain(exposure.path), []).append(_path(workload, exposure))
    paths = [reduce(common, made) for made in by_path.values()]
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
    number_ = port if isinstance(port, int) else because(port, number_in_service(backend))
    match = {"path": {"type": "PathPrefix", "value": exposure.path}}
    rule = {"matches": [match], "backendRefs": [{"name": workload.name, "port": number_}]}
    spec = {
        "parentRefs": [{"name": exposure.gateway}],
        "hostnames": [exposure.domain],
        "rules": [rule],
    }
    meta = metadata(workload, name)
    return because(exposure, header("HTTPRoute", "gateway.networking.k8s.io/v1", meta, spec))


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
    # A host may be said again, for its certificate.
    followed = {_host_name(route) for route in resource.routes}
    missing: list[Any] = [host for host in resource.hosts if plain(host.name) not in followed]
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
