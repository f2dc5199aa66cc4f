"""``textDocument/semanticTokens``: what is DSL in a Python file, and which texts are names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from lsprotocol import types

from k8sgen_core.findings import Range
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.references import names_in

TYPES = ("class", "method", "variable")
MODIFIERS = ("declaration", "defaultLibrary")
LEGEND = types.SemanticTokensLegend(list(TYPES), list(MODIFIERS))
_WIDTH = 5


class Token(NamedTuple):
    """A word of the document, and what it is."""

    range: types.Range
    type: str
    modifiers: int


def register(server: K8sGenServer) -> None:
    """Answer in full, for a range, and with what changed since the last answer."""
    last: dict[str, tuple[str, list[int]]] = {}
    numbers = count()
    options = types.SemanticTokensRegistrationOptions(
        legend=LEGEND, full=types.SemanticTokensFullDelta(delta=True), range=True
    )

    def answered(ls: K8sGenServer, uri: str) -> tuple[str, list[int]]:
        last[uri] = str(next(numbers)), encoded(tokens_in(shown(ls, uri)))
        open_ones = {each.uri for each in ls.workspace.text_documents.values()}
        for closed in set(last) - open_ones - {uri}:
            del last[closed]
        return last[uri]

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, options)
    def full(ls: K8sGenServer, params: types.SemanticTokensParams) -> types.SemanticTokens:
        result, data = answered(ls, params.text_document.uri)
        return types.SemanticTokens(data=data, result_id=result)

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA)
    def delta(
        ls: K8sGenServer, params: types.SemanticTokensDeltaParams
    ) -> types.SemanticTokens | types.SemanticTokensDelta:
        uri = params.text_document.uri
        known, before = last.get(uri, ("", []))
        result, data = answered(ls, uri)
        if known != params.previous_result_id:
            return types.SemanticTokens(data=data, result_id=result)
        return types.SemanticTokensDelta(edits=changes(before, data), result_id=result)

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE)
    def part(ls: K8sGenServer, params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
        tokens = tokens_in(shown(ls, params.text_document.uri))
        wanted = params.range
        inside = [e for e in tokens if wanted.start <= e.range.start < wanted.end]
        return types.SemanticTokens(data=encoded(inside))


def tokens_in(document: Shown) -> list[Token]:
    """Return the classes, methods and names of resources, in the order of the text."""
    found = (*_names(document), *_calls(document))
    return sorted(found, key=lambda each: (each.range.start.line, each.range.start.character))


def _calls(document: Shown) -> Iterator[Token]:
    for placed, call in document.document.calls():
        owner = call.receiver.module
        if not call.is_constructor:
            member = document.document.lookup.member(call.receiver, call.method)
            owner = member.owner if member else owner
        yield Token(
            document.extent(placed, call.name),
            "class" if call.is_constructor else "method",
            _bits(False, is_installed(owner)),
        )


def _names(document: Shown) -> Iterator[Token]:
    for named in names_in(document.document):
        place = named.placed.range(*named.extent)
        if named.name and _is_one_line(place):
            yield Token(document.range(place), "variable", _bits(named.is_definition, False))


def _is_one_line(place: Range) -> bool:
    return place.start.line == place.end.line


def _bits(*modifiers: bool) -> int:
    return sum(1 << number for number, given in enumerate(modifiers) if given)


def encoded(tokens: Sequence[Token]) -> list[int]:
    """Return tokens as the protocol counts them, each from the one before."""
    data: list[int] = []
    line = column = 0
    for token in tokens:
        start, end = token.range.start, token.range.end
        if start.line != end.line:
            continue
        if start.line != line:
            column = 0
        width = end.character - start.character
        kind = TYPES.index(token.type)
        data += [start.line - line, start.character - column, width, kind, token.modifiers]
        line, column = start.line, start.character
    return data


def changes(before: Sequence[int], after: Sequence[int]) -> list[types.SemanticTokensEdit]:
    """Return the one edit between two answers, whole tokens at a time."""
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start : start + _WIDTH] == after[start : start + _WIDTH]:
        start += _WIDTH
    end = 0
    while end < shorter - start and _last(before, end) == _last(after, end):
        end += _WIDTH
    if start == len(before) == len(after):
        return []
    new = list(after[start : len(after) - end])
    return [types.SemanticTokensEdit(start, len(before) - start - end, new)]


def _last(data: Sequence[int], skipped: int) -> Sequence[int]:
    end = len(data) - skipped
    return data[end - _WIDTH : end]
