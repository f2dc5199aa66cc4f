"""What may be inside of a builder or a value: anything but itself and what holds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.arguments import refusal
from k8sgen_core.origin import identity

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder
    from k8sgen_core.grammar import ArgumentError


def check_holding(holder: Builder, part: Builder) -> None:
    """
    Refuse the part that closes a circle.

    None of a circle would be a root, so that all of it would be missing from the output.
    """
    is_same = part._base is holder._base
    if not is_same and (not part._holds or identity(holder._base) not in _inside(part)):
        return
    what = "itself" if is_same else f"{part!r}, which holds {holder!r} already"
    hint = "leave the call out" if is_same else "decide which of them is a part of the other"
    raise refusal(part, "conflicting-settings", f"{holder!r} cannot hold {what}", hint)


def _inside(builder: Builder) -> dict[int, Builder]:
    """Return a builder with all that it holds, directly or not, in any environment."""
    found: dict[int, Builder] = {}
    pending = [builder]
    while pending:
        base = pending.pop()._base
        key = identity(base)
        if key not in found:
            found[key] = base
            pending.extend(base._held())
    return found


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
