"""``k8sgen.restartWorker``: evaluate afresh, after an installed package changed."""

from __future__ import annotations

from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.features.diagnostics import check_all
from k8sgen_lsp.progress import progress
from k8sgen_lsp.refusing import failed
from k8sgen_lsp.server import K8sGenServer

COMMAND = "k8sgen.restartWorker"


def register(server: K8sGenServer) -> None:
    """Restart on command."""

    @server.command(COMMAND)
    async def restarted(ls: K8sGenServer) -> None:
        async with progress(ls, "Restart the worker") as tell:
            try:
                await ls.worker.restart()
            except WorkerUnavailable as error:
                raise failed(str(error)) from None
            tell("evaluating", 0.5)
            ls.evaluations.start_afresh()
            await check_all(ls, {*ls.texts(), *ls.validated})
