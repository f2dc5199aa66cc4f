"""Durations as people write them, in the whole seconds that Kubernetes counts in."""

from __future__ import annotations

import re

from k8sgen_core.grammar import ArgumentError, did_you_mean, is_bool, shown, wrong_type

RULE = "invalid-duration"
MOST = 2**31 - 1
UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
DURATION = r"(?:([0-9]{1,10})d)?(?:([0-9]{1,10})h)?(?:([0-9]{1,10})m)?(?:([0-9]{1,10})s)?"
LOOSE = r"([0-9]{1,10}(?:\.[0-9]{1,6})?)(d|h|m|s|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)"


def seconds(value: object) -> int:
    """Return whole seconds: ``90``, ``"90s"``, ``"1h30m"`` or ``"2d"``."""
    if is_bool(value) or not isinstance(value, (str, int, float)):
        raise wrong_type(value, "a duration", "text or seconds", "write e.g. '90s' or 90")
    count = _parsed(value) if isinstance(value, str) else _whole(value)
    if not 0 <= count <= MOST:
        fault = "negative" if count < 0 else "more seconds than Kubernetes can count"
        raise ArgumentError(RULE, f"{shown(value)} is {fault}", f"write 0 to {MOST} seconds")
    return count


def _whole(value: float) -> int:
    if isinstance(value, int):
        return value
    if value % 1:
        message = f"{shown(value)} is not a duration: Kubernetes counts in whole seconds"
        raise ArgumentError(RULE, message, "write a whole number of seconds, or e.g. '1h30m'")
    return int(value)


def _parsed(value: str) -> int:
    match = re.fullmatch(DURATION, value)
    if not value or match is None:
        raise _not_a_duration(value)
    counts = zip(match.groups(), UNITS.values(), strict=True)
    return sum(int(count) * unit for count, unit in counts if count)


def _not_a_duration(value: str) -> ArgumentError:
    tidy = "".join(value.split()).lower()
    if re.fullmatch(r"[0-9.]+(?:ms|us|ns)", tidy):
        why, hint = "Kubernetes counts in whole seconds", "write e.g. '1s'"
    else:
        why = "numbers with the units d, h, m, s, largest first"
        hint = did_you_mean(_meant(tidy)) or "write e.g. '90s', '1h30m' or '2d'"
    return ArgumentError(RULE, f"{shown(value)} is not a duration: {why}", hint)


def _meant(tidy: str) -> str | None:
    if re.fullmatch(r"[0-9]{1,10}", tidy):
        return f"{tidy}s"
    if not re.fullmatch(f"(?:{LOOSE}(?:,|and)?)+", tidy):
        return None
    total = sum(float(count) * UNITS[unit[0]] for count, unit in re.findall(LOOSE, tidy))
    return None if total % 1 else _written(int(total))


def _written(total: int) -> str:
    written = ""
    for unit, size in UNITS.items():
        count, total = divmod(total, size)
        written += f"{count}{unit}" if count else ""
    return written or "0s"
