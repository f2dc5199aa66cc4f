"""Calls added to the end of a chain, laid out as the chain is."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from k8sgen_core.fixes.chains import Source
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import DslCall


def added(
    document: Shown, placed: Placed, call: DslCall, new: Sequence[str]
) -> types.TextEdit | None:
    """Return the edit that makes further calls on the resource of a call."""
    source = Source.of(document.text)
    chain = None if source is None else source.chain_at(placed.range(*call.name))
    if chain is None:
        return None
    edits = [edit for each in new for edit in chain.with_call(f".{each}")]
    return types.TextEdit(document.range(edits[0].range), "".join(each.text for each in edits))
