"""Comments that except findings by ids that no finding has."""

from __future__ import annotations

from collections.abc import Iterator

from k8sgen_core.ids import registry
from k8sgen_core.misfits import unknown_id
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.problems import Problem


def problems_of(placed: Placed) -> Iterator[Problem]:
    """Yield the ids in the comments of a block that no finding has, with ranges in it."""
    if "k8sgen:" not in placed.block.text:
        return
    from k8sgen_core.judging.comments import exemptions

    for each in exemptions("block.py", placed.block.text):
        if each.rule not in registry():
            said = unknown_id(each.rule, registry())
            yield Problem(said.rule, said.message, each.place.range, said.hint, "warning")
