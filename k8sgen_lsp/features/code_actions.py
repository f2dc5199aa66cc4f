"""``textDocument/codeAction``: fixes of findings, good practice, and all sure fixes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from lsprotocol import types

from k8sgen_lsp.convert import structured
from k8sgen_lsp.features.static_checks import Where, findings_in
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.fixes.importing import missing_import
from k8sgen_lsp.fixes.plugins import annotated, renamed_value
from k8sgen_lsp.fixes.recommended import recommended
from k8sgen_lsp.fixes.rules import corrected
from k8sgen_lsp.fixes.spelling import proposed
from k8sgen_lsp.fixes.suppressing import suppressed
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown

FIX_ALL = "source.fixAll.k8sgen"
OfFinding: TypeAlias = Callable[[Shown, types.Diagnostic], Iterator[Fix]]
OfPlace: TypeAlias = Callable[[Shown, types.Range], Iterator[Fix]]

# A further source of fixes for findings is a further function here.
FIXERS: tuple[OfFinding, ...] = (
    proposed,
    corrected,
    missing_import,
    renamed_value,
    suppressed,
)
REWRITES: tuple[OfPlace, ...] = (recommended, annotated)


def register(server: K8sGenServer) -> None:
    """Offer what can be done about a finding, or at a place."""
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, FIX_ALL]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds)
    )
    def actions(ls: K8sGenServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        document = shown(ls, params.text_document.uri)
        wanted = params.context.only
        found = [
            *fixes(document, params.context.diagnostics),
            *rewrites(document, params.range),
            *fix_all(document, params.context.diagnostics),
        ]
        return [each for each in found if _is_wanted(each, wanted)]


def _is_wanted(
    action: types.CodeAction, wanted: Sequence[types.CodeActionKind | str] | None
) -> bool:
    kind = str(getattr(action.kind, "value", action.kind))
    if wanted is None:
        # To fix everything is for those who ask for it, as on save.
        return kind != FIX_ALL
    names = [str(getattr(each, "value", each)) for each in wanted]
    return any(kind == each or kind.startswith(f"{each}.") for each in names)


def fixes(document: Shown, diagnostics: Sequence[types.Diagnostic]) -> Iterator[types.CodeAction]:
    """Yield the fixes of some findings; of a call that makes two objects, each once."""
    found: dict[str, types.CodeAction] = {}
    for diagnostic in diagnostics:
        for fixer in FIXERS:
            for fix in fixer(document, diagnostic):
                action = found.setdefault(repr(fix), _action(document, fix, diagnostic))
                if diagnostic not in (action.diagnostics or ()):
                    action.diagnostics = [*(action.diagnostics or ()), diagnostic]
    yield from found.values()


def rewrites(document: Shown, place: types.Range) -> Iterator[types.CodeAction]:
    """Yield what good practice adds at a place."""
    for rewrite in REWRITES:
        for fix in rewrite(document, place):
            yield _action(document, fix)


def fix_all(
    document: Shown, diagnostics: Sequence[types.Diagnostic] = ()
) -> Iterator[types.CodeAction]:
    """Yield the action that makes every sure fix of a document, those of ``diagnostics`` too."""
    edits: list[types.TextEdit] = []
    for fix in _sure(document, diagnostics):
        if not any(_overlap(a.range, b.range) for a in fix.edits for b in edits):
            edits += fix.edits
    if edits:
        fix = Fix("Fix everything that K8s-Gen can fix", tuple(edits))
        yield _action(document, fix._replace(kind=FIX_ALL))  # type: ignore[arg-type] # Ours.


def _sure(document: Shown, diagnostics: Sequence[types.Diagnostic]) -> Iterator[Fix]:
    where = Where(document.uri, document.path, document.root, document.unit)
    static = map(structured, findings_in(document.text, document.catalogue, where))
    for diagnostic in (*static, *diagnostics):
        for fixer in FIXERS:
            yield from (fix for fix in fixer(document, diagnostic) if fix.is_sure)


def _overlap(one: types.Range, other: types.Range) -> bool:
    return one == other or (one.start < other.end and other.start < one.end)


def _action(
    document: Shown, fix: Fix, diagnostic: types.Diagnostic | None = None
) -> types.CodeAction:
    return types.CodeAction(
        title=fix.title,
        kind=fix.kind,
        diagnostics=None if diagnostic is None else [diagnostic],
        is_preferred=fix.is_sure or None,
        edit=types.WorkspaceEdit(changes={document.uri: list(fix.edits)}),
    )
