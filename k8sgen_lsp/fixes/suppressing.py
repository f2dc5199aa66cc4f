"""Saying that a finding does not apply, and why."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from k8sgen_core.ids import registry
from k8sgen_lsp.fixes.chains import added
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown

REASON = "say why"
# What ends the run, or the call, cannot be taken as it is.
_FINAL = frozenset(
    (
        "configuration",
        "conflicting-settings",
        "evaluation-timeout",
        "import-error",
        "memory-limit",
        "method-as-value",
        "plugin-failed",
        "plugin-not-found",
        "process-exit",
        "recursion-limit",
        "side-effect",
        "syntax-error",
        "unknown-id",
        "unknown-setting",
        "unreadable-file",
        "uncaught-exception",
        "validator-failed",
        "wrong-type",
    )
)


def suppressed(document: Shown, diagnostic: types.Diagnostic) -> Iterator[Fix]:
    """Yield the ways to keep a finding from being reported for a resource."""
    rule = str(diagnostic.code)
    if rule not in registry() or rule in _FINAL or rule.startswith("invalid-"):
        return
    offset = document.offset(diagnostic.range.start)
    found = next(document.calls_around(offset), None)
    if found is not None and document.document.lookup.is_builder(found[1].receiver):
        edit = added(document, *found, [f'ignore("{rule}", reason="{REASON}")'])
        yield Fix(f"Ignore {rule} for this resource", (edit,))
