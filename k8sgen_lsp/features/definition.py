"""
``textDocument/definition``: from what is used to where it is made.

A method leads to the builder or plugin, a class to its source, the name of a template to its
file, the name of a resource to its constructor, and a line of generated YAML to its calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from k8sgen_core.columns import lines_of
from k8sgen_lsp.convert import shown_range
from k8sgen_lsp.generated import calls_of_line
from k8sgen_lsp.projects import documents_beside
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.definitions import Defined, class_definition, method_definition
from k8sgen_lsp.static.files import file_at
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.references import Named, names_in

_TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


def register(server: K8sGenServer) -> None:
    """Answer where something is defined."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(ls: K8sGenServer, params: types.DefinitionParams) -> list[types.Location]:
        uri = params.text_document.uri
        made = calls_of_line(ls, uri, params.position.line)
        if made:
            return made
        document = shown(ls, uri)
        offset = document.offset(params.position)
        named = name_at(document, offset)
        if named is not None:
            return resources(documents_beside(ls, uri), named)
        return definitions(document, offset)


def definitions(document: Shown, offset: int) -> list[types.Location]:
    """Return where the template, method or class at an offset is."""
    file = file_at(document.document, offset, document.root)
    if file is not None:
        return [types.Location(file.as_uri(), _TOP)]
    found = _defined(document, offset)
    return [] if found is None else [_location(document, found)]


def _defined(document: Shown, offset: int) -> Defined | None:
    called = document.named_at(offset)
    if called is not None and not called[1].is_constructor:
        call = called[1]
        return method_definition(document.catalogue, call.receiver, call.method, document.text)
    reader = Reader(layout_of(document.text), document.catalogue)
    # What the whole document does not make certain is still most likely what it looks like.
    found = reader.receiver_at(_word_end(document.text, offset))
    if found is not None:
        member, receiver = found
        name = document.text[member.start : _word_end(document.text, offset)]
        return method_definition(document.catalogue, receiver.found, name, document.text)
    named = reader.class_at(offset)
    return class_definition(document.catalogue, named, document.text) if named else None


def _word_end(text: str, offset: int) -> int:
    while offset < len(text) and (text[offset].isalnum() or text[offset] == "_"):
        offset += 1
    return offset


def _location(document: Shown, found: Defined) -> types.Location:
    if found.path is None:
        return types.Location(document.uri, document.range(found.name))
    place = shown_range(found.name, lines_of(found.text), document.unit)
    return types.Location(found.path.as_uri(), place)


def name_at(document: Shown, offset: int) -> Named | None:
    """Return the name of a resource that is written at an offset."""
    for named in names_in(document.document):
        start = named.placed.start
        if start + named.extent.start <= offset <= start + named.extent.end:
            return named
    return None


def resources(documents: Iterable[Shown], wanted: Named) -> list[types.Location]:
    """Return where the resources that a name can mean are described."""
    return [
        types.Location(document.uri, document.extent(named.placed, named.extent))
        for document, named in uses(documents, wanted)
        if named.is_definition
    ]


def uses(documents: Iterable[Shown], wanted: Named) -> Iterator[tuple[Shown, Named]]:
    """Yield where documents name the resources that a name can mean."""
    for document in documents:
        if wanted.name in document.text:
            for named in names_in(document.document):
                if named.name == wanted.name and _is_same(named, wanted):
                    yield document, named


def _is_same(named: Named, wanted: Named) -> bool:
    if named.is_definition == wanted.is_definition:
        return bool(named.kinds & wanted.kinds) or not named.is_definition
    made, told = (named, wanted) if named.is_definition else (wanted, named)
    return all(told.means(kind) for kind in made.kinds)
