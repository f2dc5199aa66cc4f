"""The corrections that rules have themselves."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from k8sgen_core.findings import Position, Range
from k8sgen_core.fixes import fix_of
from k8sgen_lsp.convert import hint_of
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown


def corrected(document: Shown, diagnostic: types.Diagnostic) -> Iterator[Fix]:
    """Yield the correction of the rule that a finding is of."""
    place = _range(document, diagnostic.range)
    found = fix_of(str(diagnostic.code), place, document.text, hint_of(diagnostic))
    if found is not None:
        edits = (types.TextEdit(document.range(each.range), each.text) for each in found.edits)
        yield Fix(found.title, tuple(edits), is_sure=found.is_safe)


def _range(document: Shown, place: types.Range) -> Range:
    """Return a range of the client's in code points."""

    def position(at: types.Position) -> Position:
        start = types.Position(at.line, 0)
        return Position(at.line, document.offset(at) - document.offset(start))

    return Range(position(place.start), position(place.end))
