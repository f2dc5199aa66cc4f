"""Mappings and lists that contain themselves, which no call can take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.arguments import refusal
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.origin import identity

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder


def endless_in(builder: Builder, values: Iterable[Any], error: RecursionError) -> ArgumentError:
    """Return the refusal of the mapping or list that contains itself; else raise the error."""
    done: set[int] = set()
    # A builder that is only being made cannot go on without what was refused.
    for value in values if "_draft" in vars(builder) else ():
        endless = _endless(value, [], done)
        if endless is not None:
            what = "mapping" if isinstance(endless, dict) else "list"
            hint = "put a copy into it, of what it has until then"
            return refusal(endless, "invalid-value", f"this {what} contains itself", hint)
    raise error


def _endless(value: Any, around: list[int], done: set[int]) -> Any:
    if not isinstance(value, dict | list | tuple) or identity(value) in done:
        return None
    if identity(value) in around:
        return value
    inner = [*around, identity(value)]
    for part in value.values() if isinstance(value, dict) else value:
        found = _endless(part, inner, done)
        if found is not None:
            return found
    done.add(identity(value))
    return None
