"""What a builder may hold: anything but itself and what holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8sgen_core.builders.arguments import refusal
from k8sgen_core.origin import identity

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder


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
