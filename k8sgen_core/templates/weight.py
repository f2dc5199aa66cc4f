"""How much a template may ask for: a short template can describe a text that fills any memory."""

from __future__ import annotations

import math
from collections.abc import ItemsView, Iterable, Iterator, KeysView, ValuesView
from itertools import islice
from types import GeneratorType
from typing import Any

from jinja2 import Undefined

from k8sgen_core.carriers import Dict, List, origin_of
from k8sgen_core.grammar import is_bool, is_number
from k8sgen_core.templates.layout import Json, TemplateText, Tokens
from k8sgen_core.templates.values import Unset, Worded

LONGEST = 1 << 20
"""Characters of one text."""
MOST = 100_000
"""Values in one mapping or list, with all that is inside."""


class TooMuch(ValueError):
    """A template that asks for more than it may."""


def weigh(value: Any) -> None:
    """Refuse a value with too many parts, or parts that are too long."""
    waiting, count, length = [value], 0, 0
    while waiting:
        part = waiting.pop()
        count += 1
        if isinstance(part, str):
            length += len(part)
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list | tuple):
            waiting += part
        if count > MOST or length > 8 * LONGEST:
            raise TooMuch("the value is too large")


def data(value: Any, tokens: Tokens) -> Any:
    """Return a value as it is written, with the origins of its parts."""
    if isinstance(value, GeneratorType | Iterator):
        value = list(islice(value, MOST + 1))
    if isinstance(value, dict | list | tuple):
        weigh(value)
    return _data(value, tokens)


def _data(value: Any, tokens: Tokens) -> Any:
    made: Any
    if isinstance(value, Undefined) and not isinstance(value, Unset):
        str(value)
    if isinstance(value, Worded):
        return value.text
    if isinstance(value, TemplateText):
        return tokens.expanded(value)
    if isinstance(value, str):
        expanded = value if isinstance(value, Json) else tokens.expanded(value)
        return value if expanded == str.__str__(value) else expanded
    if isinstance(value, dict):
        made = Dict((_data(k, tokens), _data(v, tokens)) for k, v in value.items())
    elif isinstance(value, list | tuple | ItemsView | KeysView | ValuesView):
        items: Iterable[Any] = value
        made = List(_data(item, tokens) for item in items)
    elif _is_scalar(value):
        return value
    else:
        raise TypeError(f"{type(value).__name__} is no value that YAML can say")
    made.origin = origin_of(value)
    return made


def _is_scalar(value: Any) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return value is None or isinstance(value, Unset) or is_bool(value) or is_number(value)
