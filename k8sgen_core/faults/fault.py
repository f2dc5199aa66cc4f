"""What a fault is, and the checks that most of them are found by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown


class Fault(NamedTuple):
    """A place in an object that is refused."""

    rule: str
    path: tuple[str | int, ...]
    message: str
    hint: str | None = None

    def at(self, *before: str | int) -> Fault:
        """Return the fault as one of what is around it."""
        return self._replace(path=(*before, *self.path))


# A check gets a value that is of the type its schema wants, and says what is refused of it.
Check: TypeAlias = Callable[[Any], Sequence[Fault]]
Object: TypeAlias = Mapping[str, Any]

NONE: Sequence[Fault] = ()


def fields(checks: Mapping[str, Check]) -> Check:
    """Return a check of a mapping by what its fields are checked by; others are fine."""

    def check(value: Object) -> Sequence[Fault]:
        found: list[Fault] = []
        for name, inner in value.items():
            if name in checks and inner is not None and (wrong := checks[name](inner)):
                found += [fault.at(name) for fault in wrong]
        return found

    return check


def each(judge: Check) -> Check:
    """Return a check of a list by what each item is checked by."""

    def check(value: Sequence[Any]) -> Sequence[Fault]:
        found: list[Fault] = []
        for index, inner in enumerate(value):
            if inner is not None and (wrong := judge(inner)):
                found += [fault.at(index) for fault in wrong]
        return found

    return check


def values(judge: Check) -> Check:
    """Return a check of a mapping by what each value is checked by, whatever its name."""

    def check(value: Object) -> Sequence[Fault]:
        found: list[Fault] = []
        for name, inner in value.items():
            if inner is not None and (wrong := judge(inner)):
                found += [fault.at(name) for fault in wrong]
        return found

    return check


def both(*judges: Check) -> Check:
    """Return a check by several."""

    def check(value: Any) -> Sequence[Fault]:
        return [fault for judge in judges for fault in judge(value)]

    return check


def one_of(*allowed: str) -> Check:
    """Return a check for one of some words; an empty text is taken for the default."""
    known = frozenset((*allowed, ""))
    folded = {word.lower(): word for word in allowed}
    wanted = " or ".join((", ".join(allowed[:-1]), allowed[-1]) if allowed[1:] else allowed)

    def check(value: str) -> Sequence[Fault]:
        if value in known:
            return NONE
        hint = did_you_mean(folded.get(value.lower())) or _near(value, folded)
        return [Fault("invalid-value", (), f"expected {wanted}, got {shown(value)}", hint)]

    return check


def _near(value: str, folded: Mapping[str, str]) -> str | None:
    import difflib  # Most objects have no faults.

    near = difflib.get_close_matches(value.lower(), folded, n=1)
    return did_you_mean(*(folded[word] for word in near))


def between(least: int, most: int | None = None, rule: str = "invalid-value") -> Check:
    """Return a check for a number in a range."""
    bounds = f"at least {least}" if most is None else f"from {least} to {most}"

    def check(value: float) -> Sequence[Fault]:
        if value >= least and (most is None or value <= most):
            return NONE
        nearest = least if value < least or most is None else most
        message = f"{value} is out of range: it must be {bounds}"
        return [Fault(rule, (), message, f"the nearest is {nearest}")]

    return check


def spelled(parse: Callable[[Any], object], *, empty: bool = False) -> Check:
    """Return a check by one of the grammars; ``empty`` allows the empty text, which is none."""

    def check(value: object) -> Sequence[Fault]:
        if empty and value == "":
            return NONE
        try:
            parse(value)
        except ArgumentError as error:
            return [Fault(error.rule, (), error.message, error.hint)]
        return NONE

    return check


def unique(what: str, *keys: str) -> Check:
    """Return a check that no two items of a list agree in all of ``keys``."""

    def check(items: Sequence[Object]) -> Sequence[Fault]:
        found, seen = [], set()
        for index, item in enumerate(items):
            if item is None or item.get(keys[0]) is None:
                continue
            identity = tuple(item.get(key) for key in keys)
            if identity in seen:
                named = "/".join(str(part) for part in identity if part is not None)
                message = f"there is another {what} {named}"
                found.append(
                    Fault("duplicate-item", (index, keys[0]), message, "remove one, or rename it")
                )
            seen.add(identity)
        return found

    return check


def exactly_one(what: str, names: Sequence[str], value: Object) -> Sequence[Fault]:
    """Return the fault of a mapping that has none, or several, of what excludes each other."""
    given = [name for name, inner in value.items() if inner is not None and name in names]
    if len(given) == 1:
        return NONE
    given.sort(key=names.index)
    if not given:
        wanted = f"{', '.join(names[:4])}{', ...' if names[4:] else ''}"
        return [Fault("missing-setting", (), f"{what} is none: it needs one of {wanted}")]
    message = f"{what} is one thing only, not {' and '.join(given)}"
    return [Fault("conflicting-settings", (given[1],), message, "leave only one of them")]


def missing(name: str, message: str, hint: str | None = None) -> Fault:
    """Return the fault of a mapping without a field."""
    return Fault("missing-setting", (), message, hint or f"set {name}")


def conflict(path: tuple[str | int, ...], message: str, hint: str | None = None) -> Fault:
    """Return the fault of a value that another one excludes."""
    return Fault("conflicting-settings", path, message, hint)


def section(value: Object | None, *path: str) -> Object:
    """Return the mapping at a path, which is empty where there is none."""
    for name in path:
        value = (value or {}).get(name)
    return value or {}
