"""
``k8sgen/preview``, and the command: what a file deploys, and where each line is from.

Who asks once is told by ``k8sgen/previewChanged`` as the file is edited, unless ``watch`` is false.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from pygls.exceptions import JsonRpcInvalidParams

from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.evaluations import Evaluation, Json, Subject
from k8sgen_lsp.refusing import failed, subject_in
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

    server.on_change.append(Following(server).changed)


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


class Following:
    """Makes the previews again that somebody looks at, once nothing is typed for a moment."""

    def __init__(self, ls: K8sGenServer) -> None:
        self._ls = ls
        self._timers: dict[Path, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def changed(self, uri: str) -> None:
        """Wait for a pause after an edit of a document."""
        path = path_of(uri)
        if path is None or not self._ls.evaluations.watched(path):
            return
        if path in self._timers:
            self._timers[path].cancel()
        loop = asyncio.get_running_loop()
        self._timers[path] = loop.call_later(PAUSE, self._start, path)

    def _start(self, path: Path) -> None:
        del self._timers[path]
        for subject in self._ls.evaluations.watched(path):
            task = asyncio.create_task(self._tell(subject))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _tell(self, subject: Subject) -> None:
        ls = self._ls
        try:
            evaluation = await ls.evaluations.preview(subject)
        except WorkerUnavailable as error:
            ls.tell_once(str(error))
            return
        if evaluation is None or subject not in ls.evaluations.watched(subject.path):
            return
        if subject == Subject(subject.path):
            # What a preview finds is what an evaluation on save would.
            concerned = ls.findings.replace(subject.path, evaluation.findings, evaluation.texts())
            ls.reporter.report(map(ls.uri_of, concerned))
        ls.protocol.notify(
            NOTIFICATION,
            {"uri": ls.uri_of(subject.path), "preview": ls.evaluations.shown(evaluation)},
        )
