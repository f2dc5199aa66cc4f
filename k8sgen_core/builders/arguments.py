"""What setters say to their arguments: what they mean, or why and where they are refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MethodType
from typing import Any

from k8sgen_core.carriers import List, Origin, Origins, caused, deep_origins, each, origin_of
from k8sgen_core.grammar import ArgumentError, is_bool, is_number, wrong_type
from k8sgen_core.origin import Call
from k8sgen_core.validator import Validator

_METHOD = "<bound method "


def checked(parse: Callable[..., Any], value: Any, *context: Any) -> Any:
    """Return what ``parse`` makes of an argument; what it refuses is placed at the argument."""
    try:
        result = parse(value, *context)
    except ArgumentError as error:
        part = _part(value, error.path)
        raise placed_at(part, _method(part, "this") or error) from None
    if result is value:
        return value
    origin = getattr(value, "origin", None)
    return caused(_written(value) if origin is None else origin, result)


def optional(parse: Callable[..., Any], value: Any, *context: Any) -> Any:
    """Return the same, and ``None`` where nothing was given."""
    return None if value is None else checked(parse, value, *context)


def refusal(value: object, rule: str, message: str, hint: str | None = None) -> ArgumentError:
    """Return the error for an argument, or for a part of one, placed at it."""
    return placed_at(value, ArgumentError(rule, message, hint))


def mistyped(value: object, what: str, wanted: str) -> ArgumentError:
    """Return the error for an argument of a type that it cannot have."""
    return placed_at(value, _method(value, what) or wrong_type(value, what, wanted))


def placed_at(value: object, error: ArgumentError) -> ArgumentError:
    """Return the error with the value that it is about, if it does not know yet."""
    if not hasattr(error, "culprit"):
        error.culprit = value  # type: ignore[attr-defined]
    return error


def located(
    error: ArgumentError, call: Call, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> ArgumentError:
    """Return the error with the origin of the refused value, ``None`` if it is the whole call."""
    if hasattr(error, "culprit"):
        given = [*enumerate(args), *kwargs.items()]
        places = (_place(error.culprit, value, Origin((call, key))) for key, value in given)
        known = origin_of(error.culprit) or next(filter(None, places), None)
        origin = known or _written(error.culprit)
        error.origin = origin  # type: ignore[attr-defined]
    return error


def _place(culprit: object, value: Any, origin: Origin) -> Origin | None:
    """Return where in an argument the very object is; ``None`` and builders carry no origin."""
    if value is culprit:
        return origin
    inner: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, dict):
        inner = iter(value.items())
    elif isinstance(value, list | tuple):
        inner = enumerate(value)
    return next(
        filter(None, (_place(culprit, part, origin.inside(key)) for key, part in inner)), None
    )


def _part(value: Any, path: tuple[object, ...]) -> Any:
    for key in path:
        if isinstance(key, tuple) and isinstance(value, dict):
            value = next((known for known in value if known == key[1]), value)
        elif isinstance(value, dict | list | tuple):
            value = value[key]  # type: ignore[call-overload]
    return value


def _written(value: Any) -> Origins:
    """Return where a value was written: a mapping or list, as the argument it is a part of."""
    found = origin_of(value)
    if found is not None:
        return found
    inner = each(deep_origins(value))
    if not inner:
        return None
    argument = inner[0].argument
    return Origin((inner[0].call, argument[0] if isinstance(argument, tuple) else argument))


def _method(value: object, what: str) -> ArgumentError | None:
    if isinstance(value, MethodType):
        name = value.__name__
        message = f"{what} is the method {name!r}, not its value"
    elif isinstance(value, str) and _METHOD in value:
        name = value.partition(_METHOD)[2].partition(" ")[0].rpartition(".")[2]
        message = f"{what} contains the method {name!r}, not its value"
    else:
        return None
    return ArgumentError(
        "method-as-value", message, f"read values with .build(), e.g. app.build().{name}"
    )


def text(value: Any, what: str) -> str:
    """Return text; numbers and truth values become text as Kubernetes wants it."""
    if isinstance(value, str):
        error = _method(value, what)
        if error is not None:
            raise placed_at(value, error)
        return value
    if is_bool(value):
        return "true" if value else "false"
    if is_number(value):
        return str(value)
    raise mistyped(value, what, "text")


def texts(values: Any, what: str) -> tuple[str, ...]:
    """Return a list of texts, given as one list or as several arguments."""
    if len(values) == 1 and isinstance(values[0], list | tuple):
        values = values[0]
    if isinstance(values, List):
        values = tuple(values)
    return tuple(checked(text, value, what) for value in values)


def mapping(value: Any, what: str, example: str) -> Mapping[Any, Any]:
    """Return a mapping; ``example`` shows one."""
    if not isinstance(value, Mapping):
        raise mistyped(value, what, f"a mapping such as {example}")
    return value


def a_validator(value: object) -> Validator:
    """Return a validator, of which the class is none."""
    if isinstance(value, type) and issubclass(value, Validator):
        name = value.__name__
        message = f"{name} is a class; a validator is an instance of one"
        raise refusal(value, "wrong-type", message, f"write {name}()")
    if not isinstance(value, Validator):
        raise mistyped(value, "a validator", "an instance of a subclass of Validator")
    return value


def a_format(value: object) -> object:
    """Return an output format, of which the class is none."""
    if isinstance(value, type):
        name = value.__name__
        message = f"{name} is a class; a format is an instance of one"
        raise refusal(value, "wrong-type", message, f"write {name}()")
    if not (hasattr(value, "render") or hasattr(value, "generate")):
        raise mistyped(value, "a format", "an instance of a subclass of OutputFormat")
    return value


def one_of(value: Any, allowed: Sequence[str], what: str) -> str:
    """Return one of the allowed texts; the hint knows those that differ in case only."""
    if value in allowed:
        return str(value)
    near = next((name for name in allowed if name.lower() == str(value).lower()), None)
    hint = f"did you mean {near!r}?" if near else f"use one of {', '.join(allowed)}"
    method = _method(value, what)
    raise placed_at(
        value, method or ArgumentError("invalid-value", f"{value!r} is no {what}", hint)
    )


def manifest(value: Any, what: str) -> Any:
    """Return what is written into a manifest as it is, if YAML and JSON can say all of it."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise mistyped(key, f"a key in {what}", "text")
    elif not isinstance(value, list | tuple):
        _check_scalar(value, what)
        return value
    for inner in value.values() if isinstance(value, dict) else value:
        manifest(inner, what)
    return value


def _check_scalar(value: Any, what: str) -> None:
    if isinstance(value, str):
        text(value, what)
    elif isinstance(value, float) and not math.isfinite(value):
        raise mistyped(value, what, "a number that JSON can say")
    elif value is not None and not is_bool(value) and not is_number(value):
        raise mistyped(value, what, "text, numbers, mappings and lists")
