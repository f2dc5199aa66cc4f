"""What a setter does that is called again."""

from __future__ import annotations

from typing import Any

from k8sgen_core.carriers import both
from k8sgen_core.parts import Asked, Variable
from k8sgen_core.sharing import instead, replacing


def after(before: Any, new: Any) -> Any:
    """Return what takes the place of something: that there is something is not its doing."""
    if isinstance(new, tuple) and new and isinstance(new[0], Asked):
        return (*map(after, before, new), *new[len(before) :])
    if not isinstance(new, Asked):
        return instead(before, new)
    if before is None:
        return new
    if isinstance(new, Variable) and new.source != before.source:
        # None of its lines is the old one.
        return new.replace(moved=None not in (before.source, new.source))
    again = both(before.origin, new.origin)
    fields = {name: instead(getattr(before, name), value) for name, value in vars(new).items()}
    return new.replace(**{**fields, "origin": again or replacing(new.origin)})
