"""Ports, as setters describe them and refer to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8sgen_core.builders.arguments import checked
from k8sgen_core.carriers import Origins, all_of, because
from k8sgen_core.grammar import names, ports
from k8sgen_core.parts import Port

_NAMES = {80: "http", 443: "https"}


def named(number: Any, name: Any, protocol: Any, origin: Origins, service_port: Any = None) -> Port:
    """Return the port that a call describes; one without a name gets one."""
    default = because(all_of(number, protocol), _name(number, protocol))
    return Port(
        number=number,
        name=default if name is None else name,
        protocol=protocol,
        service_port=service_port,
        origin=origin,
    )


def _name(number: int, protocol: str) -> str:
    """Return a name that depends on nothing else, so that no other port renames it."""
    if protocol != "TCP":
        return f"port-{int(number)}-{protocol.lower()}"
    return _NAMES.get(number) or f"port-{int(number)}"


def port_reference(value: Any) -> Any:
    """Return a port's number, or the name of one."""
    return names.port_name(value) if isinstance(value, str) else ports.port(value)


def allowed(value: Any) -> Mapping[str, Any]:
    """Return the port of a policy: a number or a name, with its protocol in ``"53/UDP"``."""
    if not isinstance(value, str) or "/" not in value:
        return {"port": checked(port_reference, value)}
    port, protocol = checked(ports.with_protocol, value)
    return {"port": because(value, port), "protocol": because(value, protocol)}
