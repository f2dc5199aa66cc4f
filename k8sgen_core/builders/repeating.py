"""What a setter does that is called again."""

from __future__ import annotations

from typing import Any

from k8sgen_core.carriers import because, in_all, like, origin_of
from k8sgen_core.parts import Asked, SecretValue, Variable
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
    again = in_all(before.origin, new.origin)
    fields = {
        name: _replaced(getattr(before, name), value, new) for name, value in vars(new).items()
    }
    if isinstance(new, Variable) and new.key != before.key:
        # By default it is the name, which the earlier call gave too; the key it did not.
        fields["key"] = new.key
    kept = again or _generates_the_same(before, new)
    return new.replace(**{**fields, "origin": again if kept else replacing(new.origin)})


def _replaced(old: Any, value: Any, new: Asked) -> Any:
    """Return a field that takes the place of another; what is new in it is the new call's."""
    made = instead(old, value)
    if not isinstance(made, dict) or not isinstance(old, dict):
        return made
    return like(made, {key: v if key in old else because(new, v) for key, v in made.items()})


def _generates_the_same(before: Asked, new: Asked) -> bool:
    """Does it say again that a value is generated, with nothing told that could be different?"""
    if not isinstance(new, SecretValue) or not isinstance(before, SecretValue):
        return False
    if (before.text, before.length, before.charset) != (new.text, new.length, new.charset):
        return False
    return new.text is None and origin_of(new.length) is None and origin_of(new.charset) is None
