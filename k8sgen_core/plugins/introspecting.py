"""
What the loaded plugins really offer, as data: also what is not in their text.

A class may be changed by decorators, by loops that set attributes, by a metaclass. Here it
is as it came out. Nothing of it is called; no value is shown that is more than a literal.
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from k8sgen_core.builders.builder import Builder
from k8sgen_core.digests import digest_of
from k8sgen_core.plugins.duality import Dual
from k8sgen_core.plugins.plugin import Plugin

Json: TypeAlias = dict[str, Any]

_LIBRARY = (Plugin, Builder, object)
_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "position",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.KEYWORD_ONLY: "name",
    inspect.Parameter.VAR_KEYWORD: "**",
}
_LITERALS = (str, int, float, bool, type(None))
_LONGEST = 200
_SECRET = re.compile(r"passw|secret|token|credential|api_?key", re.IGNORECASE)


def catalogue(kinds: Iterable[type[Plugin]], text_of: Callable[[str], str | None]) -> list[Json]:
    """Return the plugins; ``text_of`` returns the text of a file as it ran."""
    return [_plugin(kind, text_of) for kind in kinds]


def _plugin(kind: type[Plugin], text_of: Callable[[str], str | None]) -> Json:
    module = sys.modules.get(kind.__module__)
    path = getattr(module, "__file__", None)
    text = text_of(path) if isinstance(path, str) else None
    members = _members(kind)
    constructor = members.get("__init__")
    own = kind.__dict__.get("__doc__")
    return {
        "class": kind.__name__,
        "module": kind.__module__,
        "path": path,
        # Whoever knows another text of the file knows that this is not about it.
        "digest": None if text is None else digest_of(text),
        "names": kind.names(),
        "documentation": inspect.cleandoc(own) if isinstance(own, str) else "",
        "parameters": _parameters(constructor) if constructor is not None else None,
        "dynamic": "__getattr__" in members,
        "methods": [
            method
            for name, member in members.items()
            if not name.startswith("_") and (method := _method(name, member)) is not None
        ],
    }


def _members(kind: type) -> dict[str, Any]:
    """Return what a class and its bases define, without what every plugin has."""
    found: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        if each not in _LIBRARY:
            found.update(vars(each))
    return found


def _method(name: str, member: object) -> Json | None:
    if isinstance(member, property):
        return {**_about(name, member.fget), "kind": "property", "parameters": []}
    function = _function(member)
    if function is None and callable(member) and not isinstance(member, type):
        # What it takes is its own affair.
        return {**_about(name, None), "kind": "property", "parameters": []}
    if function is None:
        return None
    is_generator = name.startswith("generate_")
    kind = "generator" if is_generator else "method"
    return {**_about(name, function), "kind": kind, "parameters": _parameters(function)}


def _function(member: object) -> Callable[..., Any] | None:
    if isinstance(member, Dual):
        return member.function
    if isinstance(member, staticmethod | classmethod):
        return _function(member.__func__)
    return member if isinstance(member, types.FunctionType) else None


def _about(name: str, function: object) -> Json:
    documentation = getattr(function, "__doc__", None)
    code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
    return {
        "name": name,
        "documentation": inspect.cleandoc(documentation) if isinstance(documentation, str) else "",
        "line": code.co_firstlineno if isinstance(code, types.CodeType) else None,
    }


def _parameters(function: Callable[..., Any]) -> list[Json]:
    """Return what a method takes, without its receiver."""
    try:
        known = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        # A decorator may say of its result what is no signature.
        return []
    return [_parameter(each) for each in known[1:]]


def _parameter(parameter: inspect.Parameter) -> Json:
    note = parameter.annotation
    is_given = parameter.default is not inspect.Parameter.empty
    default = _literal(parameter.default) if is_given else None
    if default not in (None, "''") and _SECRET.search(parameter.name):
        default = "'***'" if isinstance(parameter.default, str) else default
    kind = _KINDS[parameter.kind]
    return {
        "name": parameter.name,
        "kind": kind if "*" in kind else "",
        "only": kind if "*" not in kind else "",
        "annotation": "" if note is inspect.Parameter.empty else _annotation(note),
        "default": default,
        "choices": list(_choices(note)),
    }


def _literal(value: object) -> str:
    """Return a value as source text; ``...`` stands for what is no literal."""
    if type(value) in _LITERALS:
        return repr(value) if len(repr(value)) <= _LONGEST else "..."
    if type(value) in (list, tuple, dict, set) and not value:
        return repr(value)
    return "..."


def _annotation(note: object) -> str:
    if isinstance(note, str):
        return note
    if isinstance(note, type) and not get_args(note):
        return note.__qualname__
    return re.sub(r"\b(?:typing|collections\.abc)\.", "", inspect.formatannotation(note))


def _choices(note: object) -> Iterator[str]:
    """Yield the values that an annotation allows, as source text."""
    origin = get_origin(note)
    if origin is Literal:
        yield from (_literal(each) for each in get_args(note))
    elif origin in (Union, types.UnionType):
        for each in get_args(note):
            yield from _choices(each)
    elif origin is typing.Annotated:
        yield from _choices(get_args(note)[0])
    elif note is bool:
        yield from ("True", "False")
    elif isinstance(note, type) and issubclass(note, enum.Enum):
        members: Mapping[str, enum.Enum] = note.__members__
        yield from (f"{note.__name__}.{name}" for name in members)
