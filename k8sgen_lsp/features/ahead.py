"""
What typing will need is read ahead, while nobody types: once a document is open, or completed in.

Each of these is read when it is needed anyway; but the first key that needs it would wait for it.
"""

from __future__ import annotations

import asyncio
import importlib

from k8sgen_core.builders import NAMES, module_of
from k8sgen_core.ids import registry
from k8sgen_lsp.reporting import found_in
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.static.layout import layout_of

# How long, in seconds, the editor asks what it asks of a new document before all of this, and
# between two parts of it.
QUIET = 0.3
PAUSE = 0.01
# How many names are known to be read.
MOST = 1_000


def register(server: K8sGenServer) -> None:
    """Read ahead for documents of ours when they are opened, for others when they are used."""
    modules = Modules(server)

    def opened(uri: str) -> None:
        if server.is_ours(uri):
            server.background(read_ahead(server, uri, modules))

    server.on_open.append(opened)
    server.on_use.append(modules.begin)


async def read_ahead(ls: K8sGenServer, uri: str, modules: Modules) -> None:
    """Load what judges a text, find what is wrong in it, and read what it imports."""
    await asyncio.sleep(QUIET)
    await asyncio.to_thread(load)
    modules.begin(uri)
    await asyncio.sleep(PAUSE)
    if ls.reporter.pulls and ls.key_of(uri) in ls.workspace.text_documents:
        found_in(ls, uri)


def load() -> None:
    """Load the builders and the registry of findings: a thread may, for nobody waits for it."""
    registry()
    for name in NAMES:
        importlib.import_module(module_of(name))


class Modules:
    """Reads the modules that documents import from, one at a time."""

    def __init__(self, ls: K8sGenServer) -> None:
        self._ls = ls
        self._known: set[str] = set()
        self._is_reading = False

    def begin(self, uri: str) -> None:
        """Read what a document imports, if that is not known or being read."""
        if not self._is_reading and not self._known.issuperset(self._imported(uri)):
            self._is_reading = True
            self._ls.background(self._read(uri))

    async def _read(self, uri: str) -> None:
        try:
            for qualified in self._imported(uri):
                if qualified in self._known:
                    continue
                if len(self._known) > MOST:
                    self._known.clear()
                self._known.add(qualified)
                await asyncio.sleep(PAUSE)
                if self._ls.key_of(uri) not in self._ls.workspace.text_documents:
                    return
                self._ls.catalogue(uri).holder(qualified)
        finally:
            self._is_reading = False

    def _imported(self, uri: str) -> list[str]:
        document = self._ls.workspace.text_documents.get(self._ls.key_of(uri))
        return [] if document is None else list(layout_of(document.source).imports.values())
