"""The server: the state of one session with an editor."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from k8sgen_core.columns import Unit
from k8sgen_core.config import project_root
from k8sgen_core.evaluation.worker import Worker
from k8sgen_lsp import convert
from k8sgen_lsp.completing.facts import WorkspaceFacts
from k8sgen_lsp.evaluations import NONE, Evaluations, Text
from k8sgen_lsp.publishing import Findings
from k8sgen_lsp.roots import Roots
from k8sgen_lsp.static.catalogue import Catalogue, installed
from k8sgen_lsp.static.introspected import Introspected
from k8sgen_lsp.static.libraries import libraries
from k8sgen_lsp.static.store import Store, cache_home
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from k8sgen_lsp.trust import TrustedFolders

log = logging.getLogger(__name__)


# How long, in seconds, what a document can call is taken for what it could just now.
FRESH = 1.0
MOST_CATALOGUES = 8


class _Known(NamedTuple):
    """What a text can call, and until when that is believed."""

    text: str
    plugins: Introspected
    until: float
    catalogue: Catalogue


class K8sGenServer(LanguageServer):
    """Knows who is trusted, what was found, and what builders can do."""

    def __init__(self, version: str) -> None:
        # An incremental change would be applied to lines that end where Python says.
        super().__init__("k8sgen", version, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.trust = TrustedFolders()
        self.worker = Worker()
        self.evaluations = Evaluations(self.worker, self)
        self.findings = Findings()
        self._modules = Modules(self._text_of, Store(cache_home()))
        self._installed = installed(self._modules.read)
        self.facts = WorkspaceFacts(self._text_of)
        self.roots = Roots()
        self._catalogues: dict[str, _Known] = {}
        self.was_shut_down = False
        self.lifetime: asyncio.Task[None] | None = None
        self._uris: dict[Path, str] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def unit(self) -> Unit:
        """What columns count in this session."""
        return convert.UNITS[self.workspace.position_encoding or "utf-16"]

    def texts(self) -> Mapping[Path, Text]:
        """Return the texts of the open documents that are files."""
        documents = self.workspace.text_documents.values()
        paths = {convert.path_of(each.uri): each for each in documents}
        return {p: Text(each.source, each.version) for p, each in paths.items() if p is not None}

    def catalogue(self, uri: str) -> Catalogue:
        """Return what a document can call: of ours, of its project, and of its own."""
        text = self.workspace.get_text_document(uri).source
        path = convert.path_of(uri)
        found = self.evaluations.plugins(path) if path is not None else NONE
        known = self._catalogues.get(uri)
        now = time.monotonic()
        # Several requests about one text follow each other, and other files seldom change between.
        if known is None or known.text != text or known.plugins is not found or now > known.until:
            made = WorkspaceCatalogue(self._installed, self._modules, text, *self._folders(path))
            made.introspected = found
            known = self._catalogues[uri] = _Known(text, found, now + FRESH, made)
            if len(self._catalogues) > MOST_CATALOGUES:
                self._catalogues.pop(next(iter(self._catalogues)))
        return known.catalogue

    def _folders(self, path: Path | None) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Return where the modules of a document are, and those of libraries."""
        root = self.roots.of(path) if path is not None else None
        folders = () if path is None or root is None else (root, path.parent)
        return folders, libraries(root)

    def _text_of(self, path: Path) -> str | None:
        """Return the text of a file that is open."""
        uris = (uri for uri in self.workspace.text_documents if convert.path_of(uri) == path)
        uri = next(uris, None)
        return None if uri is None else self.workspace.text_documents[uri].source

    def may_run(self, path: Path) -> bool:
        """Has the user trusted the file and its project, whose modules it can import?"""
        return self.trust.covers(path, project_root(path))

    def background(self, work: Coroutine[Any, Any, object]) -> None:
        """Let something be done that nobody waits for; the loop itself keeps no task alive."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("%s", task.exception())

    def uri_of(self, path: Path) -> str:
        """Return how the client names a file; clients differ in what they escape."""
        for uri in self.workspace.text_documents:
            if convert.path_of(uri) == path:
                self._uris[path] = uri
        return self._uris.get(path) or path.as_uri()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong; whoever asked has been answered with it."""
        log.error("%s", error)
