"""What an API server refuses of Ingresses and NetworkPolicies."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from k8sgen_core.faults.fault import (
    NONE,
    Fault,
    Object,
    conflict,
    each,
    exactly_one,
    fields,
    missing,
    one_of,
    section,
)
from k8sgen_core.faults.words import (
    address_range,
    host,
    object_name,
    port,
    port_named,
    port_number,
    protocol,
    selector,
)
from k8sgen_core.grammar import shown

_FORBIDDEN = ("//", "/./", "/../", "%2f", "%2F")
_CLASS = "kubernetes.io/ingress.class"


def ingress(made: Object) -> Iterator[Fault]:
    """Yield what is refused of an Ingress."""
    spec = made.get("spec") or {}
    found = list(_INGRESS(spec))
    if not spec.get("rules") and spec.get("defaultBackend") is None:
        message = "the Ingress has neither rules nor a default backend"
        found.append(missing("rules", message, "set rules or defaultBackend"))
    old = section(made, "metadata", "annotations").get(_CLASS)
    new = spec.get("ingressClassName")
    if old and new and old != new:
        message = f"the annotation {_CLASS} says {old!r}, and ingressClassName {new!r}"
        found.append(conflict(("ingressClassName",), message, "remove the annotation"))
    yield from (fault.at("spec") for fault in found)


def _path(value: Object) -> Sequence[Fault]:
    found = list(_PATH(value))
    kind, path = value.get("pathType"), value.get("path") or ""
    if path or kind in ("Exact", "Prefix"):
        if not path.startswith("/"):
            message = f"{shown(path)} is no absolute path"
            found.append(Fault("invalid-path", ("path",), message, "begin it with '/'"))
        elif kind in ("Exact", "Prefix"):
            found += [fault.at("path") for fault in _plain_path(path)]
    return found


def _plain_path(path: str) -> Sequence[Fault]:
    wrong = next((part for part in _FORBIDDEN if part in path), None)
    wrong = wrong or next((end for end in ("/..", "/.") if path.endswith(end)), None)
    if wrong is None:
        return NONE
    return [Fault("invalid-path", (), f"{shown(path)} must not contain {wrong!r}")]


def _backend(value: Object) -> Sequence[Fault]:
    found = [*exactly_one("a backend", ("service", "resource"), value)]
    service = value.get("service")
    if service is not None:
        found += [fault.at("service") for fault in _service(service)]
    return found


def _service(value: Object) -> Iterator[Fault]:
    yield from _SERVICE(value)
    wanted = value.get("port") or {}
    has_name, has_number = bool(wanted.get("name")), bool(wanted.get("number"))
    if has_name and has_number:
        message = "the port of a backend is a name or a number, not both"
        yield conflict(("port",), message, "remove one of the two")
    elif not has_name and not has_number:
        yield missing("port.number", "the backend names no port", "set port.number or port.name")


_SERVICE = fields(
    {
        "port": fields(
            {
                "name": lambda value: port_named(value) if value else NONE,
                "number": lambda value: port_number(value) if value else NONE,
            }
        )
    }
)
_PATH = fields(
    {"pathType": one_of("Exact", "Prefix", "ImplementationSpecific"), "backend": _backend}
)
_INGRESS = fields(
    {
        "ingressClassName": object_name,
        "defaultBackend": _backend,
        "rules": each(fields({"host": host, "http": fields({"paths": each(_path)})})),
        "tls": each(fields({"hosts": each(host), "secretName": object_name})),
    }
)


def network_policy(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a NetworkPolicy."""
    yield from (fault.at("spec") for fault in _POLICY(made.get("spec") or {}))


def _policy_port(value: Object) -> Sequence[Fault]:
    found = list(_POLICY_PORT(value))
    first, last = value.get("port"), value.get("endPort")
    if last is None or found:
        return found
    if not isinstance(first, int):
        found.append(conflict(("endPort",), "endPort needs port to be a number", "set port"))
    elif last < first:
        message = f"the ports end at {last}, before they begin at {first}"
        found.append(conflict(("endPort",), message, "exchange the two"))
    return found


def _peer(value: Object) -> Sequence[Fault]:
    found = list(_PEER(value))
    given = [name for name in _PEERS if value.get(name) is not None]
    if not given:
        found.append(
            missing("podSelector", "the peer is nobody", f"set one of {', '.join(_PEERS)}")
        )
    if "ipBlock" in given and len(given) > 1:
        message = "an ipBlock stands alone, without selectors"
        found.append(conflict(("ipBlock",), message, "make it a peer of its own"))
    return found


def _block(value: Object) -> Sequence[Fault]:
    found = list(_BLOCK(value))
    for index, inner in enumerate(value.get("except") or ()):
        if not found and not _is_inside(inner, value["cidr"]):
            message = f"{inner} is no part of {value['cidr']}"
            found.append(Fault("invalid-value", ("except", index), message, "remove it"))
    return found


def _is_inside(inner: str, outer: str) -> bool:
    try:
        small = ipaddress.ip_network(inner.strip(), strict=False)
        large = ipaddress.ip_network(outer.strip(), strict=False)
    except ValueError:
        return True
    if small.version != large.version or small.prefixlen <= large.prefixlen:
        return False
    return small.network_address in large


_PEERS = ("podSelector", "namespaceSelector", "ipBlock")
_BLOCK = fields({"cidr": address_range, "except": each(address_range)})
_PEER = fields({"podSelector": selector, "namespaceSelector": selector, "ipBlock": _block})
_POLICY_PORT = fields({"port": port, "endPort": port_number, "protocol": protocol})
_RULE = fields({"ports": each(_policy_port), "from": each(_peer), "to": each(_peer)})
_POLICY = fields(
    {
        "podSelector": selector,
        "policyTypes": each(one_of("Ingress", "Egress")),
        "ingress": each(_RULE),
        "egress": each(_RULE),
    }
)
