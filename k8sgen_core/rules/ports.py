"""Ports: that their names and numbers are possible, and lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from k8sgen_core.grammar import ArgumentError, did_you_mean
from k8sgen_core.grammar.names import port_name
from k8sgen_core.rules.manifest import TEMPLATES, Container, Manifest, Path, Pod, items
from k8sgen_core.rules.rule import Flaw, rule

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


@rule("unknown-target-port", on=Manifest, kinds=_SERVICE)
def unknown_target_port(manifest: Manifest) -> Iterator[Flaw]:
    """Flag Services that lead to a port which none of their pods has."""
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
    known = {name for each in found for name in _names_of(each.pod)}
    for index, port in named if found else ():
        if port not in known:
            yield Flaw(
                ("spec", "ports", index, "targetPort"),
                f"{found[0].title}, which {manifest.title} selects, has no port named {port!r}",
                _meant(port, sorted(known)),
            )


def _meant(port: str, known: Sequence[str]) -> str:
    import difflib  # Most Services lead to what is there.

    near = did_you_mean(*difflib.get_close_matches(port, known, 1))
    return near or f"its ports: {', '.join(known) or 'none with a name'}"


def _names_of(pod: Pod | None) -> Iterator[str]:
    for container in pod.containers if pod else ():
        for _, each in items(container.value, "ports"):
            if isinstance(each.get("name"), str):
                yield each["name"]


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
