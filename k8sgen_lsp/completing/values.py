"""Values of an argument: what Kubernetes allows, and what the workspace already names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from k8sgen_lsp.completing import known
from k8sgen_lsp.completing.facts import Fact, names
from k8sgen_lsp.completing.keys import keys_of
from k8sgen_lsp.completing.members import formats
from k8sgen_lsp.static.active import Active
from k8sgen_lsp.static.described import Parameter
from k8sgen_lsp.static.docstrings import listed_values
from k8sgen_lsp.static.names import Reader

WORKLOADS = ("App", "StatefulApp", "DaemonSet", "Job", "CronJob")
_RESOURCES = (*WORKLOADS, "Service", "ConfigMap", "Secret", "PersistentVolumeClaim", "AppGroup")
_NAMED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("depends_on", "resources"): _RESOURCES,
    ("connect_to", "resources"): _RESOURCES,
    ("selector", "target"): WORKLOADS,
    ("allow_from", "sources"): WORKLOADS,
    ("allow_to", "targets"): WORKLOADS,
    ("path", "service"): ("Service", "App", "StatefulApp"),
    ("add_secret", "secret"): ("Secret",),
    ("env", "secret"): ("Secret",),
    ("tls", "secret"): ("Secret",),
    ("add_config", "config"): ("ConfigMap",),
    ("env", "config"): ("ConfigMap",),
    ("service_account", "account"): ("ServiceAccount",),
    ("to_service_account", "account"): ("ServiceAccount",),
    ("role", "role"): ("Role", "ClusterRole"),
    ("storage", "storage_class"): (".storage_class",),
    ("expose", "domain"): (".expose", ".host"),
    ("host", "name"): (".host", ".expose"),
    ("namespace", "name"): (".namespace", "Namespace"),
    ("for_environment", "name"): (".for_environment",),
    ("env", "name"): (".env",),
    ("image", "reference"): (".image",),
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


class Value(NamedTuple):
    """A value as source text would have it without quotes; ``is_text`` says it needs them."""

    text: str
    detail: str = ""
    rank: int = 5
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the call: facts of the workspace, and its templates."""

    facts: Iterable[Fact]
    templates: Callable[[], Mapping[str, str]]
    variables: Callable[[str], Mapping[str, str]]
    ids: Callable[[], Mapping[str, str]]


def values_of(reader: Reader, active: Active, beside: Known) -> Iterator[Value]:
    """Yield the values of the argument at a place, each of them once."""
    parameter = active.parameter
    if parameter is None or (active.by_name and active.keyword is None):
        return
    seen: set[str] = set()
    for value in _all(reader, active, parameter, beside):
        if value.text not in seen:
            seen.add(value.text)
            yield value


def _all(reader: Reader, active: Active, parameter: Parameter, beside: Known) -> Iterator[Value]:
    place = (active.callee.name, parameter.name)
    yield from _chosen(parameter)
    if place == ("env", "key"):
        yield from _keys(reader, active, beside)
    yield from _named(active, place, beside.facts)
    if parameter.check in ("ports.port", "port_reference"):
        yield from _ports(beside.facts, parameter)
    yield from _known(active, parameter)
    yield from _special(place, parameter, beside)
    for name in listed_values(active.callee.documentation, parameter.name):
        yield Value(name, "", 4, not _NUMBER.match(name) and name not in known.TRUTHS)


def referring(active: Active) -> tuple[str, str] | None:
    """Return the class and name of a resource that refers to others, and so not to itself."""
    callee = active.callee
    if callee.receiver is None or callee.name not in ("depends_on", "connect_to"):
        return None
    return callee.receiver.found.name, callee.receiver.name


def _chosen(parameter: Parameter) -> Iterator[Value]:
    for index, choice in enumerate(parameter.choices):
        is_text = choice[0] in "\"'"
        detail = "default" if choice.strip("\"'") == (parameter.default or "").strip("\"'") else ""
        yield Value(choice[1:-1] if is_text else choice, detail, index, is_text)


def _keys(reader: Reader, active: Active, beside: Known) -> Iterator[Value]:
    for source in ("secret", "config"):
        if source in active.given:
            for name, owner in keys_of(reader, active.given[source], beside.facts):
                yield Value(name, f"of {owner}", 0)


def _named(active: Active, place: tuple[str, str], facts: Iterable[Fact]) -> Iterator[Value]:
    itself = referring(active)
    others = [each for each in facts if (each.kind, each.name) != itself] if itself else facts
    for name, count in names(others, *_NAMED.get(place, ())).items():
        yield Value(name, f"used {count} times" if count > 1 else "", 1)


def _ports(facts: Iterable[Fact], parameter: Parameter) -> Iterator[Value]:
    for number, count in names(facts, "port").items():
        yield Value(number, f"in use {count} times", 1, is_text=False)
    if "service" not in parameter.name:
        for number, what in known.PORTS.items():
            yield Value(number, what, 3, is_text=False)


def _known(active: Active, parameter: Parameter) -> Iterator[Value]:
    method, owner = active.callee.name, active.callee.owner
    found = (
        known.BY_ARGUMENT.get((f"{owner.name}.{method}" if owner else "", parameter.name))
        or known.BY_ARGUMENT.get((method, parameter.name))
        or known.BY_CHECK.get(parameter.check)
        or {}
    )
    for index, (name, what) in enumerate(found.items()):
        yield Value(name, what, 2 if index < 10 else 3, name not in known.TRUTHS)


def _special(place: tuple[str, str], parameter: Parameter, beside: Known) -> Iterator[Value]:
    if parameter.check == "time_zone.time_zone":
        yield from map(Value, _time_zones())
    if place == ("use_template", "name"):
        for name, what in beside.templates().items():
            yield Value(name, what, 2)
    if place == ("use_template", "format"):
        for each in formats():
            yield Value(each.label, each.detail, 2)
    if place == ("ignore", "rule"):
        for name, what in beside.ids().items():
            yield Value(name, what, 2)


def _time_zones() -> list[str]:
    import zoneinfo

    return sorted(each for each in zoneinfo.available_timezones() if "/" in each)
