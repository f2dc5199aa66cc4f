"""From generated files back to the calls: what the kept previews know of their lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from lsprotocol import types

from k8sgen_lsp.convert import path_of, range_of

if TYPE_CHECKING:
    from k8sgen_lsp.server import K8sGenServer

Json: TypeAlias = dict[str, Any]
_SUFFIXES = frozenset((".yaml", ".yml", ".json"))


def calls_of_line(server: K8sGenServer, uri: str, line: int) -> list[types.Location]:
    """
    Return the calls that made a line of a generated file.

    Only of a file that says what the preview of the last evaluation does: in another one the
    line may be anybody's.
    """
    path = path_of(uri)
    if path is None or path.suffix not in _SUFFIXES:
        return []
    text = server.workspace.get_text_document(uri).source
    for preview in server.evaluations.previews():
        for file in preview["files"]:
            if _is_of(file, path, text):
                return locations(file, line)
    return []


def _is_of(file: Json, path: Path, text: str) -> bool:
    parts = Path(file["path"]).parts
    return path.parts[-len(parts) :] == parts and file["text"] == text


def locations(file: Json, line: int) -> list[types.Location]:
    """Return where the calls stand that made a line of a previewed file."""
    made = [file["origins"][origin] for number, origin in file["lines"] if number == line]
    return [types.Location(each["uri"], range_of(each["range"])) for each in made]
