"""What a builder may hold, and what it may need: resources as such, but not itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8sgen_core.builders.arguments import refusal
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.origin import identity

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder


def check_holding(holder: Builder, part: Builder) -> None:
    """
    Refuse the part that closes a circle, and what is only for one environment.

    None of a circle would be a root, so that all of it would be missing from the output.
    """
    if part._base is not part:
        raise _of_environment(part)
    is_same = part._base is holder._base
    if not is_same and (not part._holds or identity(holder._base) not in _inside(part)):
        return
    what = "itself" if is_same else f"{part!r}, which holds {holder!r} already"
    hint = "leave the call out" if is_same else "decide which of them is a part of the other"
    raise refusal(part, "conflicting-settings", f"{holder!r} cannot hold {what}", hint)


def check_needing(owner: Builder, given: object) -> None:
    """Refuse a resource that waits for itself, or calls itself; a name may be another one's."""
    if getattr(given, "_base", given) is owner._base:
        message = f"{owner!r} cannot need itself"
        raise refusal(given, "conflicting-settings", message, "name another resource, or leave it")


def _of_environment(part: Builder) -> ArgumentError:
    base = part._base
    name = next((name for name, each in base._overlays.items() if each is part), None)
    message = f"this is what is different of {base!r} in {name!r}, and no resource by itself"
    hint = "add the resource itself: its settings for environments go with it"
    return refusal(part, "wrong-type", message, hint)


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
