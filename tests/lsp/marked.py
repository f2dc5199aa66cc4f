"""Sources with a cursor: ``|`` in the text is where it stands."""

from k8sgen_lsp.static.catalogue import installed
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue

CATALOGUE = installed()


def cursor_in(marked: str) -> tuple[str, int]:
    """Return the text without the mark, and where the mark was."""
    before, after = marked.split("|")
    return before + after, len(before)


def receiver_in(marked: str) -> tuple[str, set[str]] | None:
    """Return the class of what stands before the cursor's dot, and what it was called with."""
    text, offset = cursor_in(marked)
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)
    found = Reader(Layout(text), catalogue).receiver_at(offset)
    return found and (found[1].found.name, set(found[1].called))
