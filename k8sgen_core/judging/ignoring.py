"""What ``.ignore(...)`` excepts, and where it excepts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from k8sgen_core.carriers import origin_of, plain
from k8sgen_core.ids import registry
from k8sgen_core.judging.linting import UNUSED, in_vain
from k8sgen_core.kubernetes.lowered import Lowered, Problem
from k8sgen_core.model import Resource, Workload
from k8sgen_core.parts import Ignored

if TYPE_CHECKING:
    from k8sgen_core.judging.selection import Selection


def unignored(
    problems: Iterable[Problem], lowered: Sequence[Lowered], selection: Selection | None
) -> list[Problem]:
    """Return the problems that nothing excepts; with built-in rules, what excepts nothing too."""
    left: list[Problem] = []
    used: set[Ignored] = set()
    for problem in problems:
        exemptions = problem.exemptions
        used.update(exemptions)
        if not exemptions:
            left.append(problem)
    if selection is not None:
        left += _idle(_resources(lowered), used, selection)
    return left


def _resources(lowered: Iterable[Lowered]) -> list[Resource]:
    found: dict[Resource, None] = {}
    for made in lowered:
        for each in (made.root, *made.within, made.resource):
            found[each] = None
            if isinstance(each, Workload):
                found.update((one.resource, None) for one in each.companions)
    return list(found)


def _idle(
    resources: Iterable[Resource], used: set[Ignored], selection: Selection
) -> Iterator[Problem]:
    told = {each: resource for resource in resources for each in resource.ignored}
    for each, resource in told.items():
        name = plain(each.rule)
        if each in used or name not in registry() or not selection.allows(name):
            continue
        message = in_vain(name, "this")
        origin = origin_of(each.rule) or resource.origin
        yield Problem(UNUSED, message, origin, "remove it", "warning")
