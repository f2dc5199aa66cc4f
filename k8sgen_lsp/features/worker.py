"""``k8sgen.restartWorker``: evaluate afresh, after an installed package changed."""

from __future__ import annotations

from k8sgen_lsp.features.diagnostics import check_all
from k8sgen_lsp.server import K8sGenServer

COMMAND = "k8sgen.restartWorker"


def register(server: K8sGenServer) -> None:
    """Restart on command."""

    @server.command(COMMAND)
    async def restarted(ls: K8sGenServer) -> None:
        await ls.worker.restart()
        await check_all(ls, ls.texts())
