"""
``k8sgen/origins``: from a line of a preview to the source, and from the source to the lines.

``{uri, file, line}`` asks for the calls that made a line, ``{uri, position}`` for the lines that
the call at a position made; ``source`` names the document of the position if it is another one.
"""

from __future__ import annotations

from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from k8sgen_lsp.features.preview import previewed
from k8sgen_lsp.outcomes import Json
from k8sgen_lsp.refusing import subject_in
from k8sgen_lsp.server import K8sGenServer

REQUEST = "k8sgen/origins"


def register(server: K8sGenServer) -> None:
    """Answer in both directions."""

    @server.feature(REQUEST)
    async def origins(ls: K8sGenServer, params: Json) -> Json:
        subject = subject_in(ls, params)
        shown = ls.evaluations.shown(await previewed(ls, subject))
        same = {key: shown[key] for key in ("documentVersion", "stale")}
        if "position" in params:
            uri = params.get("source") or params["uri"]
            return {**same, "lines": lines_of(shown, uri, _position(params["position"]))}
        return {**same, "origins": origins_of(shown, params.get("file"), params.get("line"))}


def _position(position: Any) -> tuple[int, int]:
    if isinstance(position, dict):
        line, character = position.get("line"), position.get("character")
        if isinstance(line, int) and isinstance(character, int):
            return line, character
    raise JsonRpcInvalidParams(f"position is {position!r}: it must be a line and a character")


def origins_of(preview: Json, path: Any, line: Any) -> list[Json]:
    """Return the calls that made a line of a file of the preview."""
    for file in preview["files"]:
        if file["path"] == path:
            return [file["origins"][index] for number, index in file["lines"] if number == line]
    names = ", ".join(file["path"] for file in preview["files"])
    raise JsonRpcInvalidParams(f"file is {path!r}: the preview has {names or 'no files'}")


def lines_of(preview: Json, uri: str, position: tuple[int, int]) -> list[Json]:
    """Return the lines that the innermost call at a position of a source made."""
    around = [
        (span, file, index)
        for file in preview["files"]
        for index, origin in enumerate(file["origins"])
        for span in [_span_around(origin, uri, position)]
        if span is not None
    ]
    if not around:
        return []
    narrowest = min((span for span, _, _ in around), key=_extent)
    return [
        {"file": file["path"], "line": number}
        for file in preview["files"]
        for number in sorted(
            {
                number
                for number, made in file["lines"]
                if any(
                    each is file and index == made and span == narrowest
                    for span, each, index in around
                )
            }
        )
    ]


def _span_around(origin: Json, uri: str, position: tuple[int, int]) -> Json | None:
    """Return the range of a call that holds a position, or of a call that led to it."""
    for place in (origin, *origin["via"]):
        span: Json = place["range"]
        start, end = (tuple(span[side].values()) for side in ("start", "end"))
        if place.get("uri") == uri and start <= position <= end:
            return span
    return None


def _extent(span: Json) -> tuple[int, int]:
    start, end = span["start"], span["end"]
    return end["line"] - start["line"], end["character"] - start["character"]
