"""References: what Services, routes, autoscalers and monitors name is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8sgen_core.findings import Severity
from k8sgen_core.grammar import did_you_mean
from k8sgen_core.rules.cluster import UNSAID, matches
from k8sgen_core.rules.manifest import Manifest, items, mapping, sequence
from k8sgen_core.rules.relations import SCALERS, target
from k8sgen_core.rules.rule import Flaw, Path, rule

# Labels that controllers give to single pods, which no template has.
_OF_SINGLE_PODS = frozenset(("apps.kubernetes.io/pod-index", "statefulset.kubernetes.io/pod-name"))
_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "Route")
# By this "port" a backend names an annotation of the AWS load balancer's.
_BY_ANNOTATION = "use-annotation"


def _absent(manifest: Manifest, kind: str) -> Severity | None:
    """
    Return how severe it is that something is not among the objects.

    It may exist elsewhere, unless others of its kind and namespace are here; and it may be
    made by an operator.
    """
    cluster = manifest.cluster
    others = cluster.by_kind.get(kind, ())
    is_certain = not cluster.is_operated and any(
        each.namespace == manifest.namespace and each is not manifest for each in others
    )
    return None if is_certain else "warning"


@rule("dangling-service", on=Manifest, kinds=("Service",))
def dangling_service(manifest: Manifest) -> Iterator[Flaw]:
    """Flag Services that no pod is behind."""
    said = mapping(manifest.spec, "selector")
    selector = {key: value for key, value in said.items() if key not in _OF_SINGLE_PODS}
    if not selector or manifest.spec.get("type") == "ExternalName":
        return
    cluster, namespace = manifest.cluster, manifest.namespace
    for around in cluster.around(namespace):
        if next(cluster.with_labels(selector, around), None) is not None:
            return
    labels = ", ".join(f"{key}={value}" for key, value in selector.items())
    wrong, meant = _meant_label(manifest, selector)
    yield Flaw(
        ("spec", "selector", *wrong),
        f"{manifest.title} selects no pod here: none has {labels}",
        did_you_mean(meant) or "correct the labels, or add what runs the pods",
        _unselected(manifest, selector),
    )


def _meant_label(
    manifest: Manifest, selector: Mapping[str, Any]
) -> tuple[tuple[str, ...], str | None]:
    """Return the one label that keeps a Service from pods, and the value that it nearly has."""
    import difflib  # Most objects refer to what is there.

    near: dict[tuple[str, str], None] = {}
    for each in manifest.cluster.running(manifest.namespace):
        known = each.pod.labels if each.pod is not None else {}
        wrong = [key for key, value in selector.items() if known.get(key) != value]
        value = known.get(wrong[0]) if len(wrong) == 1 else None
        if isinstance(value, str) and difflib.get_close_matches(str(selector[wrong[0]]), [value]):
            near[wrong[0], value] = None
    if len(near) != 1:
        return (), None
    [(key, value)] = near
    return (key,), value


def _unselected(manifest: Manifest, selector: Mapping[str, Any]) -> Severity | None:
    """Return how severe it is: a label that no template knows may be set on running pods."""
    cluster = manifest.cluster
    if cluster.is_operated:
        return "warning"
    pods = [each.pod for each in cluster.running(manifest.namespace) if each.pod is not None]
    known = all(any(key in pod.labels for pod in pods) for key in selector)
    return None if known else "warning"


@rule("dangling-ingress", on=Manifest, kinds=("Ingress",))
def dangling_ingress(manifest: Manifest) -> Iterator[Flaw]:
    """Flag backends of an Ingress that are no Service, or no port of it."""
    for path, service in _backends(manifest.spec):
        port = mapping(service, "port")
        if port.get("name") == _BY_ANNOTATION:
            continue
        name = service.get("name")
        wanted = port.get("name") or port.get("number")
        step = ("port", "name" if port.get("name") else "number")
        yield from _of_service(manifest, (name, manifest.namespace), wanted, (path, "name", step))


def _backends(spec: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield ("spec", "defaultBackend", "service"), mapping(spec, "defaultBackend", "service")
    for index, each in items(spec, "rules"):
        for number, path in items(each, "http", "paths"):
            steps = ("spec", "rules", index, "http", "paths", number, "backend", "service")
            yield steps, mapping(path, "backend", "service")


def _of_service(
    manifest: Manifest,
    service: tuple[Any, str],
    port: Any,
    where: tuple[Path, str, Path],
) -> Iterator[Flaw]:
    """Yield what is wrong with a reference to a Service, by name and namespace, and its port."""
    name, namespace = service
    path, naming, step = where
    if not isinstance(name, str) or not name:
        return
    cluster = manifest.cluster
    found = cluster.found("Service", name, namespace)
    if found is None:
        yield Flaw(
            (*path, naming),
            f"{manifest.title} leads to the Service {name!r}, which is not here",
            did_you_mean(cluster.nearest("Service", name, namespace))
            or "correct the name, or add the Service",
            _absent(manifest, "Service") if namespace == manifest.namespace else "warning",
        )
    elif port is not None and not _has_port(found, port):
        yield Flaw(
            (*path, *step),
            f"{manifest.title} leads to the port {port!r} of {found.title}, which has no such port",
            _meant(port, (found,)),
        )


def _has_port(service: Manifest, port: Any) -> bool:
    if service.spec.get("type") == "ExternalName" and not service.spec.get("ports"):
        return True
    return any(
        port in (each.get("name"), each.get("port")) for _, each in items(service.spec, "ports")
    )


def _meant(port: Any, services: Sequence[Manifest]) -> str:
    """Return the hint that says which port of Services was meant, else which ones they have."""
    import difflib  # Most objects refer to what is there.

    ports = [each for service in services for _, each in items(service.spec, "ports")]
    names = [name for each in ports if isinstance(name := each.get("name"), str)]
    near = difflib.get_close_matches(port, names, 1) if isinstance(port, str) else ()
    return did_you_mean(*near) or f"use {_ports_of(services[0])}"


def _ports_of(service: Manifest) -> str:
    ports = [str(each.get("name") or each.get("port")) for _, each in items(service.spec, "ports")]
    return " or ".join(ports) or "a Service with ports"


@rule("dangling-route", on=Manifest, kinds=_ROUTES)
def dangling_route(manifest: Manifest) -> Iterator[Flaw]:
    """Flag backends of a route that are no Service, or no port of it."""
    for path, backend in _route_backends(manifest):
        if backend.get("kind") in (None, "Service") and not backend.get("group"):
            namespace = str(backend.get("namespace") or manifest.namespace)
            service = (backend.get("name"), namespace)
            where = (path, "name", ("port",))
            yield from _of_service(manifest, service, backend.get("port"), where)


def _route_backends(manifest: Manifest) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if manifest.group == "route.openshift.io":
        yield ("spec", "to"), mapping(manifest.spec, "to")
        for index, each in items(manifest.spec, "alternateBackends"):
            yield ("spec", "alternateBackends", index), each
    elif manifest.group == "gateway.networking.k8s.io":
        for index, each in items(manifest.spec, "rules"):
            for number, backend in items(each, "backendRefs"):
                yield ("spec", "rules", index, "backendRefs", number), backend


@rule("dangling-horizontalpodautoscaler", on=Manifest, kinds=SCALERS)
def dangling_horizontalpodautoscaler(manifest: Manifest) -> Iterator[Flaw]:
    """Flag autoscalers of something that is not there."""
    kind, name = target(manifest)
    if name and manifest.cluster.found(kind, name, manifest.namespace) is None:
        yield Flaw(
            ("spec", "scaleTargetRef", "name"),
            f"{manifest.title} scales {kind}/{name}, which is not here",
            did_you_mean(manifest.cluster.nearest(kind, name, manifest.namespace))
            or "correct the name, or add what it scales",
            _absent(manifest, kind),
        )


@rule("missing-headless-service", on=Manifest, kinds=("StatefulSet",))
def missing_headless_service(manifest: Manifest) -> Iterator[Flaw]:
    """Flag StatefulSets without the Service that gives their pods names."""
    name = manifest.spec.get("serviceName")
    if not isinstance(name, str) or not name:
        message = f"{manifest.title} names no Service, so its pods have no names in DNS"
        hint = "name a headless Service (clusterIP: None) in spec.serviceName"
        yield Flaw(("spec",), message, hint, "warning")
        return
    path = ("spec", "serviceName")
    found = manifest.cluster.found("Service", name, manifest.namespace)
    if found is None:
        message = f"{manifest.title} names the Service {name!r}, which is not here"
        services = manifest.cluster.relations.services_of(manifest)
        meant = next(filter(_is_headless, services), None)
        if meant is not None:
            yield Flaw(path, message, did_you_mean(meant.name))
        else:
            yield Flaw(path, message, "add it, with clusterIP: None", "warning")
    elif not _is_headless(found):
        message = f"{found.title}, which {manifest.title} names, is not headless"
        yield Flaw(path, message, "name a Service with clusterIP: None", "warning")


def _is_headless(service: Manifest) -> bool:
    return service.spec.get("clusterIP") == "None"


@rule("dangling-servicemonitor", on=Manifest, kinds=("ServiceMonitor",))
def dangling_servicemonitor(manifest: Manifest) -> Iterator[Flaw]:
    """Flag monitors that find no Service, or no port of theirs."""
    selector = mapping(manifest.spec, "selector")
    services = [each for each in _reached(manifest) if matches(each.labels, selector)]
    if not services:
        yield Flaw(
            ("spec", "selector"),
            f"{manifest.title} finds no Service here",
            "correct the labels or the namespaces, or add the Service",
            _absent(manifest, "Service"),
        )
        return
    names = [port.get("name") for each in services for _, port in items(each.spec, "ports")]
    for index, each in items(manifest.spec, "endpoints"):
        port = each.get("port")
        if isinstance(port, str) and port not in names:
            yield Flaw(
                ("spec", "endpoints", index, "port"),
                f"{services[0].title} has no port named {port!r}",
                _meant(port, services),
            )


def _reached(monitor: Manifest) -> Iterator[Manifest]:
    """Yield the Services in the namespaces of a monitor; its own if it names none."""
    chosen = mapping(monitor.spec, "namespaceSelector")
    names = sequence(chosen, "matchNames")
    own = monitor.namespace
    for each in monitor.cluster.by_kind.get("Service", ()):
        is_own = not names and (each.namespace == own or UNSAID in (each.namespace, own))
        if chosen.get("any") is True or is_own or each.namespace in names:
            yield each
