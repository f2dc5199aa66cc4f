"""Documents of a project without a server: files in a folder, each as a feature sees it."""

from pathlib import Path

from lsprotocol import types

from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, cursor_in

IMPORT = "from k8s_gen import App, ConfigMap, CronJob, Job, Plugin, Secret, TemplateManager\n"


def shown(text: str, path: Path, unit: str = "utf-16") -> Shown:
    """Return a document in the folder of its path, which is its project."""
    path.write_text(text, encoding="utf-8", newline="")
    root = path.parent
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (root, root))
    return Shown(path.as_uri(), text, catalogue, unit, path, root)


def with_cursor(marked: str, path: Path, unit: str = "utf-16") -> tuple[Shown, types.Position]:
    """Return a document, and the position of the mark in it."""
    text, offset = cursor_in(marked)
    document = shown(text, path, unit)
    return document, position_of(document, offset)


def position_of(document: Shown, offset: int) -> types.Position:
    before = document.text[:offset].replace("\r\n", "\n")
    line = before.rpartition("\n")[2]
    widths = {"utf-8": len(line.encode()), "utf-32": len(line)}
    column = widths.get(document.unit, len(line.encode("utf-16-le")) // 2)
    return types.Position(before.count("\n"), column)


def covered(document: Shown, place: types.Range) -> str:
    """Return the text of a range."""
    return document.text[document.offset(place.start) : document.offset(place.end)]


def edited(document: Shown, edits) -> str:
    """Return the text after some edits."""
    text = document.text
    ordered = sorted(edits, key=lambda each: document.offset(each.range.start), reverse=True)
    for each in ordered:
        start, end = document.offset(each.range.start), document.offset(each.range.end)
        text = text[:start] + each.new_text + text[end:]
    return text
