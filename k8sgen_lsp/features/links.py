"""``textDocument/documentLink``: the files that a document names, to be opened."""

from __future__ import annotations

from lsprotocol import types

from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.files import files_in


def register(server: K8sGenServer) -> None:
    """Link templates, and what is read."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions())
    def links(ls: K8sGenServer, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        return links_in(shown(ls, params.text_document.uri))


def links_in(document: Shown) -> list[types.DocumentLink]:
    """Return a link for each text that names an existing file of the project."""
    return [
        types.DocumentLink(document.extent(each.placed, each.extent), each.path.as_uri())
        for each in files_in(document.document, document.root)
        if each.path.exists()
    ]
