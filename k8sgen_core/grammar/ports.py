"""Ports and protocols."""

from __future__ import annotations

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text
from k8sgen_core.grammar.quantity import whole_number

PROTOCOLS = ("TCP", "UDP", "SCTP")


def port(value: object) -> int:
    """Return a port number, 1 to 65535."""
    return whole_number(value, 1, 65535, "a port", "invalid-port")


def protocol(value: object) -> str:
    """Return the transport protocol of a port: TCP, UDP or SCTP."""
    given = text(value, "a protocol")
    if given not in PROTOCOLS:
        meant = given.strip().upper()
        message = f"{shown(given)} is not a protocol of a port: TCP, UDP or SCTP"
        hint = did_you_mean(meant) if meant in PROTOCOLS else "write 'TCP', also for HTTP and gRPC"
        raise ArgumentError("invalid-port", message, hint)
    return given
