"""Saying that a finding does not apply, and why."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from k8sgen_core.findings import Position, Range
from k8sgen_core.ids import TOOL, registry
from k8sgen_lsp.fixes.chains import added
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.layout import layout_of

REASON = "say why"
_COMMENT = "# k8sgen: ignore["


def suppressed(document: Shown, diagnostic: types.Diagnostic) -> Iterator[Fix]:
    """Yield the ways to keep a finding from being reported; errors of the tool have none."""
    name = str(diagnostic.code)
    rule = registry().get(name)
    is_final = diagnostic.severity in (None, types.DiagnosticSeverity.Error)
    if rule is None or (is_final and not rule.is_lint):
        return
    edit = _comment(document, diagnostic.range.start.line, name)
    if edit is not None:
        yield Fix(f"Ignore {name} in this line", (edit,))
    offset = document.offset(diagnostic.range.start)
    found = next(document.calls_around(offset), None)
    if found is None or not document.document.lookup.is_builder(found[1].receiver):
        return
    edit = added(document, *found, [f'ignore("{name}", reason="{REASON}")'])
    if edit is not None and rule.subject != TOOL:
        yield Fix(f"Ignore {name} for this resource", (edit,))


def _comment(document: Shown, line: int, name: str) -> types.TextEdit | None:
    """Return the comment behind a line, or the id beside those that one has already."""
    text = document.lines[line] if line < len(document.lines) else ""
    start = document.offset(types.Position(line, 0))
    end = start + len(text)
    layout = layout_of(document.text)
    if text.endswith("\\") or (not layout.is_code(end) and "#" not in text):
        return None
    if layout.is_code(end):
        at = document.range(_empty(line, len(text)))
        return types.TextEdit(at, f"  {_COMMENT}{name}] {REASON}")
    known = text.find(_COMMENT)
    if known < 0 or not layout.is_code(start + known):
        return None
    at = document.range(_empty(line, known + len(_COMMENT)))
    return types.TextEdit(at, f"{name}, ")


def _empty(line: int, column: int) -> Range:
    return Range(Position(line, column), Position(line, column))
