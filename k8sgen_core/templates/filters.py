"""Jinja's filters, told apart: what they make of values is a value, of template text is text."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.filters import FILTERS
from jinja2.runtime import Context, Undefined

from k8sgen_core.carriers import join, origin_of, placed, plain
from k8sgen_core.grammar import is_bool, is_number
from k8sgen_core.templates.layout import OPEN, Indented, Json, TemplateText
from k8sgen_core.templates.values import Unset
from k8sgen_core.templates.weight import LONGEST, TooMuch, data, weigh

PADDING = frozenset(("center", "ljust", "rjust", "zfill", "indent", "wordwrap", "truncate"))
_COUNTS = frozenset(("batch", "slice", "round", "center", "indent", "wordwrap", "truncate"))
# They keep the lines of a template's own text as they are, so tokens may stay in it.
_LAYOUT = frozenset(("indent", "trim", "string", "safe", "_text", "_joined", "_counted", "default"))
# Chance, and the ways to attributes and to HTML.
_REFUSED = (
    *("random", "attr", "xmlattr", "urlize", "escape"),
    *("e", "forceescape", "striptags", "format", "pprint"),
)


def offered() -> dict[str, str]:
    """Return the filters that a template can use, each with the first line of its manual."""
    own = {"tojson": "Return JSON; alone in a node it is the value itself."}
    theirs = {
        name: (made.__doc__ or "").strip().partition("\n")[0]
        for name, made in sorted(FILTERS.items())
        if name not in _REFUSED
    }
    return {**theirs, **own}


class Filters:
    """The filters of one sandbox."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox

    def all(self) -> dict[str, Callable[..., Any]]:
        """Return every filter by name."""
        theirs = {name: made for name, made in FILTERS.items() if name not in _REFUSED}
        own = {
            "tojson": self._tojson,
            "_joined": lambda parts: self._sandbox.joined(parts),
            "_counted": lambda items: self._sandbox.counted(items),
        }
        found = {name: self._kept(name, made) for name, made in {**theirs, **own}.items()}
        return {**found, "_text": TemplateText, "_written": _written, "indent": self._indent}

    def _kept(self, name: str, made: Callable[..., Any]) -> Callable[..., Any]:
        position = 1 if hasattr(made, "jinja_pass_arg") else 0

        @functools.wraps(made)
        def filtered(*args: Any, **kwargs: Any) -> Any:
            value, rest = args[position], (*args[position + 1 :], *kwargs.values())
            weigh((value, *rest))
            _check_counts(name, value, rest)
            own = all(map(_is_literal, (value, *rest)))
            if name not in _LAYOUT and isinstance(value, TemplateText):
                value = self._sandbox.tokens.expanded(value)
            result = made(*args[:position], value, *args[position + 1 :], **kwargs)
            if not isinstance(result, str):
                return result
            return self._text(check_text(result), value, own=own)

        return filtered

    def _text(self, result: str, value: Any, *, own: bool) -> str:
        if isinstance(result, TemplateText | Json | Indented):
            return result
        if own:
            return TemplateText(result)
        return placed(result, join(origin_of(result), origin_of(value)))

    def _tojson(self, value: Any, indent: int | None = None) -> Any:
        """Return JSON; alone in a node it is the value itself."""
        known = data(value, self._sandbox.tokens)
        if isinstance(known, Unset):
            return known
        made = Json(json.dumps(plain(known), indent=indent, ensure_ascii=False))
        made.value = known
        return made

    def _indent(self, text: Any, width: int = 4, first: bool = False, blank: bool = False) -> Any:
        """Return text with its lines indented; the first only if asked for."""
        if isinstance(text, Undefined):
            return text
        _check_counts("indent", text, (width,))
        lead = " " * width
        lines = str(data(text, self._sandbox.tokens) if not _is_own(text) else text).split("\n")
        shown = [
            lead + line if (line or blank) and (number or first) else line
            for number, line in enumerate(lines)
        ]
        result = check_text("\n".join(shown))
        if _is_own(text):
            return TemplateText(result)
        made = Indented(result)
        made.width = width
        return made


@pass_context
def _written(context: Context, value: Any) -> str:
    finalize: Any = context.environment.finalize
    made: str = finalize(context, value)
    return made


def _is_own(value: Any) -> bool:
    return isinstance(value, TemplateText)


def _is_literal(value: Any) -> bool:
    if isinstance(value, TemplateText):
        return OPEN not in value
    return value is None or is_bool(value) or is_number(value)


def _check_counts(name: str, value: Any, rest: tuple[Any, ...]) -> None:
    if name in _COUNTS:
        for each in rest:
            if isinstance(each, int) and each > 10_000:
                raise TooMuch(f"{name} by {each:,} is too much")
    length = 0
    if name == "replace" and len(rest) > 1:
        length = str(value).count(str(rest[0])) * len(str(rest[1]))
    if name == "join" and rest and isinstance(value, list | tuple):
        length = len(value) * len(str(rest[0]))
    if length > LONGEST:
        raise TooMuch("the text becomes too long")


def check_text(text: str) -> str:
    """Return a text that is not too long."""
    if len(text) > LONGEST:
        raise TooMuch(f"a text has more than {LONGEST:,} characters")
    return text
