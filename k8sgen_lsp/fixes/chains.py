"""Calls added to the end of a chain, laid out as the chain is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol import types

from k8sgen_lsp.features.symbols import chains
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import DslCall

_BEFORE_NAME = re.compile(r"(?P<end>\r\n|\r|\n)(?P<indentation>[ \t]*)\.[ \t]*\Z")


def chain_of(document: Shown, placed: Placed, call: DslCall) -> list[DslCall]:
    """Return the calls of the chain that a call belongs to."""
    calls = [each for at, each in document.document.calls() if at is placed or at == placed]
    return next(chain for chain in chains(calls) if call in chain)


def added(document: Shown, placed: Placed, call: DslCall, new: Sequence[str]) -> types.TextEdit:
    """Return the edit that makes further calls on the resource of a call."""
    chain = chain_of(document, placed, call)
    # What is generated takes no more settings.
    is_builder = document.document.lookup.is_builder
    settings = [each for each in chain if is_builder(each.receiver) and each.method != "generate"]
    last = settings[-1]
    before = placed.block.text[last.whole.start : last.name.start]
    layout = _BEFORE_NAME.search(before)
    lead = f"{layout['end']}{layout['indentation']}" if layout else ""
    at = document.range(placed.range(last.whole.end, last.whole.end))
    return types.TextEdit(at, "".join(f"{lead}.{each}" for each in new))
