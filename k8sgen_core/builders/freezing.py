"""From builders to what they describe, which never changes any more."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from k8sgen_core.builders.builder import HOLDING, Builder
from k8sgen_core.model import Manifests, Resource
from k8sgen_core.origin import identity

# The fields of parts that only refer to a builder.
_REFERRING = ("workload", "account", "peers")


class Freezing:
    """One freeze of many builders: those that several hold are frozen once."""

    def __init__(self, environment: str | None = None) -> None:
        self.environment = environment
        self.known: dict[int, Resource] = {}
        # Builders that only a plugin knows: an id may be given again when one is gone.
        self.kept: list[Builder] = []
        # Builders that plugins generate, so that they are no roots.
        self.generated: set[int] = set()

    def roots(self, builders: Iterable[Builder]) -> tuple[Resource, ...]:
        """Return what the roots describe; one that a plugin generates is described there."""
        made = [(builder, self.resource(builder)) for builder in builders]
        return tuple(
            Manifests(name=resource.name, origin=resource.origin)
            if identity(builder) in self.generated
            else resource
            for builder, resource in made
        )

    def frozen(self, value: Any) -> Any:
        """Return the value with the builders in it frozen."""
        if isinstance(value, Builder):
            return self.resource(value)
        if isinstance(value, tuple):
            return tuple([self.frozen(element) for element in value])
        if isinstance(value, dict):
            return {key: self.frozen(element) for key, element in value.items()}
        for field in HOLDING:
            inner = getattr(value, field, None)
            if isinstance(inner, Builder):
                return value.replace(**{field: self.resource(inner)})
        return value

    def referred(self, value: Any) -> Any:
        """Return the value with a function in place of each builder: one may refer to its owner."""
        if isinstance(value, tuple):
            return tuple(map(self.referred, value))
        for field in _REFERRING:
            inner = getattr(value, field, None)
            if isinstance(inner, Builder):
                return value.replace(**{field: functools.partial(self.resource, inner)})
            if isinstance(inner, tuple):
                return value.replace(**{field: self.referred(inner)})
        return value

    def resource(self, builder: Builder) -> Any:
        """Return what the builder describes."""
        key = identity(builder)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = builder._freeze(self)
        return known
