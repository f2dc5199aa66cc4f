"""
How Docker Compose writes what is described: by the format, and in templates for it alike.

Nothing here needs the engine of templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8sgen_core.carriers import like
from k8sgen_core.grammar.quantity import amount
from k8sgen_core.model import Container
from k8sgen_core.parts import Probe

_UNITS = (("g", 30), ("m", 20), ("k", 10))
# Others wait for what is ready; a service has one check.
_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


def escaped(value: Any) -> Any:
    """Return a value in which Compose replaces no variables: ``$`` is written ``$$``."""
    if isinstance(value, str):
        return value.replace("$", "$$") if "$" in value else value
    if isinstance(value, Mapping):
        return like(value, {key: escaped(element) for key, element in value.items()})
    if isinstance(value, list | tuple):
        return like(value, [escaped(element) for element in value])
    return value


def size(quantity: str) -> str:
    """Return an amount of memory as Compose writes it: ``512Mi`` is ``512m``."""
    count = int(amount(quantity))
    for unit, power in _UNITS:
        if count and count % (1 << power) == 0:
            return f"{count >> power}{unit}"
    return f"{count}b"


def cores(quantity: str) -> str:
    """Return an amount of CPU: ``500m`` is ``0.5``."""
    return f"{float(amount(quantity)):g}"


def seconds(value: int) -> str:
    """Return a duration."""
    return f"{int(value)}s"


def health_of(owner: Container) -> Probe | None:
    """
    Return the probe that becomes the health check of a container.

    Compose runs a command in the container. A probe over HTTP or TCP would need a program
    in the image that nobody promised, so none is made up.
    """
    found = (owner.probes.get(kind) for kind in _PROBES)
    return next((probe for probe in found if probe and "exec" in probe.settings), None)
