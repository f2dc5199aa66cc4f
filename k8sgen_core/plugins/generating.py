"""
What a plugin generates, frozen.

A plugin that fails, or returns what is no resource, is a problem at its own file and line;
everything else goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.freezing import Freezing
from k8sgen_core.carriers import Origin
from k8sgen_core.model import Bundle
from k8sgen_core.origin import identity
from k8sgen_core.parts import Added, Mishap
from k8sgen_core.plugins.mishaps import failure, no_resource, nothing, refused
from k8sgen_core.plugins.recording import CODES
from k8sgen_core.plugins.replaying import replay, variants
from k8sgen_core.session import Inner, current, within

if TYPE_CHECKING:
    from k8sgen_core.plugins.plugin import Plugin
    from k8sgen_core.plugins.recording import Step


def bundle(plugin: Plugin, steps: Sequence[Step], freezing: Freezing) -> Bundle:
    """Return what a plugin generates after these calls."""
    mishaps: list[Mishap] = []
    origin = Origin((plugin._made.call, None))
    made = None
    with within(Inner(current())):
        try:
            subject = plugin if steps is plugin._steps else replay(plugin, plugin._made, steps)
            made = generated(subject, freezing, mishaps)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and others go on
            mishaps.append(failure(plugin, error, origin))
    if not mishaps and not plugin._draft.get("refused") and not (made and any(made.values())):
        mishaps.append(nothing(plugin, origin))

    def others() -> Iterator[tuple[Any, Bundle]]:
        if not isinstance(freezing, Trial):
            for origins, changed in variants(plugin, steps):
                found = trial(changed, Trial(freezing.environment))
                if found is not None:
                    yield origins, frozen(plugin, found, ())

    return frozen(plugin, made or {}, mishaps, others)


class Trial(Freezing):
    """A freeze that only shows what would be different."""


def frozen(
    plugin: Plugin, made: Mapping[str, Any], mishaps: Sequence[Mishap], others: Any = tuple
) -> Bundle:
    """Return the resources of a plugin with what its own settings say of all of them."""
    draft = {"name": plugin._title, **plugin._draft, **made}
    return Bundle(**draft, mishaps=tuple(mishaps), variants=others, codes=CODES)


def trial(make: Any, freezing: Freezing) -> dict[str, Any] | None:
    """Return what a changed plugin generates, ``None`` if it refuses the change."""
    mishaps: list[Mishap] = []
    with within(Inner(current())) as session:
        try:
            made = generated(make(), freezing, mishaps)
        except Exception:  # noqa: BLE001 - a value that a plugin refuses shows nothing
            return None
    return None if mishaps or session.refusals else made


def generated(plugin: Plugin, freezing: Freezing, mishaps: list[Mishap]) -> dict[str, Any]:
    """Return the resources and the manifests that a plugin generates, as a bundle has them."""
    origin = Origin((plugin._made.call, None))
    members: list[Added] = []
    objects: list[Mapping[str, Any]] = []
    with within(Inner(current())) as session:
        try:
            for item in _items(plugin.generate_resources()):
                if isinstance(item, Builder):
                    freezing.kept.append(item)
                    freezing.generated.add(identity(item._original))
                    members.append(Added(resource=freezing.resource(item), origin=origin))
                elif _is_manifest(item):
                    objects.append(item)
                else:
                    mishaps.append(no_resource(plugin, item, origin))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and others go on
            mishaps.append(failure(plugin, error, origin))
    mishaps.extend(refused(plugin, refusal) for refusal in session.refusals)
    return {"members": tuple(members), "objects": tuple(objects)}


def _items(found: Any) -> Iterator[Any]:
    """Yield what was returned or yielded, one by one."""
    if found is None:
        return
    if isinstance(found, Builder | Mapping | str | bytes) or not hasattr(found, "__iter__"):
        yield found
        return
    for item in found:
        yield from _items(item)


def _is_manifest(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    metadata = item.get("metadata")
    named = isinstance(metadata, Mapping) and isinstance(metadata.get("name"), str)
    return named and isinstance(item.get("apiVersion"), str) and isinstance(item.get("kind"), str)
