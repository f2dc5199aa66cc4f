"""Schedules of a CronJob: what robfig/cron's standard parser accepts, as Kubernetes runs it."""

from __future__ import annotations

import re

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text

RULE = "invalid-cron"
ORDER = "minute, hour, day of month, month, day of week"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
# Go's time.ParseDuration, with both spellings of the micro sign.
GO_DURATION = r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)"


class Field:
    """One of the five columns: its name, its bounds, and the words that stand for numbers."""

    __slots__ = ("least", "most", "name", "words")

    def __init__(self, name: str, least: int, most: int, words: tuple[str, ...] = ()) -> None:
        self.name = name
        self.least = least
        self.most = most
        self.words = words


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of month", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("day of week", 0, 6, DAYS),
)


def cron(value: object) -> str:
    """Return a schedule of five fields, e.g. ``"0 3 * * MON-FRI"``, or ``"@hourly"`` and such."""
    given = text(value, "a cron schedule")
    try:
        _check(given)
    except ArgumentError as error:
        message = f"{shown(given)} is not a cron schedule: {error.message}"
        raise ArgumentError(RULE, message, error.hint) from None
    return given


def _check(given: str) -> None:
    if "TZ" in given:
        hint = "drop it and call .timezone('Europe/Berlin') with your zone"
        raise ArgumentError(RULE, "Kubernetes refuses TZ= and CRON_TZ= in a schedule", hint)
    if given.startswith("@"):
        _check_descriptor(given)
    else:
        _check_columns(given.split(), given.strip())


def _check_columns(columns: list[str], given: str) -> None:
    if len(columns) != len(FIELDS):
        raise _wrong_count(given, len(columns))
    for column, field in zip(columns, FIELDS, strict=True):
        for item in filter(None, column.split(",")):
            _check_item(item, field)


def _check_descriptor(given: str) -> None:
    every = given.startswith("@every ") and re.fullmatch(GO_DURATION, given[len("@every ") :])
    if not (every or given in DESCRIPTORS):
        known = given.strip().lower() in DESCRIPTORS
        hint = did_you_mean(given.strip().lower()) if known else f"one of {', '.join(DESCRIPTORS)}"
        raise ArgumentError(RULE, "it names no known schedule", hint)


def _wrong_count(given: str, count: int) -> ArgumentError:
    message = f"it has {count} field{'s' * (count != 1)}; Kubernetes takes 5: {ORDER}"
    hint = "write e.g. '0 3 * * *' for every day at three"
    if count == len(FIELDS) + 1:
        hint = f"Kubernetes knows no seconds; did you mean {' '.join(given.split()[1:])!r}?"
    elif f"@{given.lower()}" in DESCRIPTORS or given.startswith("@"):
        hint = did_you_mean(f"@{given.lower().lstrip('@')}") or hint
    return ArgumentError(RULE, message, hint)


def _check_item(item: str, field: Field) -> None:
    span, *steps = item.split("/")
    if len(steps) > 1:
        raise ArgumentError(RULE, f"{field.name} {item} has more than one step", "keep one '/'")
    if steps and _number(steps[0], item, field) == 0:
        message = f"{field.name} {item} has step 0"
        raise ArgumentError(RULE, message, did_you_mean(f"{span}/1"))
    low, *high = span.split("-")
    if low not in {"*", "?"}:
        _check_range(low, high, item, field)


def _check_range(low: str, high: list[str], item: str, field: Field) -> None:
    if len(high) > 1:
        hint = "write two ranges with a comma between them"
        raise ArgumentError(RULE, f"{field.name} {item} has too many hyphens", hint)
    start, *rest = (_position(word, item, field) for word in (low, *high))
    if rest and start > rest[0]:
        split = f"{low}-{field.most},{field.least}-{high[0]}"
        message = f"{field.name} {item} ends before it begins"
        raise ArgumentError(RULE, message, did_you_mean(split))


def _position(word: str, item: str, field: Field) -> int:
    if word.lower() in field.words:
        return field.least + field.words.index(word.lower())
    number = _number(word, item, field)
    if not field.least <= number <= field.most:
        sunday = number == 7 and field.words is DAYS
        message = f"{field.name} {number} is outside {field.least}-{field.most}"
        hint = "Sunday is 0 or SUN" if sunday else f"write {field.least} to {field.most}"
        raise ArgumentError(RULE, message, hint)
    return number


def _number(word: str, item: str, field: Field) -> int:
    if re.fullmatch(r"\+?[0-9]{1,18}", word):
        return int(word)
    wanted = "a number or a name" if field.words else "a number"
    where = "" if word == item else f" in {item}"
    hint = f"write {field.least} to {field.most}"
    if word[:3].lower() in field.words:
        hint = did_you_mean(word[:3].upper()) or hint
    raise ArgumentError(RULE, f"{field.name} {word!r}{where} is not {wanted}", hint)
