"""Ports: that their names and numbers are possible, and lead somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from k8sgen_core.grammar import ArgumentError, did_you_mean
from k8sgen_core.grammar.names import port_name
from k8sgen_core.rules.manifest import TEMPLATES, Container, Manifest, Pod, items, mapping
from k8sgen_core.rules.rule import Flaw, Path, rule

_SERVICE = ("Service",)


@rule("invalid-target-ports", on=Manifest, kinds=(*_SERVICE, *TEMPLATES))
def invalid_target_ports(manifest: Manifest) -> Iterator[Flaw]:
    """Flag names and numbers of ports that Kubernetes refuses."""
    if manifest.kind == "Service":
        for index, each in items(manifest.spec, "ports"):
            refusal = _of_port(each.get("targetPort"))
            if refusal is not None:
                at = ("spec", "ports", index, "targetPort")
                yield Flaw(at, f"a port of {manifest.title}: {refusal[0]}", refusal[1])
        return
    for container in manifest.pod.containers if manifest.pod else ():
        for index, each in items(container.value, "ports"):
            name = each.get("name")
            refusal = _of_port(name) if isinstance(name, str) else None
            if refusal is not None:
                path = (*container.path, "ports", index, "name")
                message = f"a port of the container {container.name!r}: {refusal[0]}"
                yield Flaw(path, message, refusal[1])


def _of_port(port: Any) -> tuple[str, str | None] | None:
    if not port or isinstance(port, bool):
        return None
    if isinstance(port, int) and not 1 <= port <= 65535:
        return f"{port} is no port number, which are from 1 to 65535", "correct the number"
    return _refusal(port) if isinstance(port, str) else None


@lru_cache(maxsize=1024)
def _refusal(name: str) -> tuple[str, str | None] | None:
    try:
        port_name(name)
    except ArgumentError as error:
        return error.message, error.hint
    return None


@rule("unknown-target-port", on=Manifest, kinds=(*_SERVICE, "NetworkPolicy"))
def unknown_target_port(manifest: Manifest) -> Iterator[Flaw]:
    """Flag Services and policies that name a port which none of their pods has."""
    if manifest.kind == "Service":
        yield from _unknown_to_service(manifest)
    else:
        yield from _unknown_to_policy(manifest)


def _unknown_to_service(manifest: Manifest) -> Iterator[Flaw]:
    selector = manifest.spec.get("selector")
    named = [
        (index, each["targetPort"])
        for index, each in items(manifest.spec, "ports")
        if isinstance(each.get("targetPort"), str) and not each["targetPort"].isdecimal()
    ]
    if not named or not selector:
        return
    around = {"matchLabels": selector}
    found = list(manifest.cluster.running_around(around, manifest.namespace))
    known = {port.name for each in found for port in _ports_of(each.pod)}
    for index, port in named if found else ():
        if port not in known:
            yield Flaw(
                ("spec", "ports", index, "targetPort"),
                f"{found[0].title}, which {manifest.title} selects, has no port named {port!r}",
                _meant(port, known),
            )


def _unknown_to_policy(manifest: Manifest) -> Iterator[Flaw]:
    for side in ("ingress", "egress"):
        for index, traffic in items(manifest.spec, side):
            given = list(items(traffic, "ports"))
            pods = _pods_of(manifest, traffic if side == "egress" else None) if given else []
            said = [_spoken(port) for _, port in given]
            for number, port in given if pods else ():
                path = ("spec", side, index, "ports", number)
                yield from _unknown_to_pods(manifest, path, port, pods, said)


def _spoken(port: Mapping[str, Any]) -> tuple[Any, str]:
    """Return the port of a policy and its protocol."""
    return port.get("port"), port.get("protocol") or "TCP"


def _pods_of(policy: Manifest, traffic: Mapping[str, Any] | None) -> list[Manifest]:
    """Return what runs the pods whose ports are meant; nothing if others may be meant too."""
    selectors = [mapping(policy.spec, "podSelector")]
    if traffic is not None:
        peers = [peer for _, peer in items(traffic, "to")]
        if any(peer.keys() != {"podSelector"} for peer in peers):
            return []
        selectors = [mapping(peer, "podSelector") for peer in peers]
    around = policy.cluster.running_around
    return [each for selector in selectors for each in around(selector, policy.namespace)]


def _unknown_to_pods(
    policy: Manifest,
    path: Path,
    port: Mapping[str, Any],
    pods: Sequence[Manifest],
    said: Collection[tuple[Any, str]],
) -> Iterator[Flaw]:
    wanted, protocol = _spoken(port)
    known = [(one, each) for one in pods for each in _ports_of(one.pod)]
    found = [(one, each) for one, each in known if wanted in (each.number, each.name)]
    if any(each.protocol == protocol for _, each in found) or "endPort" in port:
        return
    # DNS is asked in both, whichever of them is declared.
    if any((wanted, each.protocol) in said for _, each in found):
        return
    if found:
        [(one, each), *_] = found
        message = f"the port {wanted!r} of {one.title} speaks {each.protocol}, not {protocol}"
        hint = f"say '{wanted}/{each.protocol}', in YAML protocol: {each.protocol}"
        yield Flaw((*path, "port"), message, hint, "warning")
    elif isinstance(wanted, str):
        message = f"{pods[0].title}, which {policy.title} is about, has no port named {wanted!r}"
        hint = _meant(wanted, {each.name for _, each in known})
        yield Flaw((*path, "port"), message, hint, "warning")


def _meant(port: str, known: Iterable[str]) -> str:
    import difflib  # Most Services lead to what is there.

    named = sorted(filter(None, known))
    near = did_you_mean(*difflib.get_close_matches(port, named, 1))
    return near or f"its ports: {', '.join(named) or 'none with a name'}"


class _Listening(NamedTuple):
    """A port that a container declares."""

    number: Any
    name: str
    protocol: Any


def _ports_of(pod: Pod | None) -> Iterator[_Listening]:
    for container in pod.containers if pod else ():
        for _, each in items(container.value, "ports"):
            name = each.get("name")
            named = name if isinstance(name, str) else ""
            yield _Listening(each.get("containerPort"), named, each.get("protocol") or "TCP")


@rule("shared-container-port", on=Pod)
def shared_container_port(pod: Pod) -> Iterator[Flaw]:
    """Flag ports that two containers of a pod have."""
    seen: dict[tuple[str, str], Container] = {}
    for container in pod.containers:
        for claim, path in () if container.is_init else _claims(container):
            first = seen.setdefault(claim, container)
            if first is not container:
                yield Flaw(
                    (*container.inner, *path),
                    f"ports of the containers {first.name!r} and {container.name!r}"
                    f" have the {' '.join(claim)}",
                    "change one of them, or leave it out",
                )


def _claims(container: Container) -> Iterator[tuple[tuple[str, str], Path]]:
    for index, each in items(container.value, "ports"):
        path = ("ports", index)
        name, number = each.get("name"), each.get("containerPort")
        if isinstance(name, str) and name:
            yield ("name", name), (*path, "name")
        if isinstance(number, int):
            protocol = each.get("protocol") or "TCP"
            yield ("number", f"{number}/{protocol}"), (*path, "containerPort")
