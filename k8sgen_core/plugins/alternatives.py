"""Other values that an argument could have had: what they change is what it decides."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterable, Iterator
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

MOST = 6


def alternatives(value: Any, function: Callable[..., Any], argument: int | str) -> list[Any]:
    """Return other values that are probably valid: those of the annotation, else of the type."""
    choices = [other for other in _choices(_annotation(function, argument)) if other != value]
    return choices[:MOST] if choices else _others(value)


def _annotation(function: Callable[..., Any], argument: int | str) -> Any:
    code = function.__code__
    if isinstance(argument, int):
        if argument + 1 >= code.co_argcount:
            return None
        argument = code.co_varnames[argument + 1]
    note = function.__annotations__.get(argument)
    if isinstance(note, str):
        try:
            return get_type_hints(function, vars(sys.modules[function.__module__]))[argument]
        except (NameError, TypeError, AttributeError):
            return None
    return note


def _choices(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            if each is not NoneType:
                yield from _choices(each)
    elif isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        yield from annotation


def _others(value: Any) -> list[Any]:
    if isinstance(value, enum.Enum):
        return [other for other in type(value) if other is not value][:MOST]
    find = next((find for kind, find in _BY_TYPE if isinstance(value, kind)), None)
    return [] if find is None else list(find(value))


def _numbers(value: int) -> list[int]:
    others = dict.fromkeys((value + 1, value - 1, 1, 0))
    return [other for other in others if 0 <= other != value]


def _texts(text: str) -> list[str]:
    """Return texts that differ a little: a number in it, its end, its beginning; and nothing."""
    digit = next((place for place, letter in enumerate(text) if letter.isdigit()), None)
    found = []
    if digit is not None:
        other = "2" if text[digit] != "2" else "3"
        found.append(f"{text[:digit]}{other}{text[digit + 1 :]}")
    return [*found, f"{text}x", f"x{text}"]


def _mappings(value: dict[Any, Any]) -> list[dict[Any, Any]]:
    """Return mappings with one value changed, and with one key left out."""
    changed = (
        {**value, key: other} for key, element in value.items() for other in _others(element)[:2]
    )
    fewer = ({k: v for k, v in value.items() if k != key} for key in value)
    return [*changed, *fewer]


def _lists(value: list[Any]) -> Iterator[list[Any]]:
    """Yield lists with one item changed or left out."""
    for index, item in enumerate(value):
        yield [*value[:index], *value[index + 1 :]]
        for other in _others(item)[:1]:
            yield [*value[:index], other, *value[index + 1 :]]


_BY_TYPE: tuple[tuple[type, Callable[[Any], Iterable[Any]]], ...] = (
    (bool, lambda value: [not value]),
    (int, _numbers),
    (float, lambda value: [value + 1.0]),
    (str, _texts),
    (dict, _mappings),
    (list, _lists),
    (tuple, lambda value: map(tuple, _lists(value))),
)
