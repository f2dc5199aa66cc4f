"""Comments that say that a finding does not apply: ``# k8sgen: ignore[latest-tag] reason``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import NamedTuple

from k8sgen_core.grammar import did_you_mean
from k8sgen_core.ids import registry
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.problems import Problem

_COMMENT = re.compile(r"#[ \t]*k8sgen:[ \t]*ignore\[(?P<ids>[^\]\r\n]*)\]")
_ID = re.compile(r"[\w-]+")


class Suppressed(NamedTuple):
    """An id in a comment of a block."""

    id: str
    start: int
    end: int


def suppressed(placed: Placed) -> Iterator[Suppressed]:
    """Yield the ids in the comments of a block."""
    if "k8sgen:" not in placed.block.text:
        return
    layout = Layout(placed.block.text)
    for comment in _COMMENT.finditer(placed.block.text):
        # In a string it is no comment: there the layout shows the quotes around it.
        if layout.code[comment.start() : comment.end()].isspace() and _is_comment(
            layout, comment.start()
        ):
            for each in _ID.finditer(placed.block.text, *comment.span("ids")):
                yield Suppressed(each[0], *each.span())


def _is_comment(layout: Layout, start: int) -> bool:
    return layout.is_code(start) and not layout.is_code(start + 1)


def problems_of(placed: Placed) -> Iterator[Problem]:
    """Yield the ids that no finding has, with ranges in the block."""
    for each in suppressed(placed):
        if each.id not in registry():
            near = difflib.get_close_matches(each.id, registry(), n=2)
            yield Problem(
                "unknown-id",
                f"no finding has the id {each.id!r}, so that this ignores nothing",
                placed.block.range(each.start, each.end),
                did_you_mean(*near) or "k8sgen explain lists all ids",
                "warning",
            )
