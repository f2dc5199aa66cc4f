"""
From the schema of a custom resource to one that is judged by.

A server reads it so: fields that it does not name are dropped, which is an error here; null is
the same as nothing; branches of ``anyOf`` and the like only narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

_KEPT_AS_THEY_ARE = ("enum", "required", "pattern", "type", "$ref", "const")
_BOUNDS = (
    "maximum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minimum",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "uniqueItems",
)
# What a schema says for itself, and what a server does with the value.
_ANNOTATIONS = (
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-patch-merge-key",
    "default",
)
_BRANCHES = ("allOf", "anyOf", "oneOf")
_MAPPINGS = ("definitions", "$defs")
_NUMBER_OR_TEXT = ["integer", "string"]
_IDENTITY = ("apiVersion", "kind")


def judging(schema: Mapping[str, Any], metadata: Mapping[str, Any]) -> Schema:
    """Return the schema by which objects are judged, with that of the metadata of all objects."""
    found: Schema = _converted(schema, strict=True)
    known = found.setdefault("properties", {})
    given = known.pop("metadata", {})
    for name in _IDENTITY:
        known.setdefault(name, {"type": "string"})
    if given.get("properties"):
        # What a kind says of its names narrows what holds for all.
        metadata = {"allOf": [metadata, {"properties": given["properties"]}]}
    found["properties"] = {**known, "metadata": metadata}
    if not schema.get("x-kubernetes-preserve-unknown-fields"):
        found["additionalProperties"] = False
    found["required"] = list(dict.fromkeys((*found.get("required", ()), *_IDENTITY)))
    return found


def _converted(schema: Any, *, strict: bool) -> Any:
    """Return a schema; a branch that only narrows is not ``strict``."""
    if not isinstance(schema, Mapping):
        return schema
    found: Schema = {
        name: schema[name]
        for name in (*_KEPT_AS_THEY_ARE, *_BOUNDS, *_ANNOTATIONS)
        if name in schema
    }
    if not str(found.get("$ref", "#")).startswith("#"):
        # Nothing is fetched.
        del found["$ref"]
    _exclusive(schema, found)
    _inner(schema, found, strict=strict)
    if strict:
        _closed(schema, found)
    if schema.get("x-kubernetes-int-or-string"):
        found["type"] = _NUMBER_OR_TEXT
        found.pop("anyOf", None)
    if schema.get("x-kubernetes-embedded-resource"):
        _embed(found)
    return _nullable(found) if schema.get("nullable") else found


def _exclusive(schema: Mapping[str, Any], found: Schema) -> None:
    """Note bounds that are excluded, which OpenAPI says by a truth value beside the bound."""
    for bound, name in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        excluded = schema.get(name)
        if excluded is True and bound in found:
            found[name] = found.pop(bound)
        elif excluded is not None and not isinstance(excluded, bool):
            found[name] = excluded


def _inner(schema: Mapping[str, Any], found: Schema, *, strict: bool) -> None:
    _fields(schema, found, strict=strict)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), Mapping):
            found[name] = _converted(schema[name], strict=strict)
    for name in _BRANCHES:
        if isinstance(branches := schema.get(name), list):
            found[name] = [_converted(branch, strict=False) for branch in branches]
    if isinstance(schema.get("not"), Mapping):
        found["not"] = _converted(schema["not"], strict=False)
    for name in _MAPPINGS:
        if isinstance(known := schema.get(name), Mapping):
            found[name] = {key: _converted(inner, strict=strict) for key, inner in known.items()}


def _fields(schema: Mapping[str, Any], found: Schema, *, strict: bool) -> None:
    if isinstance(properties := schema.get("properties"), Mapping):
        found["properties"] = {
            name: _converted(inner, strict=strict) for name, inner in properties.items()
        }
        nullable = {name for name, inner in properties.items() if _is_nullable(inner)}
        if nullable and "required" in found:
            found["required"] = [name for name in found["required"] if name not in nullable]


def _is_nullable(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("nullable") is True


def _closed(schema: Mapping[str, Any], found: Schema) -> None:
    """Refuse fields that are not named, as the server would drop them."""
    keeps = schema.get("x-kubernetes-preserve-unknown-fields")
    if "properties" in found and "additionalProperties" not in found and not keeps:
        found["additionalProperties"] = schema.get("additionalProperties", False)


def _embed(found: Schema) -> None:
    """Let a field hold a whole object of any kind."""
    known = found.setdefault("properties", {})
    for name in _IDENTITY:
        known.setdefault(name, {"type": "string"})
    known.setdefault("metadata", {"type": "object"})
    found["required"] = list(dict.fromkeys((*found.get("required", ()), *_IDENTITY)))


def _nullable(schema: Schema) -> Schema:
    """Return a schema that null fits too, which only an item of a list still is."""
    if "type" in schema:
        kinds = schema["type"]
        schema["type"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def without_nulls(value: Any) -> Any:
    """Return a value without the fields that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value
