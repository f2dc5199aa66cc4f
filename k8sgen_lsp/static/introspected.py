"""
What the worker found of loaded plugins, put into what their text says.

The text of a file is enough for most plugins. What decorators, loops and metaclasses make of
one only shows when it is loaded, which happens in trusted folders, in the worker. It counts as
long as the text is the one that was loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from k8sgen_lsp.static.described import Class, Member, Parameter, written

Json: TypeAlias = dict[str, Any]
Introspected: TypeAlias = Mapping[str, Json]

NOTHING: Introspected = {}


def by_name(plugins: Iterable[Json]) -> Introspected:
    """Return the plugins by their dotted names."""
    return {f"{each['module']}.{each['class']}": each for each in plugins}


def refined(found: Class, plugin: Json) -> Class:
    """Return a class with what is known of it beyond its text."""
    own = dict(found.own)
    for method in plugin["methods"]:
        known = own.get(method["name"])
        own[method["name"]] = _made(found, method) if known is None else _better(known, method)
    constructor = found.constructor
    if constructor is None and plugin["parameters"] is not None:
        constructor = _parameters(plugin["parameters"])
    return Class(
        module=found.module,
        name=found.name,
        documentation=found.documentation or plugin["documentation"],
        bases=found.bases,
        aliases=tuple(plugin["names"]) or found.aliases,
        own=own,
        constructor=constructor,
        fields=found.fields,
        entered=found.entered,
        is_dynamic=found.is_dynamic or plugin["dynamic"],
        binds_computed=found.binds_computed,
        is_altered=found.is_altered,
        is_loaded=True,
        line=found.line,
    )


def _made(found: Class, method: Json) -> Member:
    """Return a method that is not in the text of the class: of a plugin, so it is a setter."""
    parameters = _parameters(method["parameters"])
    is_property = method["kind"] == "property"
    signature = method["name"] if is_property else f"{method['name']}({written(parameters)})"
    return Member(
        name=method["name"],
        owner=found.qualified,
        signature=signature if is_property else f"{signature} -> Self",
        documentation=method["documentation"],
        returns="" if is_property or method["kind"] == "generator" else "Self",
        is_property=is_property,
        parameters=parameters,
        line=method["line"] or 0,
    )


def _better(known: Member, method: Json) -> Member:
    """Return a member with what loading showed: a signature that a decorator made, choices."""
    if method["kind"] == "property" or known.is_property:
        return known
    loaded = _parameters(method["parameters"])
    if [each.name for each in loaded] == [each.name for each in known.parameters]:
        pairs = zip(known.parameters, loaded, strict=True)
        merged = tuple(
            replace(ours, choices=ours.choices or theirs.choices) for ours, theirs in pairs
        )
        return replace(known, parameters=merged)
    arrow = known.signature.partition(")")[2]
    return replace(known, parameters=loaded, signature=f"{known.name}({written(loaded)}){arrow}")


def _parameters(given: list[Json]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(
            name=each["name"],
            kind=each["kind"],
            only=each["only"],
            annotation=each["annotation"],
            default=each["default"],
            choices=tuple(each["choices"]),
        )
        for each in given
    )
