"""``k8sgen/trust``: the user's decision on a folder, for this session."""

from __future__ import annotations

from typing import Any

from k8sgen_lsp.features.diagnostics import check_all
from k8sgen_lsp.features.session import trusted_folders
from k8sgen_lsp.server import K8sGenServer

NOTIFICATION = "k8sgen/trust"


def register(server: K8sGenServer) -> None:
    """Take the decision, and show what it allows to be shown."""

    @server.feature(NOTIFICATION)
    async def decided(ls: K8sGenServer, params: Any) -> None:
        for folder in trusted_folders({"trusted": [params.get("folder")]}):
            ls.trust.decide(folder, trusted=params.get("trusted") is True)
        await check_all(ls, ls.texts())
