"""What was meant instead: the names and values that a finding proposes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol import types

from k8sgen_core.grammar import proposals
from k8sgen_core.ids import registry
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import DslCall

_NO_ARGUMENT = re.compile(r"has no argument '(\w+)'")
_WITHOUT_QUOTES = re.compile(r"write (-?[\d.]+|True|False) without quotes")
_NEAREST = re.compile(r"the nearest is (\d+)$", re.MULTILINE)


def proposed(document: Shown, diagnostic: types.Diagnostic) -> Iterator[Fix]:
    """Yield the replacements that the hint of a finding names."""
    rule = registry().get(str(diagnostic.code))
    if rule is not None and rule.edit:
        return  # The rule says itself how sure its correction is.
    plain = _WITHOUT_QUOTES.search(diagnostic.message) or _NEAREST.search(diagnostic.message)
    if plain is not None:
        yield _replacing(diagnostic.range, plain[1], is_sure=plain.re is _WITHOUT_QUOTES)
        return
    options = proposals(diagnostic.message)
    place = _place(document, diagnostic) if options else None
    if place is None:
        return
    start, end = document.offset(place.start), document.offset(place.end)
    written = document.text[start:end]
    for option in options:
        new = _as_written(written, option)
        if new is not None:
            yield _replacing(place, new, is_sure=len(options) == 1)


def _replacing(place: types.Range, new: str, *, is_sure: bool) -> Fix:
    return Fix(f"Change to {new}", (types.TextEdit(place, new),), is_sure)


def _as_written(written: str, option: str) -> str | None:
    """Return an option as a name or as text, as what it takes the place of is written."""
    if written.isidentifier():
        return option if option.isidentifier() else None
    quote = written[-1:]
    is_text = quote in ("'", '"') and written[:1] == quote and len(written) > 1
    if not is_text or quote in option or "\\" in option:
        return None
    return f"{quote}{option}{quote}"


def _place(document: Shown, diagnostic: types.Diagnostic) -> types.Range | None:
    """Return what a proposal takes the place of: of an unknown argument, its name."""
    unknown = _NO_ARGUMENT.search(diagnostic.message)
    if unknown is None:
        return diagnostic.range
    offset = document.offset(diagnostic.range.start)
    for placed, call in document.calls_around(offset):
        place = _keyword(document, placed, call, unknown[1])
        if place is not None:
            return place
    return None


def _keyword(document: Shown, placed: Placed, call: DslCall, name: str) -> types.Range | None:
    for word in call.node.keywords:
        if word.arg == name:
            start = placed.block.start_of(word)
            return document.range(placed.range(start, start + len(name)))
    return None
