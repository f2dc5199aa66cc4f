"""What a schema finds wrong with an object, in words for the person who wrote it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from k8sgen_core.kubernetes.fields import Field

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

Path: TypeAlias = tuple[str | int, ...]

# Real objects stay far below; the engine gives up at 255.
_DEPTH = 200
_MISSING = "missing required field"
_UNKNOWN = "unknown field"
# What is wrong with the content of a secret is said without the content.
_SECRET = {("data",), ("stringData",)}
_LONGEST = 160
_ALTERNATIVES = {
    "anyOf": "this is none of the alternatives that the schema allows",
    "oneOf": "this must be exactly one of the alternatives that the schema allows",
    "not": "this is what the schema forbids here",
}
_WORDS = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


class Violation(NamedTuple):
    """A place in an object that breaks the schema; an unknown field is a place of its own."""

    path: Path
    message: str
    hint: str | None

    @property
    def is_missing(self) -> bool:
        """Is it that the mapping at ``path`` lacks something?"""
        return self.message.startswith(_MISSING)

    @property
    def is_unknown(self) -> bool:
        """Is it that the schema has no such field?"""
        return self.message.startswith(_UNKNOWN)

    @property
    def wants_text(self) -> bool:
        """Is it that something else stands where text should?"""
        return self.message.startswith(f"expected {_WORDS['string']}")


class _TooDeepError(Exception):
    """Raised where an object nests deeper than any real one."""


def check(obj: Mapping[str, object], validator: Validator, root: Field) -> list[Violation]:
    """Return the violations of ``obj``, in the order of its fields."""
    try:
        errors = list(validator.iter_errors(obj))
    except ValueError:
        # The engine refuses the whole object when a single value is none of JSON's.
        return _check_odd(obj, validator, root)
    found = [violation for error in errors for violation in _of(error, obj, root)]
    return sorted(found, key=lambda violation: _position(obj, violation.path))


def check_type(value: object, path: Path) -> list[Violation]:
    """Return the violation of a value that has to be text."""
    if isinstance(value, str):
        return []
    return [Violation(path, *_type_problem(["string"], value))]


def missing(name: str) -> Violation:
    """Return the violation of an object without a required field."""
    return Violation((), f"{_MISSING} {name!r}", None)


def _of(error: ValidationError, obj: Mapping[str, object], root: Field) -> Iterator[Violation]:
    path = tuple(error.instance_path)
    kind: Any = error.kind
    match kind.name:
        case "additionalProperties":
            for name in kind.unexpected:
                hint = _whereabouts(name, path, root)
                yield Violation((*path, name), f"{_UNKNOWN} {name!r}", hint)
        case "required":
            yield Violation(path, f"{_MISSING} {kind.property!r}", None)
        case "type" if obj.get("kind") == "Secret" and path[:1] in _SECRET:
            yield Violation(path, f"expected {_expected(kind.types)}, got another type", None)
        case "type":
            yield Violation(path, *_type_problem(kind.types, _at(obj, path)))
        case "enum":
            allowed = " or ".join(map(repr, kind.options))
            yield Violation(path, f"expected {allowed}, got {_described(_at(obj, path))}", None)
        case "anyOf" | "oneOf" | "not":
            yield Violation(path, _ALTERNATIVES[kind.name], None)
        case _:
            yield Violation(path, _shortened(error.message), None)


def _shortened(message: str) -> str:
    """Return a message of the engine, which quotes whole values."""
    return message if len(message) <= _LONGEST else f"{message[:60]} ... {message[-60:]}"


def _at(value: Any, path: Path) -> object:
    for step in path:
        value = value[step]
    return value


def _type_problem(types: list[str], value: object) -> tuple[str, str | None]:
    return f"expected {_expected(types)}, got {_described(value)}", _type_hint(types, value)


def _expected(types: list[str]) -> str:
    return " or ".join(_WORDS[name] for name in types if name != "null")


def _type_hint(types: list[str], value: object) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if "string" in types and isinstance(value, bool | int | float):
        return f"write it in quotes: {json.dumps(json.dumps(value))}"
    if isinstance(value, str) and _reads_as(types, value):
        return f"write it without quotes: {value}"
    if "array" in types and value is not None:
        return "write it as a list, even if it has one item only"
    return None


def _reads_as(types: list[str], text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    if isinstance(value, bool):
        return "boolean" in types
    return isinstance(value, int) and not {"integer", "number"}.isdisjoint(types)


def _described(value: object) -> str:
    if isinstance(value, str):
        shown = value if len(value) <= 40 else f"{value[:37]}..."
        return f"the text {shown!r}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value}, which is no number in YAML or JSON"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, Mapping | list):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return "nothing"


def _whereabouts(name: str, path: Path, root: Field) -> str | None:
    """Say what an unknown field may have been meant as, or where its name is known."""
    import difflib  # Most objects have no violations.

    places: list[tuple[tuple[str, ...], Field]] = [((), root)]
    for step in path:
        place, field = places[-1]
        if isinstance(step, str) and (inner := field.child(step)):
            places.append(((*place, step), inner))
    place, field = places[-1]
    near = {known.lower(): known for known in field.names}
    folded = name.replace("_", "").replace("-", "").lower()
    if close := difflib.get_close_matches(folded, near, n=1, cutoff=0.75):
        return f"did you mean {near[close[0]]!r}?"
    around = [found for found in reversed(places[:-1]) if name in found[1].names]
    inside = _below(place, field)
    if found := next((where for where, at in (*around, *inside) if name in at.names), None):
        return f"{name!r} is a field of {'.'.join(found)}"
    return None


def _below(place: tuple[str, ...], field: Field) -> Iterator[tuple[tuple[str, ...], Field]]:
    level = [(place, field)]
    for _ in range(2):
        level = [
            ((*where, name), inner)
            for where, at in level
            for name in at.names
            if (inner := at.child(name))
        ]
        yield from level


def _position(obj: object, path: Path) -> tuple[int, ...]:
    position = []
    for step in path:
        if isinstance(obj, Mapping):
            position.append(next((i for i, key in enumerate(obj) if key == step), len(obj)))
            obj = obj.get(step)
        elif isinstance(obj, list | tuple) and isinstance(step, int):
            position.append(step)
            obj = obj[step]
    return tuple(position)


def _check_odd(obj: Mapping[str, object], validator: Validator, root: Field) -> list[Violation]:
    odd: list[Violation] = []
    try:
        plain = _plain_mapping(obj, (), odd.append)
    except _TooDeepError:
        return [Violation((), f"nested deeper than {_DEPTH} levels", None)]
    if not odd:
        # A value of a class of its own was passed in, which is the caller's mistake.
        raise TypeError("expected values of the built-in types only")
    places = {violation.path for violation in odd}
    others = [other for other in check(plain, validator, root) if other.path not in places]
    return sorted((*odd, *others), key=lambda violation: _position(plain, violation.path))


def _plain(value: object, path: Path, report: Callable[[Violation], None]) -> object:
    if len(path) > _DEPTH:
        raise _TooDeepError
    if isinstance(value, Mapping):
        return _plain_mapping(value, path, report)
    if isinstance(value, list | tuple):
        return [_plain(item, (*path, index), report) for index, item in enumerate(value)]
    if value is not None and not isinstance(value, str | bool | int | float):
        message = f"a value of type {type(value).__name__} is neither YAML nor JSON"
        report(Violation(path, message, "write it as text, in quotes"))
        return None
    return value


def _plain_mapping(
    value: Mapping[Any, object], path: Path, report: Callable[[Violation], None]
) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        name = str(key)
        if not isinstance(key, str):
            message = f"names of fields are text, this one is {_described(key)}"
            report(Violation((*path, name), message, f"write it in quotes: {json.dumps(name)}"))
        plain[name] = _plain(item, (*path, name), report)
    return plain
