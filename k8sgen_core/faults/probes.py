"""What an API server refuses of probes and hooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.faults.fault import (
    Check,
    Fault,
    Object,
    conflict,
    each,
    exactly_one,
    fields,
    missing,
    one_of,
)
from k8sgen_core.faults.words import not_negative, port, port_number, positive
from k8sgen_core.grammar import shown

# How long a pod may take to stop where nothing is said.
GRACE = 30
_HEADER = re.compile("[-A-Za-z0-9]+")
_ACTIONS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOKS = ("exec", "httpGet", "tcpSocket", "sleep")


def _header(value: str) -> list[Fault]:
    if _HEADER.fullmatch(value):
        return []
    return [Fault("invalid-name", (), f"{shown(value)} is not the name of an HTTP header")]


def _exec(value: Object) -> list[Fault]:
    return [] if value.get("command") else [missing("command", "there is nothing to run")]


_ACTION: Mapping[str, Check] = {
    "exec": _exec,
    "httpGet": fields(
        {
            "port": port,
            "scheme": one_of("HTTP", "HTTPS"),
            "httpHeaders": each(fields({"name": _header})),
        }
    ),
    "tcpSocket": fields({"port": port}),
    "grpc": fields({"port": port_number}),
}
_PROBE = fields(
    {
        **_ACTION,
        **dict.fromkeys(
            (
                "initialDelaySeconds",
                "timeoutSeconds",
                "periodSeconds",
                "successThreshold",
                "failureThreshold",
            ),
            not_negative,
        ),
        "terminationGracePeriodSeconds": positive,
    }
)
_HOOK = fields(_ACTION)


def probe(kind: str, value: Object) -> Iterator[Fault]:
    """Yield what is refused of a probe of a kind."""
    yield from exactly_one(f"what a {kind} asks", _ACTIONS, value)
    yield from _PROBE(value)
    if kind == "readinessProbe":
        if value.get("terminationGracePeriodSeconds") is not None:
            message = "a readiness probe ends no container, and so has no grace period"
            hint = "set it on the liveness or startup probe"
            yield conflict(("terminationGracePeriodSeconds",), message, hint)
    elif (threshold := value.get("successThreshold")) not in (None, 0, 1) and threshold > 0:
        yield Fault(
            "invalid-value",
            ("successThreshold",),
            f"the success threshold of a {kind} is 1, not {threshold}",
            "leave it out: only a readiness probe can have another",
        )


def lifecycle(hooks: Object, grace: int, minor: int) -> Iterator[Fault]:
    """Yield what is refused of the hooks of a container."""
    for name in ("postStart", "preStop"):
        hook: Mapping[str, Any] | None = hooks.get(name)
        if hook is None:
            continue
        found = [*exactly_one(f"the action of {name}", _HOOKS, hook), *_HOOK(hook)]
        seconds = (hook.get("sleep") or {}).get("seconds")
        if seconds is not None:
            found += [each.at("sleep", "seconds") for each in _sleep(seconds, grace, minor)]
        yield from (each.at(name) for each in found)


def _sleep(seconds: int, grace: int, minor: int) -> Iterator[Fault]:
    command = 'run a command, for example ["sleep", "5"]'
    if minor < 30:
        message = f"Kubernetes 1.{minor} cannot sleep in a hook unless its cluster enables it"
        yield Fault("setting-not-supported", (), message, command)
    elif seconds == 0 and minor < 33:
        message = f"Kubernetes 1.{minor} refuses a hook that sleeps 0 seconds"
        yield Fault("setting-not-supported", (), message, "leave it out")
    if seconds < 0:
        yield from not_negative(seconds)
    if seconds > grace:
        message = f"the hook sleeps {seconds} s, and the pod has {grace} s to stop"
        hint = f'call .lifecycle(termination_grace_period="{seconds + GRACE}s")'
        yield conflict((), message, hint)
