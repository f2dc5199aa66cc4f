"""
The text grammars of the field, parsed where the user wrote the value.

Each function takes what the user gave, of whatever type, and returns that very object when it
is fine (it may carry its origin); only a value in another notation becomes new text.
"""

from __future__ import annotations

import re
from types import BuiltinFunctionType, FunctionType, MethodType

SHOWN = 60
KINDS = (
    (str, "text"),
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number with a fraction"),
    (dict, "a mapping"),
    ((list, tuple), "a list"),
)
_PROPOSED = re.compile(r"did you mean (['\"].*['\"])\?")
_OPTION = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class ArgumentError(ValueError):
    """A value that Kubernetes would refuse, with the rule it breaks and the remedy."""

    def __init__(
        self,
        rule: str,
        message: str,
        hint: str | None = None,
        path: tuple[object, ...] = (),
    ) -> None:
        super().__init__(rule, message, hint, path)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.path = path

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def under(self, step: object) -> ArgumentError:
        """Return the same error one level out: ``step`` is a key, or ``("key", key)`` for a key."""
        return ArgumentError(self.rule, self.message, self.hint, (step, *self.path))


def is_bool(value: object) -> bool:
    """Tell a boolean from a number; ``bool`` has no subclasses, so carriers declare themselves."""
    return isinstance(value, bool) or getattr(value, "is_bool", False) is True


def is_number(value: object) -> bool:
    """Tell whether ``value`` is an int or a float, which booleans are not here."""
    return isinstance(value, (int, float)) and not is_bool(value)


def shown(value: object) -> str:
    """Return ``value`` as Python writes it, short enough for one line of a message."""
    full = _ADDRESS.sub("", repr(bool(value)) if is_bool(value) else repr(value))
    return full if len(full) <= SHOWN else f"{full[: SHOWN - 4]}...{full[-1]}"


def did_you_mean(*options: str | None) -> str | None:
    """Return the hint that proposes ``options``, without those that are None or empty."""
    known = [repr(str(option)) for option in options if option]
    return f"did you mean {' or '.join(known)}?" if known else None


def proposals(hint: str) -> list[str]:
    """Return the options that ``did_you_mean`` has put in a text; what has escapes keeps them."""
    found = _PROPOSED.search(hint)
    return [each[1:-1] for each in _OPTION.findall(found[1])] if found else []


def wrong_type(value: object, what: str, wanted: str, hint: str | None = None) -> ArgumentError:
    """Return the error for a value that is not even of the right Python type."""
    return ArgumentError("wrong-type", f"{_given(value)}; {what} must be {wanted}", hint)


def text(value: object, what: str, hint: str | None = None) -> str:
    """Return ``value`` if it is text; ``what`` names it in the error, e.g. ``the image``."""
    if isinstance(value, str):
        return value
    raise wrong_type(value, what, "text", hint or _in_quotes(value))


def _in_quotes(value: object) -> str | None:
    if is_bool(value):
        return f"write {'true' if value else 'false'!r}"
    return f"write {str(value)!r}" if is_number(value) else None


def _given(value: object) -> str:
    """Return what a value is; one that Python can only show by its address, by its kind alone."""
    if value is None:
        return "there is no value (None)"
    if is_bool(value):
        return f"{shown(value)} is true or false"
    known = next((name for kind, name in KINDS if isinstance(value, kind)), None)
    if known is not None:
        return f"{shown(value)} is {known}"
    name = type(value).__name__
    if isinstance(value, type):
        return f"{value.__name__} is a class"
    if isinstance(value, (FunctionType, BuiltinFunctionType, MethodType)):
        return f"{value.__name__.strip('<>')} is a function"
    known = "this" if _ADDRESS.search(repr(value)) else shown(value)
    return f"{known} is of type {name}"
