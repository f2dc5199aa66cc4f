"""Kubernetes quantities: ``500m`` of a core, ``512Mi`` of memory, and plain whole numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8sgen_core.grammar import (
    ArgumentError,
    did_you_mean,
    is_bool,
    is_number,
    shown,
    text,
    wrong_type,
)

if TYPE_CHECKING:
    from fractions import Fraction

RULE = "invalid-quantity"
CORES = "write e.g. '500m' for half a core"
BYTES = "write e.g. '512Mi' or '10Gi'"
# The numbers of digits are bounded because "1e999999999" would take all memory to compute.
NUMBER = r"[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}"
QUANTITY = rf"([+-]?(?:{NUMBER}))([KMGTPE]i|[numkMGTPE]?|[eE][+-]?[0-9]{{1,2}})"
PLAIN_CORES = r"[0-9]{1,9}(?:m|\.[0-9]{1,3})?"
PLAIN_BYTES = r"0*[1-9][0-9]{0,15}(?:[kMGT]|[KMGT]i)?"
_is_plain_cores = re.compile(PLAIN_CORES).fullmatch
_is_plain_bytes = re.compile(PLAIN_BYTES).fullmatch
CORES_WITH_UNIT = rf"({NUMBER})(m|mc|milli(?:core)?s?|v?cpus?|cores?)?"
PORT = 8080
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


class Quantity(str):
    """
    Text that compares by magnitude: ``"500m" < "2"``, and ``"1Gi" == "1024Mi"``.

    Equal quantities and numbers hash alike; a plain string of the same text equals a quantity
    but hashes as text, so do not mix both as keys of one mapping.
    """

    def __eq__(self, other: object) -> bool:
        try:
            return amount(self) == amount(other)
        except ArgumentError:
            return str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        try:
            return hash(amount(self))
        except ArgumentError:
            return str.__hash__(self)

    def __lt__(self, other: str | float) -> bool:
        return amount(self) < amount(other)

    def __le__(self, other: str | float) -> bool:
        return amount(self) <= amount(other)

    def __gt__(self, other: str | float) -> bool:
        return amount(self) > amount(other)

    def __ge__(self, other: str | float) -> bool:
        return amount(self) >= amount(other)


def amount(value: object) -> int | Fraction:
    """Return the magnitude of a quantity: 1 for ``"1000m"``, 1024 for ``"1Ki"``."""
    given = str(value) if is_number(value) else text(value, "a quantity", CORES)
    match = re.fullmatch(QUANTITY, given)
    if match is None:
        raise _not_a_quantity(given, "quantity", did_you_mean(*_cores_meant(given)) or CORES)
    number, suffix = match.groups()
    if suffix in BINARY and "." not in number:
        return int(number) << BINARY[suffix]
    return _scaled(number, suffix)


def cpu(value: object) -> str:
    """Return CPU in cores: ``"500m"``, ``"0.5"`` and ``0.5`` are half a core."""
    given = str(value) if is_number(value) else text(value, "CPU", CORES)
    if _is_plain_cores(given):
        return _cores(round(value * 1000)) if isinstance(value, float) else given
    if re.fullmatch(QUANTITY, given) is None:
        raise _not_a_quantity(given, "CPU quantity", did_you_mean(*_cores_meant(given)) or CORES)
    thousandths = _thousandths_of_a_core(given)
    return _cores(thousandths) if is_number(value) else given


def memory(value: object) -> str:
    """Return memory in bytes: ``"512Mi"``, ``"1.5Gi"``, or a whole number of bytes."""
    return _byte_count(value, "memory")


def storage(value: object) -> str:
    """Return the size of a volume in bytes, which must be more than nothing."""
    given = _byte_count(value, "storage")
    if amount(given) == 0:
        raise ArgumentError(RULE, f"{shown(given)} of storage is nothing", BYTES)
    return given


def whole_number(value: object, least: int, most: int | None, what: str, rule: str) -> int:
    """Return ``value`` if it is from ``least`` to ``most``; ``what`` names it in the error."""
    if not isinstance(value, int) or is_bool(value):
        raise wrong_type(value, what, "a whole number", _whole_meant(value, _example(least, most)))
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        nearest = least if most is None or value < least else most
        raise ArgumentError(
            rule, f"{value} is out of range: {what} must be {bounds}", f"the nearest is {nearest}"
        )
    return value


def _example(least: int, most: int | None) -> int:
    """Return a number that one would write: of a port, not the lowest."""
    return PORT if (least, most) == (1, 65535) else max(least, 1)


def _scaled(number: str, suffix: str) -> int | Fraction:
    # Importing fractions costs more than everything else here, and most quantities need none.
    from fractions import Fraction

    if suffix in BINARY:
        total = Fraction(number) * (1 << BINARY[suffix])
    else:
        power = DECIMAL[suffix] if suffix in DECIMAL else int(suffix[1:])
        total = Fraction(number) * Fraction(10) ** power
    return total.numerator if total.denominator == 1 else total


def _cores(thousandths: int) -> str:
    return f"{thousandths}m" if thousandths % 1000 else str(thousandths // 1000)


def _thousandths_of_a_core(given: str) -> int:
    cores = amount(given)
    if cores < 0:
        raise ArgumentError(
            RULE, f"{shown(given)} of CPU is negative", "an amount is not negative; 0 is nothing"
        )
    if given[-1] in "ikMGTPE":
        hint = did_you_mean(f"{given[:-1]}m" if given[-1] == "M" else None)
        raise ArgumentError(
            RULE,
            f"{shown(given)} has a suffix of memory; CPU is counted in cores and thousandths (m)",
            hint or CORES,
        )
    thousandths = cores * 1000
    if thousandths != int(thousandths):
        finest = f"{int(thousandths) + 1}m"
        message = f"{shown(given)} of CPU is finer than the precision of 1m, a thousandth of a core"
        raise ArgumentError(RULE, message, did_you_mean(finest))
    return int(thousandths)


def _byte_count(value: object, what: str) -> str:
    if isinstance(value, int) and not is_bool(value):
        given = str(value)
    elif isinstance(value, float):
        raise wrong_type(value, what, "text or a whole number of bytes", f"write '{value:g}Gi'")
    else:
        given = text(value, what, BYTES)
    if not _is_plain_bytes(given):
        _check_bytes(given, what)
    return given


def _check_bytes(given: str, what: str) -> None:
    match = re.fullmatch(QUANTITY, given)
    if match is None:
        raise _not_a_quantity(
            given, f"{what} quantity", did_you_mean(*_bytes_meant(given)) or BYTES
        )
    number, suffix = match.groups()
    if number.startswith("-"):
        raise ArgumentError(
            RULE, f"{shown(given)} of {what} is negative", "an amount is not negative; 0 is nothing"
        )
    if suffix in {"m", "u", "n"}:
        message = f"{shown(given)} of {what} is a fraction of bytes: {suffix!r} divides, as in CPU"
        raise ArgumentError(RULE, message, did_you_mean(*_bytes_meant(given)))


def _not_a_quantity(given: str, what: str, hint: str) -> ArgumentError:
    message = f"{shown(given)} is not a {what}: a number, then at most one suffix, without blanks"
    return ArgumentError(RULE, message, hint)


def _cores_meant(given: str) -> list[str]:
    match = re.fullmatch(CORES_WITH_UNIT, _tidied(given))
    if match is None:
        return _bytes_meant(given)
    number, unit = match.groups()
    return [f"{number}m" if unit and unit.startswith("m") else number]


def _bytes_meant(given: str) -> list[str]:
    match = re.fullmatch(rf"({NUMBER})([kmgtpe]i?)?(?:b|bytes?)?", _tidied(given))
    if match is None:
        return []
    number, prefix = match.group(1), (match.group(2) or "").capitalize()
    if not prefix or prefix.endswith("i"):
        return [f"{number}{prefix}"]
    return [f"{number}{'k' if prefix == 'K' else prefix}", f"{number}{prefix}i"]


def _tidied(given: str) -> str:
    return "".join(given.split()).lower().replace(",", ".").removeprefix("+")


def _whole_meant(value: object, example: int) -> str:
    """Return the hint for ``"3"`` and ``3.0``; nothing else is surely a whole number."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,19}", value.strip()):
        return f"write {int(value)} without quotes"
    if isinstance(value, float) and value.is_integer():
        return f"write {int(value)}"
    return f"write a whole number such as {example}"
