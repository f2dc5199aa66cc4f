"""Ports: for the other services, and on the host where a workload is exposed."""

from __future__ import annotations

from typing import Any

from k8sgen_core.carriers import all_of, because, deep_origins, origin_of, placed, plain
from k8sgen_core.compose.project import Object, Project
from k8sgen_core.compose.resources import replicas
from k8sgen_core.model import Container, Workload
from k8sgen_core.parts import Exposure, Port
from k8sgen_core.sharing import replacing


def exposed(project: Project, owner: Container) -> list[str]:
    """Return the ports that other services reach; those of companions are the main one's."""
    if not isinstance(owner, Workload):
        return []
    inside = [(port, added) for added in owner.companions for port in _ports(added.resource)]
    found: dict[str, str] = {}
    for port, added in [*((port, None) for port in owner.ports), *inside]:
        text = because(all_of(port, added), _text(port))
        found.setdefault(plain(text), text)
        if port.service_port is not None and port.service_port != port.number:
            project.cannot(
                f"Docker Compose has no Services: {plain(owner.name)} is reached on port "
                f"{int(port.number)}, not on {int(port.service_port)}",
                origin_of(port.service_port) or port.origin,
                "call the port that the container listens on",
            )
    return list(found.values())


def _ports(companion: Any) -> tuple[Port, ...]:
    ports: tuple[Port, ...] = companion.ports
    return ports


def _text(port: Port) -> str:
    number = str(port.number)
    return number if port.protocol == "TCP" else number + "/" + port.protocol.lower()


def published(project: Project, owner: Workload) -> Object:
    """Return the ports on the host, one for each port that is exposed."""
    found: dict[int, Object] = {}
    for exposure in owner.exposures:
        port = _port(owner, exposure)
        _report_route(project, owner, exposure)
        if port is not None and int(port.number) not in found:
            found[int(port.number)] = because(exposure, _published(project, owner, port, exposure))
    return {"ports": list(found.values())} if found else {}


def _port(owner: Workload, exposure: Exposure) -> Port | None:
    wanted, ports = exposure.port, owner.service_ports
    if wanted is None:
        return ports[0] if ports else None
    return next((p for p in ports if wanted in (p.name, p.number, p.service_port)), None)


def _published(project: Project, owner: Workload, port: Port, exposure: Exposure) -> Object:
    number = port.number if port.service_port is None else port.service_port
    protocol = port.protocol.lower()
    key = (int(number), plain(protocol))
    taken = project.published.setdefault(key, plain(owner.name))
    made: Object = {"target": port.number}
    count = replicas(owner)
    if taken != plain(owner.name):
        _report_free(project, owner, exposure, f"{taken} has port {int(number)} of the host")
    elif count is not None and count > 1:
        why = f"{int(count)} containers cannot share port {int(number)} of the host"
        _report_free(project, owner, exposure, why)
    else:
        made["published"] = str(number)
    if protocol != "tcp":
        made["protocol"] = protocol
    if exposure.port is not None or len(owner.service_ports) == 1:
        return because(port, made)
    # Without this port it would be the next one.
    return {key: placed(value, replacing(origin_of(value))) for key, value in made.items()}


def _report_free(project: Project, owner: Workload, exposure: Exposure, why: str) -> None:
    name = plain(owner.name)
    project.cannot(
        f"{why}: Docker Compose chooses a free one for {name}",
        exposure.origin,
        f"docker compose port {name} shows which",
    )


def _report_route(project: Project, owner: Workload, exposure: Exposure) -> None:
    if exposure.via == "loadbalancer" and exposure.domain is None:
        return
    project.cannot(
        f"Docker Compose has no routes: {plain(owner.name)} is published on a port of the host, "
        f"not as {plain(exposure.domain)}",
        deep_origins(exposure.domain) or exposure.origin,
        'add a proxy as a service, or expose(via="loadbalancer")',
    )
