"""``textDocument/hover``: what a method or class of ours does, from the static index."""

from __future__ import annotations

from lsprotocol import types

from k8sgen_lsp.convert import offset_of, range_between
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.chains import word_at
from k8sgen_lsp.static.docstrings import markdown
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader


def register(server: K8sGenServer) -> None:
    """Explain the name under the pointer."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: K8sGenServer, params: types.HoverParams) -> types.Hover | None:
        text = ls.workspace.get_text_document(params.text_document.uri).source
        offset = offset_of(text, params.position, ls.unit)
        explained = explanation(ls.catalogue(params.text_document.uri), text, offset)
        if explained is None:
            return None
        start, end = word_at(layout_of(text), offset)
        return types.Hover(
            contents=types.MarkupContent(types.MarkupKind.Markdown, explained),
            range=range_between(text, start, end, ls.unit),
        )


def explanation(catalogue: Catalogue, text: str, offset: int) -> str | None:
    """Return signature and docstring of the method or class that is named at ``offset``."""
    layout = layout_of(text)
    reader = Reader(layout, catalogue)
    start, end = word_at(layout, offset)
    found = reader.receiver_at(end)
    if found is not None:
        member = catalogue.members(found[1].found).get(text[start:end])
        return _shown(member.signature, member.documentation) if member else None
    named = reader.class_at(offset)
    return _shown(catalogue.signature(named), named.documentation) if named else None


def _shown(signature: str, documentation: str) -> str:
    return f"```python\n{signature}\n```\n\n{markdown(documentation)}"
