"""
What has been described of one workload, to read.

Names are those of the setters; values are ordinary, without origins, and only what was
set: an unset scalar is ``None``, an unset mapping or list is empty, and only
``security_context`` is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8sgen_core.carriers import plain
from k8sgen_core.model import Resource


class Settings(Mapping[str, Any]):
    """A mapping whose keys are attributes too."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(name)
        return self._values[name]

    def __repr__(self) -> str:
        return repr(self._values)


class View:
    """The read-only view of a resource."""

    _resource: Resource

    def __init__(self, resource: Resource) -> None:
        object.__setattr__(self, "_resource", resource)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self!r} is read-only: {name} is set on the builder")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        read = _READS.get(name)
        if read is not None:
            return read(self._resource)
        try:
            value = getattr(self._resource, name)
        except AttributeError:
            kind = type(self._resource).__name__
            raise AttributeError(f"a {kind} has no setting {name!r}") from None
        return plain(value)

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError as error:
            raise KeyError(name) from error

    def __repr__(self) -> str:
        return f"<{type(self._resource).__name__} {self._resource.name!r}>"


def _port(resource: Any) -> int | None:
    return int(resource.ports[0].number) if resource.ports else None


def _ports(resource: Any) -> list[Settings]:
    return [
        Settings({"number": int(p.number), "name": plain(p.name), "protocol": plain(p.protocol)})
        for p in resource.ports
    ]


def _environment(resource: Any) -> Settings:
    return Settings({plain(key): plain(v.value) for key, v in resource.variables.items()})


def _resources(resource: Any) -> Settings:
    from k8sgen_core.grammar.quantity import Quantity

    given = plain(resource.resources)
    return Settings({k: Quantity(v) if isinstance(v, str) else v for k, v in given.items()})


def _security_context(resource: Any) -> Settings:
    if not resource.security_context and not resource.hardened:
        raise AttributeError("security_context")
    hardened = {
        "run_as_non_root": True,
        "allow_privilege_escalation": False,
        "seccomp_profile": {"type": "RuntimeDefault"},
        "capabilities": {"drop": ["ALL"]},
    }
    given = plain(resource.security_context)
    return Settings({**(hardened if resource.hardened else {}), **given})


def _service_account(resource: Any) -> str | None:
    named = resource.service_account
    return None if named is None else plain(named.name)


def _names(field: str) -> Callable[[Any], list[str]]:
    return lambda resource: [plain(named.name) for named in getattr(resource, field)]


_READS: dict[str, Callable[[Any], Any]] = {
    "port": _port,
    "ports": _ports,
    "environment": _environment,
    "env": _environment,
    "resources": _resources,
    "security_context": _security_context,
    "service_account": _service_account,
    "depends_on": _names("depends_on"),
    "connect_to": _names("connect_to"),
}
