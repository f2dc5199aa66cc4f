"""``textDocument/inlayHint``: what each chain of calls comes to, and the defaults that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from lsprotocol import types

from k8sgen_lsp.convert import path_of, range_of
from k8sgen_lsp.features.symbols import chains
from k8sgen_lsp.outcomes import Subject
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import DslCall

Json: TypeAlias = dict[str, Any]
_MOST = 4
# What Kubernetes does where a manifest does not say: the kinds, the field, and its value.
_DEFAULTS = (
    (("Deployment", "StatefulSet"), "  replicas", "replicas: 1"),
    (("Job",), "  backoffLimit", "backoffLimit: 6"),
    (("CronJob",), "  concurrencyPolicy", "concurrencyPolicy: Allow"),
)


def register(server: K8sGenServer) -> None:
    """Answer from the last evaluation, if it is of what the document says now."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hints(ls: K8sGenServer, params: types.InlayHintParams) -> list[types.InlayHint]:
        preview = current_preview(ls, params.text_document.uri)
        if preview is None:
            return []
        wanted = params.range
        found = hints_in(shown(ls, params.text_document.uri), preview)
        return [each for each in found if wanted.start <= each.position <= wanted.end]


def current_preview(ls: K8sGenServer, uri: str) -> Json | None:
    """Return what a document deploys, if that is known of its text as it is."""
    path = path_of(uri)
    latest = None if path is None else ls.evaluations.latest(Subject(path))
    if latest is None or not latest.is_of(ls.texts()):
        return None
    return latest.preview


def hints_in(document: Shown, preview: Json) -> list[types.InlayHint]:
    """Return a hint behind each chain whose constructor made objects."""
    made = _objects(document, preview)
    found: list[types.InlayHint] = []
    for placed, reading in document.document.readings():
        for chain in chains(reading.calls):
            first = chain[0]
            start = document.extent(placed, first.extent).start
            objects = made.get((start.line, start.character), ()) if first.is_constructor else ()
            if objects:
                found += _hints(document, placed, chain, preview, objects)
    return found


def _objects(document: Shown, preview: Json) -> dict[tuple[int, int], list[Json]]:
    """Return the objects of a preview by the place of the constructor that made them."""
    found: dict[tuple[int, int], list[Json]] = {}
    for made in preview["objects"]:
        origin = made["origin"]
        if origin and path_of(origin["uri"]) == document.path:
            start = range_of(origin["range"]).start
            found.setdefault((start.line, start.character), []).append(made)
    return found


def _hints(
    document: Shown,
    placed: Placed,
    chain: Sequence[DslCall],
    preview: Json,
    objects: Sequence[Json],
) -> Iterator[types.InlayHint]:
    names = [f"{each['kind']}/{each['name']}" for each in objects]
    label = ", ".join(names[:_MOST])
    if len(names) > _MOST:
        label += f" and {len(names) - _MOST} more"
    yield types.InlayHint(
        position=document.extent(placed, chain[-1].whole).end,
        label=f"→ {label}",
        tooltip="\n".join(names),
        padding_left=True,
    )
    defaults = dict.fromkeys(each for made in objects for each in _defaults(preview, made))
    if defaults:
        yield types.InlayHint(
            position=document.extent(placed, chain[0].whole).end,
            label=", ".join(defaults),
            tooltip="What Kubernetes does where nothing is said.",
            padding_left=True,
        )


def _defaults(preview: Json, made: Json) -> Iterator[str]:
    scaled = {
        reference["name"]
        for reference in preview["objects"]
        if reference["kind"] == "HorizontalPodAutoscaler"
    }
    for kinds, field, default in _DEFAULTS:
        is_open = made["kind"] in kinds and made["name"] not in scaled
        if is_open and not re.search(rf"^{field}:", _text(preview, made), re.MULTILINE):
            yield default


def _text(preview: Json, made: Json) -> str:
    first, last = made["lines"]
    texts = (each["text"] for each in preview["files"] if each["path"] == made["file"])
    return "\n".join(next(texts, "").split("\n")[first : last + 1])
