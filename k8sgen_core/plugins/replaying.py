"""A plugin made again: as it was, with one call left out, or with one argument changed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from k8sgen_core.carriers import Origin, Origins
from k8sgen_core.plugins.alternatives import alternatives

if TYPE_CHECKING:
    from k8sgen_core.plugins.plugin import Plugin
    from k8sgen_core.plugins.recording import Step

Made: TypeAlias = "Callable[[], Plugin]"


def replay(plugin: Plugin, first: Step, steps: Sequence[Step]) -> Plugin:
    """Return a plugin made anew, with these calls."""
    from k8sgen_core.plugins.plugin import made
    from k8sgen_core.plugins.recording import run

    fresh = made(type(plugin), _own(first))
    for step in map(_own, steps):
        run(fresh, step.method, *step.arguments())
    fresh.__dict__["_call"] = plugin._call
    return fresh


def _own(step: Step) -> Step:
    """Return a step with copies of the builders among its arguments: the plugin may call them."""
    return step._replace(args=copy.deepcopy(step.args), kwargs=copy.deepcopy(step.kwargs))


def variants(plugin: Plugin, steps: Sequence[Step]) -> Iterator[tuple[Origins, Made]]:
    """
    Yield how to make a plugin with something else about one call of a user's.

    The first is the plugin as it is, of no origin: what the others are compared with.
    """
    first = plugin._made
    yield None, lambda: replay(plugin, first, steps)
    for argument, changed in _changed(first):
        # What a plugin is called is its identity: its lines are the constructor's anyhow.
        if argument not in (0, "name"):
            yield Origin((first.call, argument)), _replaying(plugin, changed, steps)
    for index, step in enumerate(steps):
        before, after = steps[:index], steps[index + 1 :]
        yield Origin((step.call, None)), _replaying(plugin, first, [*before, *after])
        for argument, changed in _changed(step):
            others = [*before, changed, *after]
            yield Origin((step.call, argument)), _replaying(plugin, first, others)


def _replaying(plugin: Plugin, first: Step, steps: Sequence[Step]) -> Made:
    return lambda: replay(plugin, first, steps)


def _changed(step: Step) -> Iterator[tuple[int | str, Step]]:
    for index, value in enumerate(step.args):
        for other in alternatives(value, step.method, index):
            args = [*step.args[:index], other, *step.args[index + 1 :]]
            yield index, step._replace(args=args)
    for key, value in step.kwargs.items():
        for other in alternatives(value, step.method, key):
            yield key, step._replace(kwargs={**step.kwargs, key: other})
