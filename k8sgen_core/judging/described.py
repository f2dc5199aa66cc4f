"""What the built-in rules say of what was described, each at the call that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from k8sgen_core.carriers import Origin, Origins, each, origin_of
from k8sgen_core.field_paths import field_path
from k8sgen_core.judging.linting import Lint, lints_of
from k8sgen_core.kubernetes.checks import Judged
from k8sgen_core.kubernetes.lowered import Lowered, Problem
from k8sgen_core.model import Resource, Workload
from k8sgen_core.origin import identity
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.manifest import Path

if TYPE_CHECKING:
    from k8sgen_core.judging.selection import Selection


def problems_of(
    judged: Iterable[Judged],
    selection: Selection,
    version: str,
    context: Iterable[Mapping[str, Any]] = (),
) -> list[Problem]:
    """
    Return what the rules say of the objects.

    ``context`` are objects that are known and not judged: of the project's other files.
    """
    cluster = Cluster(version, selection.options)
    own = [cluster.add(each.value, each.lowered, each.broken) for each in judged]
    for value in context:
        cluster.add(value)
    origins = KnownOrigins()
    return [
        _problem(lint, manifest.handle, origins)
        for manifest in own
        for lint in lints_of(manifest, selection)
    ]


def _problem(lint: Lint, made: Lowered, origins: KnownOrigins) -> Problem:
    return Problem(
        lint.rule,
        lint.message,
        origins.at(made.object, lint.path) or made.resource.origin,
        lint.hint,
        lint.severity,
        object=made.title,
        field=field_path(lint.path) or None,
        resource=made.resource,
        around=(made.root, *made.within, *_part(made, lint.path)),
    )


def _part(made: Lowered, path: Path) -> Iterator[Resource]:
    """Yield the companion that a path leads into, which is a builder of its own."""
    resource = made.resource
    if not isinstance(resource, Workload) or not resource.companions:
        return
    inside = [end for end, step in enumerate(path, 1) if isinstance(step, int)][:1]
    if not inside:
        return
    container = made.object
    for step in path[: inside[0]]:
        container = _inside(container, step) or {}
    name = container.get("name") if isinstance(container, dict) else None
    yield from (each.resource for each in resource.companions if each.resource.name == name)


class KnownOrigins:
    """Who gave the values of objects: several rules speak of the same."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Origins]] = {}

    def at(self, value: Any, path: Path) -> Origins:
        """
        Return who gave the value at a path.

        Where nobody gave it, the call that named the thing that lacks it; else the one call that
        the nearest thing around it is due to, such as ``expose``, without which there would be no
        Ingress. ``None`` if there are several.
        """
        around = origin_of(value)
        for step in path:
            inner = _inside(value, step)
            if inner is None:
                break
            value = inner
            around = origin_of(value) or around
        if not isinstance(value, dict | list):
            return origin_of(value)
        key = identity(value)
        known = self._known.get(key)
        if known is None:
            # The value is kept, so that no other can have its identity.
            known = self._known[key] = (value, _origins_of(value))
        return known[1] or _call_of(each(around))


def _origins_of(value: dict[str, Any] | list[Any]) -> Origins:
    named = origin_of(value["name"]) if isinstance(value, dict) and "name" in value else None
    return _call_of(each(named)[:1]) or _call_of(_origins_in(value))


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _origins_in(value: Any) -> Iterator[Origin]:
    """Yield the origins of a value and of what is inside, one by one: most are never asked for."""
    yield from each(origin_of(value))
    if isinstance(value, dict):
        for key, element in value.items():
            yield from each(origin_of(key))
            yield from _origins_in(element)
    elif isinstance(value, list):
        for element in value:
            yield from _origins_in(element)


def _call_of(origins: Iterable[Origin]) -> Origins:
    """Return the one call that all of these are of."""
    found: Origin | None = None
    for origin in origins:
        if found is not None and origin.call.place != found.call.place:
            return None
        found = origin
    return None if found is None else Origin((found.call, None))
