"""
What a plugin generates, frozen; and what it would generate if a call were different.

A plugin that fails, or returns what is no resource, is a problem at its own file and line;
everything else goes on.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.builder import Builder, Freezing
from k8sgen_core.carriers import Origin, Origins, plain
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.model import Bundle
from k8sgen_core.origin import Call, Frame, is_library
from k8sgen_core.parts import Added, Mishap
from k8sgen_core.session import Inner, current, within

if TYPE_CHECKING:
    from k8sgen_core.plugins.plugin import Plugin, Step


def bundle(plugin: Plugin, steps: Sequence[Step], freezing: Freezing) -> Bundle:
    """Return what a plugin generates after these calls."""
    subject = plugin if steps is plugin._steps else replay(plugin, steps)
    mishaps: list[Mishap] = []
    made = generated(subject, freezing, mishaps)
    if not made["members"] and not made["objects"] and not mishaps:
        mishaps.append(_nothing(plugin, Origin((plugin._made.call, None))))
    return _bundle(plugin, made, mishaps, lambda: variants(plugin, steps, freezing.environment))


def _bundle(
    plugin: Plugin, made: dict[str, Any], mishaps: list[Mishap], others: Callable[[], Any]
) -> Bundle:
    draft = {"name": plain(plugin.__dict__.get("name", "")), **plugin._draft, **made}
    return Bundle(**draft, mishaps=tuple(mishaps), variants=others)


def generated(
    plugin: Plugin, freezing: Freezing, mishaps: list[Mishap]
) -> dict[str, Any]:
    """Return the resources and the manifests that a plugin generates, as a bundle has them."""
    origin = Origin((plugin._made.call, None))
    members: list[Added] = []
    objects: list[Mapping[str, Any]] = []
    with within(Inner(current())) as session:
        try:
            for item in _items(plugin.generate_resources()):
                if isinstance(item, Builder):
                    freezing.kept.append(item)
                    members.append(Added(resource=freezing.resource(item), origin=origin))
                elif _is_manifest(item):
                    objects.append(item)
                else:
                    mishaps.append(_no_resource(plugin, item, origin))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and others go on
            mishaps.append(_failure(plugin, error, origin))
    for refusal in session.refusals:
        mishaps.append(_refused(plugin, refusal.error, refusal.call))
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


def _nothing(plugin: Plugin, origin: Origin) -> Mishap:
    return Mishap(
        rule="plugin-generates-nothing",
        message=f"{plugin!r} generates nothing",
        severity="warning",
        hint="define generate_resources(), or methods named generate_*",
        origin=origin,
    )


def _no_resource(plugin: Plugin, item: Any, origin: Origin) -> Mishap:
    return Mishap(
        rule="plugin-wrong-result",
        message=f"{plugin!r} generates {item!r:.60}, which is no resource",
        hint="return builders, plugins, or manifests with apiVersion, kind and metadata.name",
        origin=origin,
    )


def _failure(plugin: Plugin, error: Exception, origin: Origin) -> Mishap:
    frame = None
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not is_library[code.co_filename]:
            frame = Frame(code, trace.tb_lasti, None)
        trace = trace.tb_next
    return Mishap(
        rule="plugin-failed",
        message=f"{plugin!r} failed: {type(error).__name__}: {error}",
        hint="correct the plugin at the line shown",
        origin=origin if frame is None else Origin((_At(frame), None)),
    )


def _refused(plugin: Plugin, error: ArgumentError, call: Call) -> Mishap:
    origins: Origins = getattr(error, "origin", None) or Origin((call, None))
    return Mishap(
        rule=error.rule,
        message=f"{plugin!r}: {error.message}",
        hint=error.hint,
        origin=origins,
    )


class _At(Call):
    """A place in a plugin that failed, as the call that problems speak of."""

    __slots__ = ()

    def __init__(self, frame: Frame) -> None:
        self.kind = type(self)
        self.function = type(self).__init__
        self.frame = frame


def replay(plugin: Plugin, steps: Sequence[Step], made: Step | None = None) -> Plugin:
    """Return a plugin made anew, with these calls."""
    from k8sgen_core.plugins.plugin import run

    made = made or plugin._made
    fresh: Plugin = type(plugin)(*made.args, **made.kwargs)
    fresh.__dict__["_made"] = made
    for step in steps:
        run(fresh, step.method, copy.copy(step.args), dict(step.kwargs))
    return fresh


def variants(
    plugin: Plugin, steps: Sequence[Step], environment: str | None
) -> Iterator[tuple[Origin, Bundle]]:
    """Yield what the plugin generates with one call left out, or one argument changed."""
    for index, step in enumerate(steps):
        before, after = steps[:index], steps[index + 1 :]
        call = Origin((step.call, None))
        yield from _variant(plugin, [*before, *after], environment, call)
        for argument, changed in _changed(step):
            origin = Origin((step.call, argument))
            yield from _variant(plugin, [*before, changed, *after], environment, origin)


def _variant(
    plugin: Plugin, steps: Sequence[Step], environment: str | None, origin: Origin
) -> Iterator[tuple[Origin, Bundle]]:
    freezing = Freezing(environment)
    mishaps: list[Mishap] = []
    with within(Inner(current())):
        try:
            fresh = replay(plugin, steps)
        except Exception:  # noqa: BLE001 - a value that the plugin refuses shows nothing
            return
        made = generated(fresh, freezing, mishaps)
    if not mishaps:
        yield origin, _bundle(plugin, made, mishaps, lambda: iter(()))


def _changed(step: Step) -> Iterator[tuple[int | str, Step]]:
    for index, value in enumerate(step.args):
        for other in alternatives(value):
            args = [*step.args[:index], other, *step.args[index + 1 :]]
            yield index, step._replace(args=args)
    for key, value in step.kwargs.items():
        for other in alternatives(value):
            yield key, step._replace(kwargs={**step.kwargs, key: other})


def alternatives(value: Any) -> list[Any]:
    """Return other values of the same type that are probably valid as well."""
    if isinstance(value, bool) or hasattr(value, "is_bool"):
        return [not value]
    if isinstance(value, int):
        return [other for other in (value + 1, value - 1, 1, 0) if 0 <= other != value]
    if isinstance(value, float):
        return [float(value) + 1.0]
    if isinstance(value, str):
        return _other_texts(plain(value))
    if isinstance(value, dict):
        return [
            {**value, key: other}
            for key, element in value.items()
            for other in alternatives(element)[:1]
        ]
    if isinstance(value, list) and value:
        return [value[:-1], [*alternatives(value[0])[:1], *value[1:]]]
    return []


def _other_texts(text: str) -> list[str]:
    digit = next((place for place, letter in enumerate(text) if letter.isdigit()), None)
    found = []
    if digit is not None:
        other = "2" if text[digit] != "2" else "3"
        found.append(f"{text[:digit]}{other}{text[digit + 1 :]}")
    return [*found, f"{text}x", f"x{text}"]
