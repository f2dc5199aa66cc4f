"""The beginning and the end of a session: whom the client trusts, and that nothing stays behind."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from lsprotocol import types

from k8sgen_lsp.convert import path_of
from k8sgen_lsp.features import pulling
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.settings import read


def register(server: K8sGenServer) -> None:
    """Read the options at the start, and end the worker at the end, whichever end that is."""

    @server.feature(types.INITIALIZE)
    async def initialize(ls: K8sGenServer, params: types.InitializeParams) -> None:
        ls.protocol.keep_documents(params.workspace_folders or ())
        ls.reporter.choose(params.capabilities)
        if ls.reporter.pulls:
            pulling.offer(ls)
        ls.configure(read(params.initialization_options))
        for folder in trusted_folders(params.initialization_options):
            ls.trust.decide(folder, trusted=True)
        ls.lifetime = asyncio.create_task(_live(ls))

    @server.feature(types.SHUTDOWN)
    async def shutdown(ls: K8sGenServer, _: None) -> None:
        ls.was_shut_down = True
        if ls.lifetime is not None:
            ls.lifetime.cancel()
            await asyncio.wait([ls.lifetime])


async def _live(ls: K8sGenServer) -> None:
    """Close the worker when the loop ends: a client that dies sends no ``shutdown``."""
    try:
        await asyncio.Event().wait()
    finally:
        await ls.python.close()
        await ls.worker.close()


def trusted_folders(options: Any) -> list[Path]:
    """Return the folders that the client's own settings trust: absolute paths or URIs."""
    given = options.get("trusted") if isinstance(options, dict) else None
    named = [each for each in given or () if isinstance(each, str)]
    paths = (path_of(each) or Path(each).expanduser() for each in named)
    # A relative path would be one of the workspace, which is what is to be judged.
    return [path for path in paths if path.is_absolute()]
