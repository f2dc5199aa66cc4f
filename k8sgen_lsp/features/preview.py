"""
``k8sgen/preview``, and the command: what a file deploys, and where each line is from.

Who asks once is told by ``k8sgen/previewChanged`` as the file is edited, unless ``watch`` is false.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from pygls.exceptions import JsonRpcInvalidParams

from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.features.diagnostics import report_with_others
from k8sgen_lsp.outcomes import Evaluation, Json, Subject
from k8sgen_lsp.refusing import failed, subject_in
from k8sgen_lsp.scheduling import Pauses
from k8sgen_lsp.server import K8sGenServer

REQUEST = "k8sgen/preview"
COMMAND = "k8sgen.preview"
NOTIFICATION = "k8sgen/previewChanged"
# How long, in seconds, nothing is typed before a preview is made again.
PAUSE = 0.08


def register(server: K8sGenServer) -> None:
    """Answer the request and the command alike, and follow the edits."""

    @server.feature(REQUEST)
    async def requested(ls: K8sGenServer, params: Json) -> Json:
        return await preview(ls, params)

    @server.command(COMMAND)
    async def commanded(ls: K8sGenServer, params: Json) -> Json:
        return await preview(ls, params)

    server.on_change.append(follow(server))


async def preview(ls: K8sGenServer, params: Json) -> Json:
    """Return the preview of a file as it is in the editor, saved or not."""
    subject = subject_in(ls, params)
    ls.evaluations.watch(subject, wanted=params.get("watch") is not False)
    return ls.evaluations.shown(await previewed(ls, subject))


async def previewed(ls: K8sGenServer, subject: Subject) -> Evaluation:
    """
    Return what a file comes to, with its preview.

    Raises:
        JsonRpcException: if it cannot be evaluated, or has no such format.
    """
    try:
        evaluation = await ls.evaluations.preview(subject)
    except WorkerUnavailable as error:
        raise failed(str(error)) from None
    if evaluation is None:
        raise failed(f"the evaluation of {subject.path.name} was cancelled")
    for finding in evaluation.findings:
        if finding["rule"] == "unknown-format":
            raise JsonRpcInvalidParams(f"{finding['message']}: {finding['hint']}")
    return evaluation


def follow(ls: K8sGenServer) -> Callable[[str], None]:
    """Return what makes previews again that somebody watches, when nothing is typed for a bit."""

    async def tell_all(path: Path) -> None:
        await asyncio.gather(*(_tell(ls, each) for each in ls.evaluations.watched(path)))

    pauses = Pauses(PAUSE, tell_all)

    def changed(uri: str) -> None:
        path = path_of(uri)
        if path is not None and ls.evaluations.watched(path):
            pauses.wait(path)

    return changed


async def _tell(ls: K8sGenServer, subject: Subject) -> None:
    try:
        # Who saves what was typed has it evaluated already.
        evaluation = await ls.evaluations.current(subject)
    except WorkerUnavailable as error:
        ls.tell_once(str(error))
        return
    if evaluation is None or subject not in ls.evaluations.watched(subject.path):
        return
    told, texts = evaluation.findings, evaluation.texts()
    if subject == Subject(subject.path) and not ls.findings.has(subject.path, told, texts):
        # What a preview finds is what an evaluation on save would.
        report_with_others(ls, subject.path, ls.findings.replace(subject.path, told, texts))
    shown = {"uri": ls.uri_of(subject.path), "preview": ls.evaluations.shown(evaluation)}
    ls.protocol.notify(NOTIFICATION, shown)
