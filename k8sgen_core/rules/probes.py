"""Probes: how Kubernetes learns that a container works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.rules.manifest import Container, Path, Pod, items, mapping
from k8sgen_core.rules.rule import Flaw, rule

_ASKING = ("httpGet", "tcpSocket", "grpc")
_DEFAULTS: Mapping[str, Any] = {
    "failureThreshold": 3,
    "initialDelaySeconds": 0,
    "periodSeconds": 10,
    "successThreshold": 1,
    "timeoutSeconds": 1,
}


@rule("no-readiness-probe", on=Container)
def no_readiness_probe(container: Container) -> Iterator[Flaw]:
    """Flag containers of which nobody can say when they are ready."""
    return _unprobed(container, "readinessProbe", "readiness")


@rule("no-liveness-probe", on=Container)
def no_liveness_probe(container: Container) -> Iterator[Flaw]:
    """Flag containers that nobody restarts when they hang."""
    return _unprobed(container, "livenessProbe", "liveness")


def _unprobed(container: Container, field: str, what: str) -> Iterator[Flaw]:
    if container.field == "containers" and not container.value.get(field) and _stays(container.pod):
        hint = f"set {field}, in the DSL .health_checks({what}_probe=...)"
        if not _can_be_asked(container):
            hint += " with a command, or with a port: .port(...)"
        yield Flaw((), f"the container {container.name!r} has no {what} probe", hint)


def _can_be_asked(container: Container) -> bool:
    """Has it a port that HTTP can be spoken to?"""
    ports = (port for _, port in items(container.value, "ports"))
    return any(port.get("protocol") in (None, "TCP") for port in ports)


def _stays(pod: Pod) -> bool:
    """Do the pods run until somebody ends them?"""
    kind = pod.manifest.kind
    if kind == "Pod":
        return pod.spec.get("restartPolicy") in (None, "Always")
    return kind not in ("Job", "CronJob")


@rule("identical-probes", on=Container)
def identical_probes(container: Container) -> Iterator[Flaw]:
    """Flag a container that is restarted as soon as it is not ready."""
    ready, alive = container.value.get("readinessProbe"), container.value.get("livenessProbe")
    if ready and alive and _complete(ready) == _complete(alive):
        yield Flaw(
            ("livenessProbe", *_asked(alive)),
            f"the probes of the container {container.name!r} are identical,"
            " so that it is restarted as soon as it is not ready",
            "ask something that only fails when a restart helps, or let it fail more often",
        )


def _asked(probe: Any) -> Path:
    """Return where a probe says what it asks."""
    for way, what in (("httpGet", "path"), ("exec", "command"), ("tcpSocket", "port")):
        if what in mapping(probe, way):
            return way, what
    return ()


def _complete(probe: Any) -> Mapping[str, Any]:
    said = {key: value for key, value in mapping(probe).items() if value is not None}
    said.pop("terminationGracePeriodSeconds", None)
    return {**_DEFAULTS, **said}


@rule("liveness-port", on=Container)
def liveness_port(container: Container) -> Iterator[Flaw]:
    """Flag liveness probes that ask a port which the container does not have."""
    return _misdirected(container, "livenessProbe")


@rule("readiness-port", on=Container)
def readiness_port(container: Container) -> Iterator[Flaw]:
    """Flag readiness probes that ask a port which the container does not have."""
    return _misdirected(container, "readinessProbe")


@rule("startup-port", on=Container)
def startup_port(container: Container) -> Iterator[Flaw]:
    """Flag startup probes that ask a port which the container does not have."""
    return _misdirected(container, "startupProbe")


def _misdirected(container: Container, field: str) -> Iterator[Flaw]:
    probe = container.value.get(field)
    if not probe:
        return
    for way in _ASKING:
        asked = mapping(probe, way)
        port = asked.get("port")
        if isinstance(port, str | int) and not isinstance(port, bool) and not asked.get("host"):
            yield from _unexposed(container, port, (field, way, "port"))


def _unexposed(container: Container, port: str | int, path: Path) -> Iterator[Flaw]:
    number = int(port) if isinstance(port, str) and port.isdecimal() else port
    step = "name" if isinstance(number, str) else "containerPort"
    ports = [each for _, each in items(container.value, "ports") if each.get(step) == number]
    if any(each.get("protocol") in (None, "TCP") for each in ports):
        return
    asks = f"the {path[0]} of the container {container.name!r} asks the port {port!r}"
    if ports:
        # The same number may well be open for TCP, too.
        message = f"{asks}, which it declares for {ports[0].get('protocol')} only"
        yield Flaw(path, message, "declare it for TCP, which probes use", "warning")
    elif isinstance(number, str):
        yield Flaw(path, f"{asks}, which it does not have", _meant(container, number))
    else:
        # Kubernetes asks it all the same: that a port is declared only tells others.
        yield Flaw(path, f"{asks}, which it does not declare", "add it to its ports", "warning")


def _meant(container: Container, port: str) -> str:
    import difflib  # Most probes ask what is there.

    known = [each for _, each in items(container.value, "ports")]
    over_tcp = [each.get("name") for each in known if each.get("protocol") in (None, "TCP")]
    names = [name for name in over_tcp if isinstance(name, str)]
    near = did_you_mean(*difflib.get_close_matches(port, names, 1))
    return near or f"correct it, or name a port {port!r}"
