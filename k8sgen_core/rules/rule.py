"""Built-in rules: functions that look at one thing of an object, and say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar

from k8sgen_core.findings import Severity
from k8sgen_core.rules.manifest import Container, Manifest, Pod

Path: TypeAlias = tuple[str | int, ...]
T = TypeVar("T", Container, Pod, Manifest)


class Flaw(NamedTuple):
    """
    One thing that is wrong, in which field, and what to do.

    ``path`` starts at what the rule looks at. Where nothing was said at all it names what lacks
    the field, or the field that is not there. ``severity`` is said where this case is not as
    certain as the others of its rule.
    """

    path: Path
    message: str
    hint: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A rule and what it looks at; its texts are in the registry of ids."""

    id: str
    check: Callable[[Any], Iterator[Flaw]]
    on: type
    kinds: frozenset[str] = frozenset()


# Filled by the modules beside this one as they are imported.
RULES: dict[str, BuiltIn] = {}


def rule(
    name: str, *, on: type[T], kinds: tuple[str, ...] = ()
) -> Callable[[Callable[[T], Iterator[Flaw]]], Callable[[T], Iterator[Flaw]]]:
    """
    Make a function the built-in rule of this id.

    Args:
        name: The id; the registry has its texts and its severity.
        on: What it looks at, each by itself: ``Container``, ``Pod`` (the template, or a Pod
            itself), or ``Manifest`` (the whole object).
        kinds: With ``Manifest``: only objects of these kinds; none means all.
    """

    def added(check: Callable[[T], Iterator[Flaw]]) -> Callable[[T], Iterator[Flaw]]:
        RULES[name] = BuiltIn(name, check, on, frozenset(kinds))
        return check

    return added
