"""``textDocument/references`` and ``documentHighlight``: where a resource is named."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from k8sgen_lsp.features.definition import name_at, uses
from k8sgen_lsp.projects import documents_beside
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.templates import uses_in_templates


def register(server: K8sGenServer) -> None:
    """Find a resource's name in the project, and in the document."""

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def references(ls: K8sGenServer, params: types.ReferenceParams) -> list[types.Location]:
        uri = params.text_document.uri
        document = shown(ls, uri)
        beside = documents_beside(ls, uri)
        declared = params.context.include_declaration
        return references_to(document, beside, params.position, with_definition=declared)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlight(
        ls: K8sGenServer, params: types.DocumentHighlightParams
    ) -> list[types.DocumentHighlight]:
        return highlights(shown(ls, params.text_document.uri), params.position)


def references_to(
    document: Shown,
    beside: Iterable[Shown],
    position: types.Position,
    *,
    with_definition: bool,
) -> list[types.Location]:
    """Return where the resource that is named at a position is named, in templates too."""
    wanted = name_at(document, document.offset(position))
    if wanted is None:
        return []
    documents = list(beside)
    found = [
        types.Location(each.uri, each.extent(named.placed, named.extent))
        for each, named in uses(documents, wanted)
        if with_definition or not named.is_definition
    ]
    return found + [use.location for use in uses_in_templates(documents, wanted.name)]


def highlights(document: Shown, position: types.Position) -> list[types.DocumentHighlight]:
    """Return where the document names the resource at a position."""
    wanted = name_at(document, document.offset(position))
    if wanted is None:
        return []
    kinds = types.DocumentHighlightKind.Read, types.DocumentHighlightKind.Write
    return [
        types.DocumentHighlight(
            document.extent(named.placed, named.extent), kinds[named.is_definition]
        )
        for _, named in uses([document], wanted)
    ]
