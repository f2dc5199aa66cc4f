"""The server: the state of one session with an editor."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from k8sgen_core.columns import Unit
from k8sgen_core.config import project_root
from k8sgen_lsp import convert
from k8sgen_lsp.catalogues import Catalogues
from k8sgen_lsp.context import Text
from k8sgen_lsp.documents import Document
from k8sgen_lsp.evaluations import Evaluations
from k8sgen_lsp.protocol import Protocol, converter
from k8sgen_lsp.publishing import Findings
from k8sgen_lsp.python import PythonCompletion
from k8sgen_lsp.reporting import Check, Reporter
from k8sgen_lsp.settings import DEFAULTS, Settings
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.introspected import NOTHING
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.pool import keep_open
from k8sgen_lsp.trust import TrustedFolders
from k8sgen_lsp.workers import Interpreters, Workers

log = logging.getLogger(__name__)


class K8sGenServer(LanguageServer):
    """Knows who is trusted, what was found, and what builders can do."""

    protocol: Protocol

    def __init__(self, version: str) -> None:
        super().__init__("k8sgen", version, protocol_cls=Protocol, converter_factory=converter)
        self.trust = TrustedFolders()
        self.settings = DEFAULTS
        self.worker = Workers(Interpreters(self.may_run, os.environ), self.folders)
        self.worker.tell = self.tell_once
        self.evaluations = Evaluations(self.worker, self)
        self.findings = Findings()
        self.catalogues = Catalogues(self._text_of)
        self.python = PythonCompletion()
        self.was_shut_down = False
        self.lifetime: asyncio.Task[None] | None = None
        self._uris: dict[Path, str] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._told: set[str] = set()
        # Files that are evaluated though they are not open, and judged together, because the
        # user asked for all.
        self.validated: set[Path] = set()
        # What else adds findings to a document, and who wants to know that one was edited.
        self.checks: list[Check] = []
        self.on_change: list[Callable[[str], None]] = []
        # Who wants to know that one was opened, and that something is completed in one.
        self.on_open: list[Callable[[str], None]] = []
        self.on_use: list[Callable[[str], None]] = []
        self.reporter = Reporter(self)

    def configure(self, settings: Settings) -> None:
        """Do from now on as the user has set."""
        self.settings = settings
        self.worker.interpreters.named = settings["interpreter"]
        for problem in settings.problems:
            self.tell_once(problem)

    @property
    def unit(self) -> Unit:
        """What columns count in this session."""
        return convert.UNITS[self.workspace.position_encoding or "utf-16"]

    def texts(self) -> Mapping[Path, Text]:
        """Return the texts of the open documents that are files."""
        documents = [
            each
            for each in self.workspace.text_documents.values()
            if not (isinstance(each, Document) and each.is_too_large)
        ]
        paths = {convert.path_of(each.uri): each for each in documents}
        return {p: Text(each.source, each.version) for p, each in paths.items() if p is not None}

    def catalogue(self, uri: str) -> Catalogue:
        """Return what a document can call: of ours, of its project, and of its own."""
        text = self.workspace.get_text_document(uri).source
        path = convert.path_of(uri)
        plugins = self.evaluations.plugins(path) if path is not None else NOTHING
        return self.catalogues.of(uri, text, path, plugins)

    def root_of(self, uri: str) -> Path | None:
        """Return the root of a document's project; one that is saved nowhere has none."""
        path = convert.path_of(uri)
        return None if path is None else self.catalogues.roots.of(path)

    def _text_of(self, path: Path) -> str | None:
        """Return the text of a file that is open."""
        uris = (uri for uri in self.workspace.text_documents if convert.path_of(uri) == path)
        uri = next(uris, None)
        return None if uri is None else self.workspace.text_documents[uri].source

    def may_run(self, path: Path) -> bool:
        """Has the user trusted the file and its project, whose modules it can import?"""
        return self.trust.covers(path, project_root(path))

    def is_ours(self, uri: str) -> bool:
        """Does a document speak of k8s-gen, or import what does? Nothing is said of others."""
        text = self.workspace.get_text_document(uri).source
        imported = layout_of(text).imports.values() if "import" in text else ()
        return "k8s_gen" in text or self.catalogue(uri).leads_to_dsl(imported)

    def changed(self, uri: str) -> None:
        """Let those know that a document was edited who show something of it."""
        keep_open(sum(len(each.source) for each in self.workspace.text_documents.values()))
        self.reporter.report_edit(uri)
        for each in self.on_change:
            each(uri)

    def key_of(self, uri: str) -> str:
        """Return the name under which the workspace keeps a document."""
        return unquote(uri)

    def tell_once(self, message: str) -> None:
        """Show an error that would come again with each evaluation."""
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))

    def folders(self) -> list[Path]:
        """Return the folders of the workspace that there are."""
        paths = (convert.path_of(each.uri) for each in self.workspace.folders.values())
        found = [path for path in paths if path is not None and path.is_dir()]
        root = convert.path_of(self.workspace.root_uri or "")
        return found or ([root] if root is not None and root.is_dir() else [])

    def is_too_large(self, path: Path) -> bool:
        """Is a file open, and larger than what is analysed?"""
        documents = self.workspace.text_documents.values()
        return any(
            isinstance(each, Document) and each.is_too_large and convert.path_of(each.uri) == path
            for each in documents
        )

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
