"""What an untagged or tagged scalar means to Go's YAML library, which is not what PyYAML says."""

from __future__ import annotations

import re
from math import isinf
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from yaml.nodes import ScalarNode

Scalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "dict[str, Json] | list[Json] | Scalar"

# How the tags of nodes say that a scalar has none.
PLAIN: Final = "plain"
QUOTED: Final = "quoted"

# What repeats does so near itself, so that hardly anything is worked out twice.
MOST_KNOWN: Final = 4096
MERGE: Final = "\0<<"  # Compared by identity; a quoted "<<" is a key like any other.
_STANDARD = "tag:yaml.org,2002:"
_WORDS: dict[str, bool | None] = (
    dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True)
    | dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE"), False)
    | dict.fromkeys(("off", "Off", "OFF"), False)
    | dict.fromkeys(("", "~", "null", "Null", "NULL"), None)
)
_NOT_FINITE = (
    dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), ".inf")
    | dict.fromkeys(("-.inf", "-.Inf", "-.INF"), "-.inf")
    | dict.fromkeys((".nan", ".NaN", ".NAN"), ".nan")
)
_INTEGER = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19}))"
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.]+(?:Z|[-+][0-9]{2}:[0-9]{2})?)?")


class ScalarError(ValueError):
    """A scalar that cannot be a value, or a key, of a Kubernetes object."""

    def __init__(self, text: str, message: str, hint: str, *, is_key: bool = False) -> None:
        self.text = text
        self.is_key = is_key
        self.message = message
        self.hint = hint
        super().__init__(message)


class Values(dict[str, Scalar]):
    """The value of each unquoted text, worked out once for as long as there are few."""

    def __missing__(self, text: str) -> Scalar:
        value = plain(text)
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[text] = value
        return value


class Names(dict[str, str]):
    """The key that each unquoted text stands for, in the same way: keys are always text."""

    def __missing__(self, text: str) -> str:
        name = MERGE if text == "<<" else _name(text)
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[text] = name
        return name


def plain(text: str) -> Scalar:
    """Return the value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text in _NOT_FINITE:
        raise ScalarError(text, f"{text} has no JSON form", "quote it if text is meant")
    number = _number(text)
    return text if number is None else as_json(number)


def as_json(number: float) -> int | float:
    """Return the number that is left of ``number`` after Go has written it as JSON and read it."""
    if isinstance(number, int) or not number.is_integer() or abs(number) >= 2**63:
        return number
    from decimal import Decimal  # Hardly any manifest has such numbers.

    return int(Decimal(repr(number)))


def tagged(node: ScalarNode) -> Scalar:
    """Return the value of a scalar with an explicit tag; tags of one's own are ignored."""
    tag, text = node.tag.removeprefix(_STANDARD), node.value
    if tag == node.tag or tag not in _TAGS:
        return str(text)
    if tag == "binary":
        return _binary(text)
    if tag == "timestamp" and _DATE.fullmatch(text):
        return str(text)
    value = plain(text)
    if value.__class__ not in _TAGS[tag]:
        raise ScalarError(text, f"cannot decode {text!r} as !!{tag}", "remove the tag")
    return value


def name_of(node: ScalarNode, names: Names) -> str:
    """Return the key that a scalar stands for."""
    if node.tag is PLAIN:
        return names[node.value]
    if node.tag is QUOTED:
        return str(node.value)
    if node.tag == f"{_STANDARD}merge":
        return MERGE
    value = tagged(node)
    return value if isinstance(value, str) else _name(node.value)


_TAGS: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "null": (type(None),),
    "timestamp": (),
    "binary": (),
}


def _number(text: str) -> int | float | None:
    if text[0] not in "0123456789+-.":
        return None
    digits = text.replace("_", "")
    found = _INTEGER.fullmatch(digits)
    if found is None:
        return _float(digits)
    sign, hexadecimal, binary, octal, decimal = found.groups()
    number = (
        int(decimal)
        if decimal
        else int(hexadecimal or binary or octal, 16 if hexadecimal else 2 if binary else 8)
    )
    if sign == "-":
        number = -number
    return number if -(2**63) <= number < (2**63 if sign else 2**64) else _float(digits)


def _float(digits: str) -> float | None:
    if not _FLOAT.fullmatch(digits):
        return None
    number = float(digits)
    return None if isinf(number) else number


def _name(text: str) -> str:
    if text in _NOT_FINITE:
        return _NOT_FINITE[text]
    value = _WORDS[text] if text in _WORDS else _number(text)
    if text not in _WORDS and value is None:
        return text
    if value is None or (isinstance(value, int) and value >= 2**63):
        message = f"{text or 'an empty text'} cannot be a key"
        raise ScalarError(text, message, "quote it if text is meant", is_key=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _shortest(value)


def _shortest(number: float) -> str:
    """Return the shortest digits of the single-precision number, which is how Go names keys."""
    import struct
    from decimal import Decimal

    try:
        single = struct.pack("f", number)
    except OverflowError:
        return ".inf" if number > 0 else "-.inf"
    [rounded] = struct.unpack("f", single)
    texts = (f"{rounded:.{digits}e}" for digits in range(9))
    shortest = next(text for text in texts if struct.pack("f", float(text)) == single)
    mantissa, _, exponent = shortest.partition("e")
    if rounded and not -4 <= int(exponent) < 6:
        return f"{mantissa}e{exponent}"
    return format(Decimal(shortest), "f")


def _binary(text: str) -> str:
    import base64
    import binascii

    try:
        content = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except binascii.Error:
        raise ScalarError(text, "!!binary needs base64", "encode the value") from None
    return content.decode("utf-8", "replace")
