"""
How YAML writes texts, other scalars and keys, remembered for the files of one run.

Text is plain only where no YAML 1.1 or 1.2 loader takes it for anything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from k8sgen_core.carriers import Bool, Float, Int

# A word that starts with a letter, or a number with a unit; then more words.
_WORD = r"[A-Za-z0-9_./@=+-]"
_plain = re.compile(
    rf"(?:[A-Za-z_/]{_WORD}*|[0-9]+(?:m|k|M|G|T|Ki|Mi|Gi|Ti)(?![^ ]))"
    rf"(?:[ :]{_WORD}+)*\Z"
).match
_RESERVED = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_block = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]"
    r"[^\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]*\Z"
).match
_unsafe = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(text: str) -> str:
    """Return one text as YAML writes it on its line."""
    exact = str.__str__(text)
    is_plain = _plain(exact) and (len(exact) > 5 or exact.lower() not in _RESERVED)
    return exact if is_plain else quoted(exact)


def quoted(text: str) -> str:
    """Return text in double quotes, with escapes for what a loader would not give back."""
    return _unsafe.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _truth(value: int) -> str:
    return "true" if value else "false"


def _number(value: float) -> str:
    text = float.__repr__(value)
    mantissa, exponent, power = text.partition("e")
    if not exponent:
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)
    sign = "" if power.startswith("-") else "+"
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{sign}{power.lstrip('+')}"


SCALARS: dict[type, Callable[[Any], str]] = {
    int: int.__repr__,
    Int: int.__repr__,
    bool: _truth,
    Bool: _truth,
    float: _number,
    Float: _number,
    type(None): lambda _: "null",
}


class Texts(dict[str, str | None]):
    """Texts as YAML writes them behind a key; ``None`` for those that take several lines."""

    def __missing__(self, text: str) -> str | None:
        exact = str.__str__(text)
        several = "\n" in exact and _fits_block(exact.split("\n"))
        made = self[exact] = None if several else scalar(exact)
        return made


class Keys(dict[str, str]):
    """Keys as they stand in a mapping, with what is before and behind them."""

    def __init__(self, lead: str, colon: str) -> None:
        self._around = (lead, colon)

    def __missing__(self, key: str) -> str:
        lead, colon = self._around
        made = self[str.__str__(key)] = "".join((lead, scalar(key), colon))
        return made


class Level:
    """
    What stands before the keys of a mapping: an indentation, perhaps with dashes.

    ``opening`` has the keys of what follows on the next lines, ``telling`` those of a text.
    """

    def __init__(self, lead: str) -> None:
        self.lead = lead
        self.opening = Keys(lead, ":")
        self.telling = Keys(lead, ": ")

    @cached_property
    def inner(self) -> Level:
        """The level of a mapping below a key."""
        return Level(self.lead + "  ")

    @cached_property
    def item(self) -> Level:
        """The level of the first key behind a dash."""
        return Level(self.lead + "- ")


class Spelling:
    """How YAML writes texts and keys, remembered; the files of one run have most in common."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.outermost = Level("")


def _fits_block(lines: list[str]) -> bool:
    """Is there a line, and is every one of them one that a block scalar gives back?"""
    return any(lines) and all(not line or _block(line.lstrip(" \t")) for line in lines)
