"""``textDocument/documentSymbol`` and ``workspace/symbol``: the resources, and their calls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from lsprotocol import types

from k8sgen_lsp.projects import documents_of_projects
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import DslCall, Extent, Reading

_LONGEST = 60
_AT_ONCE = 16


def register(server: K8sGenServer) -> None:
    """Answer with the outline, and with all resources of the workspace."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outline(
        ls: K8sGenServer, params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol]:
        document = shown(ls, params.text_document.uri)
        found: list[types.DocumentSymbol] = []
        for number, (placed, reading) in enumerate(document.document.readings()):
            found += _symbols(document, placed, reading)
            if number % _AT_ONCE == 0:
                # What is typed meanwhile does not wait for the outline.
                await asyncio.sleep(0)
        return found

    @server.feature(types.WORKSPACE_SYMBOL)
    async def everywhere(
        ls: K8sGenServer, params: types.WorkspaceSymbolParams
    ) -> list[types.WorkspaceSymbol]:
        found: list[types.WorkspaceSymbol] = []
        for each in documents_of_projects(ls):
            found += matching(each, params.query)
            # Typing goes on between two files.
            await asyncio.sleep(0)
        return found


def matching(document: Shown, query: str) -> Iterator[types.WorkspaceSymbol]:
    """Yield the resources of a document whose names or kinds have the letters of a query."""
    for placed, call in document.document.calls():
        if call.is_constructor and document.document.lookup.is_builder(call.receiver):
            name = title(placed, call)
            if _has_letters(query.lower(), f"{name} {call.receiver.name}".lower()):
                place = types.Location(document.uri, document.extent(placed, call.whole))
                yield types.WorkspaceSymbol(
                    location=place,
                    name=name,
                    kind=types.SymbolKind.Object,
                    container_name=call.receiver.name,
                )


def _has_letters(query: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in query)


def title(placed: Placed, call: DslCall) -> str:
    """Return what a resource is called: its name, or the source of it if that is computed."""
    if call.resource is not None and call.resource.name:
        return call.resource.name
    given = call.arguments[0].extent if call.arguments else call.name
    return " ".join(placed.block.text[slice(*given)].split())[:_LONGEST]


def symbols_in(document: Shown) -> list[types.DocumentSymbol]:
    """Return the outline of a document: chains of calls, each below the one it is given to."""
    return [
        symbol
        for placed, reading in document.document.readings()
        for symbol in _symbols(document, placed, reading)
    ]


def _symbols(document: Shown, placed: Placed, reading: Reading) -> list[types.DocumentSymbol]:
    top: list[types.DocumentSymbol] = []
    around: list[tuple[int, list[types.DocumentSymbol]]] = []
    for chain in chains(reading.calls):
        if not document.document.lookup.is_builder(chain[0].receiver):
            continue
        while around and around[-1][0] < chain[-1].whole.end:
            around.pop()
        below = [_call(document, placed, each) for each in chain if not each.is_constructor]
        siblings = around[-1][1] if around else top
        siblings.append(_chain(document, placed, chain, below))
        around.append((chain[-1].whole.end, below))
    return top


def chains(calls: Iterable[DslCall]) -> list[list[DslCall]]:
    """Return the calls chain by chain, those around others first."""
    found: dict[int, list[DslCall]] = {}
    for call in calls:
        found.setdefault(call.whole.start, []).append(call)
    return sorted(found.values(), key=lambda chain: (chain[0].whole.start, -chain[-1].whole.end))


def _chain(
    document: Shown, placed: Placed, chain: list[DslCall], below: list[types.DocumentSymbol]
) -> types.DocumentSymbol:
    first = chain[0]
    name, detail, selected = title(placed, first), first.receiver.name, first.name
    if not first.is_constructor:
        selected = Extent(first.whole.start, first.whole.start + len(_head(placed, first)))
        name, detail = _head(placed, first), " ".join(filter(None, (detail, _resource(first))))
    return types.DocumentSymbol(
        name=name or detail,
        kind=types.SymbolKind.Object,
        range=document.extent(placed, chain[-1].whole),
        selection_range=document.extent(placed, selected),
        detail=detail,
        children=below,
    )


def _head(placed: Placed, call: DslCall) -> str:
    """Return what a chain on a variable begins with."""
    before = placed.block.text[call.whole.start : call.name.start]
    return before.rpartition(".")[0].rstrip(" \\\r\n\t") or before


def _resource(call: DslCall) -> str | None:
    return call.resource and call.resource.name


def _call(document: Shown, placed: Placed, call: DslCall) -> types.DocumentSymbol:
    written = placed.block.text[call.name.end + 1 : call.extent.end - 1]
    shown_arguments = " ".join(written.split())[:_LONGEST]
    return types.DocumentSymbol(
        name=call.method,
        kind=types.SymbolKind.Method,
        range=document.extent(placed, call.extent),
        selection_range=document.extent(placed, call.name),
        # An outline is shown on walls and in recordings, where secrets have no place.
        detail=None if call.receiver.name == "Secret" else shown_arguments,
    )
