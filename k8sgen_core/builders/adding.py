"""``app.add_<plugin>(...)``: methods that plugins bring along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8sgen_core.builders.arguments import refusal
from k8sgen_core.builders.builder import recorded
from k8sgen_core.session import current


def adding(name: str) -> Callable[..., Any]:
    """Return ``add_<plugin>``; the argument decides among the plugins that share the name."""

    def add(self: Any, plugin: Any) -> Any:
        own = name.removeprefix("add_")
        kinds = current().adder(own)
        if not isinstance(plugin, kinds):
            wanted = " or ".join(dict.fromkeys(kind.__name__ for kind in kinds)) or own
            hint = f"{name} takes a {wanted}; add(...) takes any resource"
            raise refusal(plugin, "wrong-type", f"{plugin!r:.60} is no {wanted}", hint)
        return type(self).add.__wrapped__(self, plugin)

    add.__name__ = name
    return recorded(add)
