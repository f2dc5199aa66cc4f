"""``textDocument/semanticTokens``: what is DSL in a Python file, and which texts are names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from lsprotocol import types

from k8sgen_core.columns import in_units
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import Extent
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.references import names_in

TYPES = ("class", "method", "variable")
MODIFIERS = ("declaration", "defaultLibrary")
LEGEND = types.SemanticTokensLegend(list(TYPES), list(MODIFIERS))
_WIDTH = 5


class Token(NamedTuple):
    """A word of the document, in the columns of the client, and what it is."""

    line: int
    start: int
    length: int
    type: str
    modifiers: int

    @property
    def place(self) -> types.Position:
        """Where it begins."""
        return types.Position(self.line, self.start)


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
        inside = [e for e in tokens if wanted.start <= e.place < wanted.end]
        return types.SemanticTokens(data=encoded(inside))


def tokens_in(document: Shown) -> list[Token]:
    """Return the classes, methods and names of resources, in the order of the text."""
    found = (*_names(document), *_calls(document))
    return sorted(each for each in found if each is not None)


def _calls(document: Shown) -> Iterator[Token | None]:
    for placed, call in document.document.calls():
        owner = call.receiver.module
        if not call.is_constructor:
            member = document.document.lookup.member(call.receiver, call.method)
            owner = member.owner if member else owner
        kind = "class" if call.is_constructor else "method"
        yield _token(document, placed, call.name, kind, _bits(False, is_installed(owner)))


def _names(document: Shown) -> Iterator[Token | None]:
    for named in names_in(document.document):
        bits = _bits(named.is_definition, False)
        yield _token(document, named.placed, named.extent, "variable", bits)


def _token(
    document: Shown, placed: Placed, extent: Extent, kind: str, modifiers: int
) -> Token | None:
    """Return a word as a token; nothing, and what goes over lines, cannot be one."""
    start, end = placed.range(*extent)
    if start.line != end.line or start == end:
        return None
    line, unit = document.lines[start.line], document.unit
    first, last = (in_units(line, each.character, unit) for each in (start, end))
    return Token(start.line, first, last - first, kind, modifiers)


def _bits(*modifiers: bool) -> int:
    return sum(1 << number for number, given in enumerate(modifiers) if given)


def encoded(tokens: Sequence[Token]) -> list[int]:
    """Return tokens as the protocol counts them, each from the one before."""
    data: list[int] = []
    line = column = 0
    for token in tokens:
        if token.line != line:
            column = 0
        kind = TYPES.index(token.type)
        data += [token.line - line, token.start - column, token.length, kind, token.modifiers]
        line, column = token.line, token.start
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
