"""``app.add_<plugin>(...)``: methods that plugins bring along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from k8sgen_core.builders.arguments import refusal
from k8sgen_core.builders.recording import recorded
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.session import current


def adding(name: str) -> Callable[..., Any]:
    """Return ``add_<plugin>``; the argument decides among the plugins that share the name."""

    def add(self: Any, plugin: Any) -> Any:
        kinds = current().adder(name.removeprefix("add_"))
        if not isinstance(plugin, kinds):
            raise _refused(plugin, name, kinds)
        return type(self).add.__wrapped__(self, plugin)

    add.__name__ = name
    return recorded(add)


def _refused(plugin: Any, name: str, kinds: Sequence[type]) -> ArgumentError:
    names = dict.fromkeys(kind.__name__ for kind in kinds)
    wanted = " or ".join(names) or name.removeprefix("add_")
    if isinstance(plugin, type) and issubclass(plugin, tuple(kinds)):
        message, hint = f"{plugin.__name__} is a class", f"call it: {plugin.__name__}(...)"
    else:
        message = f"{plugin!r:.60} is no {wanted}"
        hint = f"{name} takes {wanted}; add(...) takes any resource"
    return refusal(plugin, "wrong-type", message, hint)
