"""``textDocument/codeLens``: how much a file deploys, and what can be done with it."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from lsprotocol import types

from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.evaluations import Evaluation, Subject
from k8sgen_lsp.features import preview as previewing
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown

Json: TypeAlias = dict[str, Any]
VALIDATE = "k8sgen.validateWorkspace"
MINUS = "\N{MINUS SIGN}"


class Changed(NamedTuple):
    """How many lines are new, and how many are gone, since the last commit."""

    added: int
    removed: int


def register(server: K8sGenServer) -> None:
    """Answer from the preview that is kept, and ask again when another one is."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())
    async def lenses(ls: K8sGenServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        document = shown(ls, params.text_document.uri)
        path = document.path
        if path is None or not ls.may_run(path) or next(document.document.calls(), None) is None:
            return []
        preview = await _kept(ls, Subject(path))
        if preview is None:
            return []
        changed = None if ls.since_head is None else await ls.since_head(path)
        return lenses_in(document, preview, changed)

    figures: dict[Subject, str] = {}

    def evaluated(evaluation: Evaluation) -> None:
        preview = evaluation.preview
        if preview is not None:
            told = _figures(preview, None) + str(preview["objects"])
            if figures.get(evaluation.subject, told) != told:
                refresh(server)
            figures[evaluation.subject] = told

    server.evaluations.listeners.append(evaluated)


async def _kept(ls: K8sGenServer, subject: Subject) -> Json | None:
    """Return the last good preview; the first one is made for this."""
    known = ls.evaluations.kept(subject)
    if known is None:
        try:
            await ls.evaluations.preview(subject)
        except WorkerUnavailable:
            return None
        known = ls.evaluations.kept(subject)
    return known


def refresh(server: K8sGenServer) -> None:
    """Let the client ask for lenses and hints again, if it can be told."""
    workspace = server.client_capabilities.workspace
    if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
        server.workspace_code_lens_refresh(None)
    if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
        server.workspace_inlay_hint_refresh(None)


def lenses_in(document: Shown, preview: Json, changed: Changed | None) -> list[types.CodeLens]:
    """Return the lenses of a document, above its first resource."""
    placed, call = next(document.document.calls())
    start = document.extent(placed, call.whole).start
    above = types.Range(start, start)
    uri = [{"uri": document.uri}]
    commands = (
        types.Command(title=_figures(preview, changed), command=""),
        types.Command(title="Preview", command=previewing.COMMAND, arguments=uri),
        types.Command(title="Validate", command=VALIDATE),
    )
    return [types.CodeLens(above, each) for each in commands]


def _figures(preview: Json, changed: Changed | None) -> str:
    lines = sum(each["text"].count("\n") for each in preview["files"])
    parts = [_counted(len(preview["objects"]), "resource"), _counted(lines, "line")]
    if changed is not None:
        parts.append(f"+{changed.added} {MINUS}{changed.removed} since HEAD")
    return " · ".join(parts)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
