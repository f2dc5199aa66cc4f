"""``textDocument/codeLens``: how much a file deploys, and what can be done with it."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from lsprotocol import types

from k8sgen_core.config import ConfigurationError
from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.comparison import since_head
from k8sgen_lsp.features import preview as previewing
from k8sgen_lsp.outcomes import Evaluation, Subject
from k8sgen_lsp.repository import NoRepository
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown

Json: TypeAlias = dict[str, Any]
VALIDATE = "k8sgen.validateWorkspace"
MINUS = "\N{MINUS SIGN}"


class Changed(NamedTuple):
    """How many lines are new, and how many are gone, since the last commit."""

    added: int
    removed: int


class SinceHead:
    """
    What the kept previews changed since the last commit.

    That can take as long as an evaluation, so nobody waits for it: the lenses are asked for
    again when it is known.
    """

    def __init__(self, server: K8sGenServer) -> None:
        self._server = server
        self._known: dict[Subject, tuple[Evaluation, Changed | None]] = {}

    def of(self, kept: Evaluation) -> Changed | None:
        """Return what changed in an evaluation, ``None`` if it is not known, or never will be."""
        known = self._known.get(kept.subject)
        if known is None or known[0] is not kept:
            before = None if known is None else known[1]
            # Of a file that was closed nobody will ask.
            keeps = self._server.evaluations.kept
            self._known = {each: it for each, it in self._known.items() if keeps(each)}
            self._known[kept.subject] = (kept, before)
            self._server.background(self._find_out(kept))
            return before
        return known[1]

    async def _find_out(self, kept: Evaluation) -> None:
        try:
            found = await since_head(self._server, kept)
        except (NoRepository, ConfigurationError, WorkerUnavailable):
            return
        if found is None:
            # Whatever took its place is looked at next.
            return
        added, removed = (sum(each[key] for each in found) for key in ("added", "removed"))
        changed = Changed(added, removed)
        latest, before = self._known.get(kept.subject, (None, None))
        if latest is not kept:
            return
        self._known[kept.subject] = (kept, changed)
        if before != changed:
            refresh(self._server)


def register(server: K8sGenServer) -> None:
    """Answer from the preview that is kept, and ask again when another one is."""
    changes = SinceHead(server)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())
    async def lenses(ls: K8sGenServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        document = shown(ls, params.text_document.uri)
        path = document.path
        if path is None or not ls.may_run(path) or next(document.document.calls(), None) is None:
            return []
        kept = await _kept(ls, Subject(path))
        if kept is None or kept.preview is None:
            return []
        return lenses_in(document, kept.preview, changes.of(kept))

    figures: dict[Subject, str] = {}

    def evaluated(evaluation: Evaluation) -> None:
        preview = evaluation.preview
        if preview is not None:
            told = _figures(preview, None) + str(preview["objects"])
            if figures.get(evaluation.subject, told) != told:
                refresh(server)
            for each in [each for each in figures if not server.evaluations.latest(each)]:
                del figures[each]
            figures[evaluation.subject] = told

    server.evaluations.listeners.append(evaluated)


async def _kept(ls: K8sGenServer, subject: Subject) -> Evaluation | None:
    """Return the evaluation of the last good preview; the first one is made for this."""
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
