"""
``textDocument/rename``: another name for a resource, wherever the project names it.

What cannot be told for certain is refused, with the reason: a file that still works but means
something else is worse than a name that stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from k8sgen_lsp.features.definition import name_at, uses
from k8sgen_lsp.manifests import uses_in_manifests
from k8sgen_lsp.projects import documents_beside
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.calls import CONSTRUCTOR
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.references import Named, constants, names_in
from k8sgen_lsp.templates import all_uses


class NotSafe(Exception):
    """Why a name cannot be changed everywhere."""


def register(server: K8sGenServer) -> None:
    """Rename, or say why not."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(
        ls: K8sGenServer, params: types.PrepareRenameParams
    ) -> types.PrepareRenamePlaceholder | None:
        document = shown(ls, params.text_document.uri)
        named = name_at(document, document.offset(params.position))
        if named is None:
            return None
        place = document.extent(named.placed, named.extent)
        return types.PrepareRenamePlaceholder(place, named.name)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def rename(ls: K8sGenServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
        uri = params.text_document.uri
        document = shown(ls, uri)
        named = name_at(document, document.offset(params.position))
        if named is None:
            return None
        beside = list(documents_beside(ls, uri, named.name))
        try:
            return types.WorkspaceEdit(changes=edits(beside, named, params.new_name))
        except NotSafe as error:
            code = types.LSPErrorCodes.RequestFailed
            raise JsonRpcException(str(error), code=code) from None


def edits(documents: Sequence[Shown], wanted: Named, new: str) -> dict[str, list[types.TextEdit]]:
    """
    Return the edits of each file that give the resource another name.

    Raises:
        NotSafe: if some use of the name may or may not mean the resource.
    """
    found = list(uses(documents, wanted))
    every = [
        (document, named)
        for document in documents
        if wanted.name in document.text
        for named in names_in(document.document)
        if named.name == wanted.name
    ]
    _check_name(documents, _only_definition(found, every, wanted.name), new)
    _check_rest(documents, every, wanted.name)
    for place in uses_in_manifests(documents, wanted.name):
        raise NotSafe(_told(wanted.name, place.uri, place.range, "in a manifest"))
    changes: dict[str, list[types.TextEdit]] = {}
    for document, named in found:
        edit = types.TextEdit(document.extent(named.placed, named.extent), new)
        changes.setdefault(document.uri, []).append(edit)
    for use in all_uses(documents, wanted.name):
        if not use.is_whole:
            raise NotSafe(_told(wanted.name, use.location.uri, use.location.range, "in a template"))
        changes.setdefault(use.location.uri, []).append(types.TextEdit(use.location.range, new))
    return changes


def _only_definition(
    found: Sequence[tuple[Shown, Named]], every: Sequence[tuple[Shown, Named]], name: str
) -> tuple[Shown, Named]:
    made = [each for each in every if each[1].is_definition]
    meant = [
        each for each in made if each in found or any(_can_mean(told, each[1]) for _, told in found)
    ]
    if not meant:
        raise NotSafe(f"no file of the project describes a resource named {name!r}")
    if len(meant) > 1:
        places = ", ".join(_place(*each) for each in meant)
        raise NotSafe(f"{len(meant)} resources are named {name!r}: {places}")
    return meant[0]


def _can_mean(told: Named, made: Named) -> bool:
    return not told.is_definition and all(told.means(kind) for kind in made.kinds)


def _check_name(documents: Sequence[Shown], definition: tuple[Shown, Named], new: str) -> None:
    """Refuse a name that the resource cannot have, or another one has."""
    from k8sgen_lsp.static.trial import Given, objections

    receiver = definition[1].call.receiver
    if is_installed(receiver.module) and receiver.name != "CustomResource":
        for objection in objections(receiver.qualified, CONSTRUCTOR, Given([new], {})):
            raise NotSafe(objection.message)
    if '"' in new or "'" in new or "\\" in new:
        raise NotSafe(f"{new!r} cannot be a name")
    for document in documents:
        if new in document.text:
            for named in names_in(document.document):
                if named.is_definition and named.name == new:
                    raise NotSafe(f"{new!r} is the name of {_place(document, named)} already")


def _check_rest(
    documents: Sequence[Shown], every: Sequence[tuple[Shown, Named]], name: str
) -> None:
    """Refuse if the name stands anywhere else in a text that may mean the resource."""
    known = {(document.uri, e.placed.start + e.extent.start) for document, e in every}
    word = re.escape(name)
    host = re.compile(rf"^{word}$|(?://|@){word}(?=[:./]|$)|^{word}:\d|\b{word}\.[\w-]+\.svc\b")
    for document in documents:
        images = set(_images(document))
        for placed, extent, value in constants(document.document, name):
            places = range(placed.start + extent.start, placed.start + extent.end)
            is_known = any((document.uri, at) in known for at in places)
            if host.search(value) and not is_known and places.start not in images:
                place = document.extent(placed, extent)
                raise NotSafe(_told(name, document.uri, place, f"in {value[:60]!r}"))


def _images(document: Shown) -> Iterator[int]:
    """Yield where references of images begin, which look like hosts."""
    for placed, call in document.document.calls():
        if call.method == "image":
            yield from (placed.start + each.extent.start for each in call.arguments)


def _told(name: str, uri: str, place: types.Range, where: str) -> str:
    file = uri.rpartition("/")[2]
    line = place.start.line + 1
    return (
        f"{name!r} also stands {where} at {file}:{line}, which may or may not mean the resource; "
        "change it by hand first"
    )


def _place(document: Shown, named: Named) -> str:
    line = document.extent(named.placed, named.extent).start.line + 1
    return f"{document.uri.rpartition('/')[2]}:{line}"
