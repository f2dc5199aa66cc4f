"""Ports and protocols."""

from __future__ import annotations

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text
from k8sgen_core.grammar.names import port_name
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


def with_protocol(value: str) -> tuple[int | str, str]:
    """Return the two parts of ``53/UDP``: a port, by number or name, and its protocol."""
    given, _, spoken = str.partition(value, "/")
    try:
        named = port(int(given)) if given.isdecimal() else port_name(given)
    except ArgumentError as error:
        raise ArgumentError(error.rule, error.message, "write e.g. '53/UDP'") from None
    meant = spoken.strip().upper()
    if spoken not in PROTOCOLS:
        message = f"{shown(value)} does not end in a protocol: TCP, UDP or SCTP"
        hint = did_you_mean(f"{given}/{meant}") if meant in PROTOCOLS else "write e.g. '53/UDP'"
        raise ArgumentError("invalid-port", message, hint)
    return named, spoken
