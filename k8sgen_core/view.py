"""
What has been described of one resource, to read.

Names are those of the setters; values are ordinary, without origins, and only what was
set: an unset scalar is ``None``, an unset mapping or list is empty, and only
``security_context`` is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from k8sgen_core.carriers import because, each, plain
from k8sgen_core.grammar.quantity import Quantity
from k8sgen_core.model import Resource
from k8sgen_core.reading import READ_ONLY, UNSET, Items, Reads, Settings, readable

__all__ = ["Items", "Reads", "Settings", "View"]


class View:
    """The read-only view of a resource; ``reads`` gets notes of what is read of it."""

    __slots__ = ("_reads", "_resource")

    def __init__(self, resource: Resource, reads: Reads | None = None) -> None:
        object.__setattr__(self, "_resource", resource)
        object.__setattr__(self, "_reads", reads)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            found = self._found(name)
        except AttributeError:
            self._note(UNSET)
            raise AttributeError(f"{self!r} has no {name}", name=name, obj=self) from None
        self._note(found)
        return readable(found, self._reads)

    def _found(self, name: str) -> Any:
        """Return the setting as the model has it, in the shape that is shown."""
        if name in _HIDDEN:
            raise AttributeError(name)
        shape = _SHAPES.get(name)
        return shape(self._resource, self._reads) if shape else getattr(self._resource, name)

    def _note(self, source: Any) -> None:
        if self._reads is not None:
            self._reads.note(source)

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError as error:
            raise KeyError(name) from error

    def __setattr__(self, name: str, value: object = None) -> NoReturn:
        raise AttributeError(f"{name} cannot be set: {READ_ONLY}")

    __delattr__ = __setitem__ = __setattr__

    def __dir__(self) -> list[str]:
        fields = (vars(kind).get("__annotations__", ()) for kind in type(self._resource).__mro__)
        names = {name for known in (*fields, _SHAPES) for name in known}
        return sorted(name for name in names if hasattr(View(self._resource), name))

    def __repr__(self) -> str:
        calls = each(self._resource.origin)
        kind = calls[0].call.builder if calls else type(self._resource).__name__
        return f"{kind}({str(self._resource.name)!r})"


Shape = Callable[[Any, Reads | None], Any]
# What the model keeps for itself, and what has another name for those who write it.
_HIDDEN = frozenset(
    (
        "origin",
        "refused",
        "replace",
        "ignored",
        "validators",
        "overrides",
        "holds",
        "account",
        "variables",
        "probes",
        "hooks",
        "grace_period",
        "exposures",
        "part_of",
        "built_from",
        "attachments",
        "time_zone",
        "controller",
        "tolerations",
    )
)


def _port(resource: Any, reads: Reads | None) -> Any:
    return resource.ports[0].number if resource.ports else None


def _environment(resource: Any, reads: Reads | None) -> Any:
    return {name: variable.value for name, variable in resource.variables.items()}


def _resources(resource: Any, reads: Reads | None) -> Settings:
    given = resource.resources
    amounts = {
        plain(name): Quantity(plain(value)) if isinstance(value, str) else plain(value)
        for name, value in given.items()
    }
    return Settings(amounts, given, reads)


def _security_context(resource: Any, reads: Reads | None) -> Any:
    if not resource.security_context and not resource.hardened:
        raise AttributeError("security_context")
    hardened = {
        "run_as_non_root": True,
        "allow_privilege_escalation": False,
        "seccomp_profile": {"type": "RuntimeDefault"},
        "capabilities": {"drop": ["ALL"]},
    }
    by_level = {
        because(resource.hardened, name): because(resource.hardened, value)
        for name, value in (hardened if resource.hardened else {}).items()
    }
    given: Mapping[Any, Any] = resource.security_context
    return {**{name: v for name, v in by_level.items() if name not in given}, **given}


def _service_account(resource: Any, reads: Reads | None) -> Any:
    named = resource.service_account
    return None if named is None else named.name


def _storage(resource: Any, reads: Reads | None) -> Any:
    if not resource.storage:
        return {}
    kept = vars(resource.storage[0])
    shown = {name: readable(value, reads) for name, value in kept.items() if name != "origin"}
    return Settings({**shown, "size": Quantity(shown["size"])}, kept, reads)


def _scale(resource: Any, reads: Reads | None) -> Any:
    names = {"minimum": "min", "maximum": "max"}
    told = {} if resource.scale is None else vars(resource.scale)
    return {names.get(name, name): value for name, value in told.items() if name != "origin"}


def _companions(resource: Any, reads: Reads | None) -> Items:
    told = resource.companions
    return Items([View(added.resource, reads) for added in told], told, reads)


def _part(field: str) -> Shape:
    """Return the shape of what one call sets as a whole: empty while unset."""
    return lambda resource, reads: getattr(resource, field) or {}


def _names(field: str) -> Shape:
    """Return the shape of a list of names."""
    return lambda resource, reads: [named.name for named in getattr(resource, field)]


def _renamed(field: str) -> Shape:
    return lambda resource, reads: getattr(resource, field)


_PROBES = {
    "readiness_probe": "readinessProbe",
    "liveness_probe": "livenessProbe",
    "startup_probe": "startupProbe",
}


def _health_checks(resource: Any, reads: Reads | None) -> Any:
    told = resource.probes
    return {name: told[kind].settings for name, kind in _PROBES.items() if kind in told}


def _lifecycle(resource: Any, reads: Reads | None) -> Any:
    names = {"postStart": "post_start", "preStop": "pre_stop"}
    told = {names[name]: hook.action for name, hook in resource.hooks.items()}
    grace = resource.grace_period
    return told if grace is None else {**told, "termination_grace_period": grace}


def _hardened(resource: Any, reads: Reads | None) -> Any:
    return resource.hardened or False


_SHAPES: dict[str, Shape] = {
    "port": _port,
    "environment": _environment,
    "env": _environment,
    "resources": _resources,
    "security_context": _security_context,
    "service_account": _service_account,
    "storage": _storage,
    "scale": _scale,
    "spread": _part("spread"),
    "disruption_budget": _part("disruption_budget"),
    "health_checks": _health_checks,
    "lifecycle": _lifecycle,
    "hardened": _hardened,
    "expose": _renamed("exposures"),
    "kind": _renamed("controller"),
    "timezone": _renamed("time_zone"),
    "toleration": _renamed("tolerations"),
    "companions": _companions,
    "depends_on": _names("depends_on"),
    "connect_to": _names("connect_to"),
}
