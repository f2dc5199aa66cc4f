"""``textDocument/completion``: methods, arguments and values, from the static index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lsprotocol import types

from k8sgen_core.columns import Unit
from k8sgen_lsp.completing.documented import documentation
from k8sgen_lsp.completing.offer import Edit, Offer
from k8sgen_lsp.completing.places import Document, Offers, is_of_dsl, is_python, offers_at
from k8sgen_lsp.convert import offset_of, path_of, range_between
from k8sgen_lsp.python import PythonCompletion
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.static.catalogue import Catalogue

SLASH = "/"
TRIGGERS = [".", '"', "'", "(", "=", "[", "|", SLASH]


def register(server: K8sGenServer) -> None:
    """Offer what can be written; what it does is told when an item is looked at."""

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=TRIGGERS, resolve_provider=True),
    )
    async def completion(ls: K8sGenServer, params: types.CompletionParams) -> types.CompletionList:
        uri = params.text_document.uri
        document = document_of(ls, uri)
        offset = offset_of(document.text, params.position, ls.unit)
        trigger = params.context and params.context.trigger_character
        if trigger == SLASH and is_python(document, offset):
            # It divides: only in a text it is a part of a path.
            return types.CompletionList(is_incomplete=False, items=[])
        offers = offers_at(document, offset)
        if ls.settings["completion.python"] == "full":
            offers = await with_python(ls.python, document, offset, offers)
        items = list(_items(offers.items, document.text, uri, ls.unit))
        for each in ls.on_use:
            each(uri)
        return types.CompletionList(is_incomplete=not offers.is_complete, items=items)

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def resolve(ls: K8sGenServer, item: types.CompletionItem) -> types.CompletionItem:
        uri = item.data.get("uri", "") if isinstance(item.data, dict) else ""
        return resolved(ls.catalogue(uri), item)


def document_of(ls: K8sGenServer, uri: str) -> Document:
    """Return a document with what is known around it."""
    path = path_of(uri)
    return Document(
        text=ls.workspace.get_text_document(uri).source,
        catalogue=ls.catalogue(uri),
        path=path,
        root=ls.root_of(uri),
        facts=ls.catalogues.facts,
        with_snippets=_takes_snippets(ls.client_capabilities),
        folders=[each for each in ls.folders() if path is not None and path.is_relative_to(each)],
    )


async def with_python(
    python: PythonCompletion, document: Document, offset: int, offers: Offers
) -> Offers:
    """Return with what is of the DSL also what is not, as far as that comes in time."""
    ours = list(offers.items)
    if not is_python(document, offset) or not python.is_possible() or is_of_dsl(document, offset):
        return Offers(ours, offers.is_complete)
    theirs = await python.offers(document.text, offset, document.path)
    known = {each.label for each in ours}
    more = [each for each in theirs or () if each.label not in known]
    return Offers([*ours, *more], offers.is_complete and theirs is not None)


def _takes_snippets(client: types.ClientCapabilities) -> bool:
    completion = client.text_document and client.text_document.completion
    item = completion and completion.completion_item
    return bool(item and item.snippet_support)


def completions(
    catalogue: Catalogue, text: str, offset: int, uri: str = "", unit: Unit = "utf-16"
) -> Iterable[types.CompletionItem]:
    """Yield what can be written at a place of a text that is no file."""
    yield from _items(offers_at(Document(text, catalogue), offset).items, text, uri, unit)


def _items(
    offers: Iterable[Offer], text: str, uri: str, unit: Unit
) -> Iterator[types.CompletionItem]:
    ranges: dict[tuple[int, int], types.Range] = {}
    for offer in offers:
        item = types.CompletionItem(
            label=offer.label,
            kind=types.CompletionItemKind(offer.sort),
            detail=offer.detail or None,
            sort_text=offer.rank or None,
            data={**offer.data, "uri": uri} if offer.data else None,
        )
        if offer.inserted or offer.edits or offer.is_deprecated:
            _complete(item, offer, text, unit, ranges)
        yield item


def _complete(
    item: types.CompletionItem,
    offer: Offer,
    text: str,
    unit: Unit,
    ranges: dict[tuple[int, int], types.Range],
) -> None:
    if offer.inserted:
        item.insert_text = offer.inserted
        item.filter_text = offer.label.strip('"')
    if offer.start is not None and offer.end is not None:
        place = (offer.start, offer.end)
        if place not in ranges:
            ranges[place] = range_between(text, *place, unit)
        item.text_edit = types.TextEdit(ranges[place], offer.inserted)
        item.insert_text = None
    if offer.is_snippet:
        item.insert_text_format = types.InsertTextFormat.Snippet
    if offer.is_deprecated:
        item.tags = [types.CompletionItemTag.Deprecated]
        item.deprecated = True
    if offer.edits:
        item.additional_text_edits = [_edit(each, text, unit) for each in offer.edits]


def _edit(edit: Edit, text: str, unit: Unit) -> types.TextEdit:
    return types.TextEdit(range_between(text, edit.offset, edit.offset, unit), edit.text)


def resolved(catalogue: Catalogue, item: types.CompletionItem) -> types.CompletionItem:
    """Return the item with its documentation."""
    asked: dict[str, Any] = item.data if isinstance(item.data, dict) else {}
    said = documentation(catalogue, asked)
    if said is not None:
        item.documentation = types.MarkupContent(types.MarkupKind.Markdown, said)
    return item
