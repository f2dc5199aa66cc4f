"""The server: the state of one session with an editor."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from k8sgen_core.columns import Unit
from k8sgen_core.config import project_root
from k8sgen_core.evaluation.worker import Worker
from k8sgen_lsp import convert
from k8sgen_lsp.evaluations import Evaluations, Text
from k8sgen_lsp.publishing import Findings
from k8sgen_lsp.static.catalogue import Catalogue, installed
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from k8sgen_lsp.trust import TrustedFolders

if TYPE_CHECKING:
    from k8sgen_lsp.features.code_lens import Changed

log = logging.getLogger(__name__)


class K8sGenServer(LanguageServer):
    """Knows who is trusted, what was found, and what builders can do."""

    def __init__(self, version: str) -> None:
        # An incremental change would be applied to lines that end where Python says.
        super().__init__("k8sgen", version, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.trust = TrustedFolders()
        self.worker = Worker()
        self.evaluations = Evaluations(self.worker, self)
        self.findings = Findings()
        self._installed = installed()
        self._modules = Modules(self._text_of)
        # How many lines of output are new and gone since the last commit, once something can tell.
        self.since_head: Callable[[Path], Awaitable[Changed | None]] | None = None
        self.was_shut_down = False
        self.lifetime: asyncio.Task[None] | None = None
        self._uris: dict[Path, str] = {}

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
        folders = () if path is None else (project_root(path), path.parent)
        return WorkspaceCatalogue(self._installed, self._modules, text, folders)

    def _text_of(self, path: Path) -> str | None:
        """Return the text of a file that is open."""
        uris = (uri for uri in self.workspace.text_documents if convert.path_of(uri) == path)
        uri = next(uris, None)
        return None if uri is None else self.workspace.text_documents[uri].source

    def may_run(self, path: Path) -> bool:
        """Has the user trusted the file and its project, whose modules it can import?"""
        return self.trust.covers(path, project_root(path))

    def uri_of(self, path: Path) -> str:
        """Return how the client names a file; clients differ in what they escape."""
        for uri in self.workspace.text_documents:
            if convert.path_of(uri) == path:
                self._uris[path] = uri
        return self._uris.get(path) or path.as_uri()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong; whoever asked has been answered with it."""
        log.error("%s", error)
