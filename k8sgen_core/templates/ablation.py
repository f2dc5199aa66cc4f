"""
Which calls a rendered object owes its lines to, found by doing without them.

A value knows the call that gave it, so a line that shows it does too. What a template
decides by a value shows nothing of it: here the template is rendered again without what
one call gave, and with something else instead, and the objects are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.carriers import Origin, Replacing, each, origin_of, placed
from k8sgen_core.grammar import is_bool
from k8sgen_core.kubernetes.differences import Marks, differences, mark
from k8sgen_core.origin import Call
from k8sgen_core.templates.context import origins_in
from k8sgen_core.templates.faults import TemplateFault
from k8sgen_core.templates.rendering import Template, Text
from k8sgen_core.templates.structure import Structure
from k8sgen_core.templates.values import Unset, Worded

_GONE = object()
_CANDIDATES = 4


def owners(
    template: Template, context: Mapping[str, Any], nonce: str, base: tuple[Text, Structure]
) -> Marks:
    """Return for each path of the objects the calls that it would be different without."""
    read = {name: context[name] for name in context if name in template.names}
    given: dict[Call, dict[Origin, None]] = {}
    for value in read.values():
        for origin in origins_in(value):
            given.setdefault(origin.call, {})[origin] = None
    marks: Marks = {}
    constants = template.constants
    for call, origins in given.items():
        narrow = {Origin(origin) for origin in origins if origin.argument is not None}
        shown = narrow.pop() if len(narrow) == 1 else Origin((call, None))
        for variant in _variants(context, read, call, constants):
            for path, gone in _changes(template, variant, nonce, base):
                mark(marks, path, shown, gone=gone)
    return marks


def _variants(
    context: Mapping[str, Any], read: Mapping[str, Any], call: Call, constants: list[Any]
) -> Iterator[Mapping[str, Any]]:
    if call.method != "__init__":
        without = {name: _without(value, call) for name, value in read.items()}
        unset = {k: Unset(name=k) if v is _GONE else v for k, v in without.items()}
        yield {**context, **unset}
    for number in range(min(len(constants), _CANDIDATES) + 1):
        other = constants[number - 1] if number else None
        yield {**context, **{name: _changed(value, call, other) for name, value in read.items()}}


def _is_of(value: Any, call: Call) -> bool:
    """Did this call, and no other, give the value, where nothing was before?"""
    origins = each(origin_of(value))
    return bool(origins) and all(
        origin.call is call and not isinstance(origin, Replacing) for origin in origins
    )


def _without(value: Any, call: Call) -> Any:
    """Return a value without what a call gave."""
    if _is_of(value, call):
        return _GONE
    if isinstance(value, dict):
        kept = {k: _without(v, call) for k, v in value.items() if not _is_of(k, call)}
        return _like(value, {k: v for k, v in kept.items() if v is not _GONE})
    if isinstance(value, list):
        items = [kept for item in value if (kept := _without(item, call)) is not _GONE]
        return _GONE if value and not items else _like(value, items)
    return value


def _like(old: Any, content: Any) -> Any:
    made = type(old)(content)
    for field in ("origin", "known", "title", "text"):
        if hasattr(old, field):
            setattr(made, field, getattr(old, field))
    return made


def _changed(value: Any, call: Call, other: Any) -> Any:
    """Return a value with something else for what a call gave."""
    if isinstance(value, dict):
        made = _like(value, {k: _changed(v, call, other) for k, v in value.items()})
        if isinstance(value, Worded):
            made.text = _changed(value.text, call, other)
        return made
    if isinstance(value, list):
        return _like(value, [_changed(item, call, other) for item in value])
    if all(origin.call is not call for origin in each(origin_of(value))):
        return value
    return placed(_another(value, other), origin_of(value))


def _another(value: Any, other: Any) -> Any:
    if is_bool(value):
        return not value
    if isinstance(value, str):
        return other if isinstance(other, str) else value + "x"
    if isinstance(value, int):
        return other if isinstance(other, int) and not is_bool(other) else int(value) + 1
    return value + 1.5 if isinstance(value, float) else value


def _changes(
    template: Template, variant: Mapping[str, Any], nonce: str, base: tuple[Text, Structure]
) -> Iterator[tuple[tuple[Any, ...], bool]]:
    before, structure = base
    try:
        after = template.rendered(variant, nonce)
        if after.text == before.text:
            # The same tokens at the same places: only values can be different.
            for number, paths in structure.uses.items():
                old, new = before.tokens.values[number], after.tokens.values[number]
                if old is not new:
                    for path in paths:
                        yield from _of_value(old, new, path)
            return
        changed = template.structure(after)
    except TemplateFault:
        return
    yield from differences(structure.documents, changed.documents)


def _of_value(old: Any, new: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], bool]]:
    if isinstance(old, Unset) or isinstance(new, Unset):
        if not isinstance(old, Unset):
            yield path, True
        return
    yield from differences(old, new, path)
