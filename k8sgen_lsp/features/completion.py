"""``textDocument/completion``: the methods of a builder, from the static index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lsprotocol import types

from k8sgen_lsp.convert import offset_of
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.static.catalogue import Catalogue, Member
from k8sgen_lsp.static.docstrings import markdown
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader


def register(server: K8sGenServer) -> None:
    """Offer methods behind a dot; what they do is told when an item is looked at."""

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=["."], resolve_provider=True),
    )
    def completion(ls: K8sGenServer, params: types.CompletionParams) -> types.CompletionList:
        uri = params.text_document.uri
        text = ls.workspace.get_text_document(uri).source
        offset = offset_of(text, params.position, ls.unit)
        items = list(completions(ls.catalogue(uri), text, offset, uri))
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def resolve(ls: K8sGenServer, item: types.CompletionItem) -> types.CompletionItem:
        uri = item.data.get("uri", "") if isinstance(item.data, dict) else ""
        return resolved(ls.catalogue(uri), item)


def completions(
    catalogue: Catalogue, text: str, offset: int, uri: str = ""
) -> Iterable[types.CompletionItem]:
    """Yield the members of the builder before the dot; those it has been called with last."""
    reader = Reader(layout_of(text), catalogue)
    found = reader.receiver_at(offset)
    if found is None:
        yield from _names_in(catalogue, reader.module_at(offset))
        return
    _, receiver = found
    for name, member in sorted(catalogue.members(receiver.found).items()):
        data = {"class": receiver.found.qualified, "member": name, "uri": uri}
        yield _item(member, data, was_called=name in receiver.called)


def _names_in(catalogue: Catalogue, module: str | None) -> Iterable[types.CompletionItem]:
    """Yield the classes that a module offers."""
    read = catalogue.module(module) if module else None
    for name in sorted({**read.classes, **read.imports} if read else ()):
        if not name.startswith("_") and catalogue.find(f"{module}.{name}"):
            yield types.CompletionItem(label=name, kind=types.CompletionItemKind.Class)


def _item(member: Member, data: Any, *, was_called: bool) -> types.CompletionItem:
    property_or_method = types.CompletionItemKind.Property, types.CompletionItemKind.Method
    return types.CompletionItem(
        label=member.name,
        kind=property_or_method[not member.is_property],
        detail=member.signature,
        sort_text=f"{int(was_called)}{member.name}",
        data=data,
    )


def resolved(catalogue: Catalogue, item: types.CompletionItem) -> types.CompletionItem:
    """Return the item with its documentation."""
    asked: dict[str, Any] = item.data if isinstance(item.data, dict) else {}
    found = catalogue.find(asked.get("class", ""))
    member = catalogue.members(found).get(item.label) if found else None
    if member is not None:
        item.documentation = types.MarkupContent(
            types.MarkupKind.Markdown, markdown(member.documentation)
        )
    return item
