"""Health checks, from the short forms that people write to what Kubernetes wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8sgen_core.builders.arguments import checked, mapping, mistyped, one_of, refusal, text, texts
from k8sgen_core.carriers import Origins
from k8sgen_core.grammar import duration, is_bool, names, paths, ports, quantity
from k8sgen_core.parts import Probe

_TIMES = {
    "initial_delay": "initialDelaySeconds",
    "period": "periodSeconds",
    "timeout": "timeoutSeconds",
    "termination_grace_period": "terminationGracePeriodSeconds",
}
_COUNTS = {"success_threshold": "successThreshold", "failure_threshold": "failureThreshold"}
SCHEMES = ("HTTP", "HTTPS")
# A port says where a path is asked for; alone, it is a kind of check too.
_KINDS = ("path", "port", "command", "grpc")
_KEYS = ("path", "port", "scheme", "headers", "command", "grpc", *_TIMES, *_COUNTS)


def probe(check: Any, origin: Origins) -> Probe:
    """Return the probe that a path, a port, a command or a mapping describes."""
    settings = check if isinstance(check, Mapping) else _short(check)
    for key in settings:
        if key not in _KEYS:
            raise refusal(
                key,
                "unknown-setting",
                f"{key!r} is not a setting of a health check",
                f"one of {', '.join(_KEYS)}",
            )
    _check_one_kind(settings)
    made = _action(settings)
    needs_port = "httpGet" in made and "port" not in made["httpGet"]
    for key, field in _TIMES.items():
        if key in settings:
            made[field] = checked(duration.seconds, settings[key])
    for key, field in _COUNTS.items():
        if key in settings:
            number = checked(quantity.whole_number, settings[key], 1, None, key, "invalid-value")
            made[field] = number
    return Probe(settings=made, needs_port=needs_port, origin=origin)


def check_no_command(given: str, what: str) -> None:
    """Refuse a shell line where an HTTP path is meant: a command is a list of its words."""
    if " " in given.strip():
        message = f"{given!r} is no HTTP path, and as a command {what} wants separate words"
        raise refusal(given, "invalid-path", message, f"write {given.split()!r}")


def _check_one_kind(settings: Mapping[str, Any]) -> None:
    """Refuse what would be dropped: further kinds of check, and what only another kind has."""
    kinds = [key for key in _KINDS if key in settings and (key != "port" or "path" not in settings)]
    if len(kinds) > 1:
        message = f"a health check is of one kind, and this one is of {len(kinds)}"
        hint = f"keep one of {', '.join(kinds)}; port goes with path, or alone"
        raise refusal(settings, "conflicting-settings", message, hint)
    for key in ("scheme", "headers"):
        if key in settings and kinds and kinds != ["path"]:
            message = f"{key} has no effect on a health check by {kinds[0]}"
            hint = "it belongs to a request over HTTP: give path, or leave it out"
            raise refusal(settings[key], "conflicting-settings", message, hint)


def _short(check: Any) -> dict[str, Any]:
    if isinstance(check, str):
        check_no_command(check, "a health check")
        return {"path": check}
    if isinstance(check, list | tuple):
        return {"command": check}
    if isinstance(check, int) and not is_bool(check):
        return {"port": check}
    raise mistyped(check, "a health check", "a path, a port, a command, or a mapping")


def _action(settings: Mapping[str, Any]) -> dict[str, Any]:
    if "command" in settings:
        return {"exec": {"command": _words(settings["command"])}}
    if "grpc" in settings:
        return {"grpc": {"port": checked(ports.port, settings["grpc"])}}
    if "path" in settings:
        request = {"path": checked(paths.path, settings["path"], "a health check's path")}
        if "port" in settings:
            request["port"] = _port(settings["port"])
        if "scheme" in settings:
            request["scheme"] = checked(one_of, settings["scheme"], SCHEMES, "scheme")
        if "headers" in settings:
            headers = checked(mapping, settings["headers"], "headers", "{'Host': 'example.com'}")
            request["httpHeaders"] = [
                {"name": name, "value": checked(text, value, "a header")}
                for name, value in headers.items()
            ]
        return {"httpGet": request}
    if "port" in settings:
        return {"tcpSocket": {"port": _port(settings["port"])}}
    raise refusal(
        settings,
        "invalid-value",
        "the health check does not say what to check",
        "give path, port, command or grpc",
    )


def _words(given: Any) -> list[str]:
    if isinstance(given, str) and " " in given.strip():
        message = f"{given!r} would be one word, and there is no shell that splits it"
        raise refusal(given, "invalid-value", message, f"write {given.split()!r}")
    return list(texts([given], "a word of the command"))


def _port(value: Any) -> Any:
    """Return a port's number, or the name of one of the container's ports."""
    return checked(names.port_name if isinstance(value, str) else ports.port, value)
