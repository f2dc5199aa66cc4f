"""Documents as features see them: their DSL calls, and ranges in the units of the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from k8sgen_core.columns import Unit, lines_of
from k8sgen_core.findings import Range
from k8sgen_lsp.convert import offset_of, path_of, shown_range
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import Document, DslCall, Extent
from k8sgen_lsp.static.catalogue import Catalogue

if TYPE_CHECKING:
    from k8sgen_lsp.server import K8sGenServer


@dataclass
class Shown:
    """A document of the session, open or not; ``root`` is its project's."""

    uri: str
    text: str
    catalogue: Catalogue
    unit: Unit = "utf-16"
    path: Path | None = None
    root: Path | None = None

    @cached_property
    def document(self) -> Document:
        """The DSL calls."""
        return Document(self.text, self.catalogue)

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return lines_of(self.text)

    def offset(self, position: types.Position) -> int:
        """Return the index in the text of a position of the client's."""
        return offset_of(self.text, position, self.unit)

    def range(self, found: Range) -> types.Range:
        """Return a range of the text as the client counts."""
        return shown_range(found, self.lines, self.unit)

    def extent(self, placed: Placed, extent: Extent) -> types.Range:
        """Return a part of a block as the client counts."""
        return self.range(placed.range(*extent))

    def calls_around(self, offset: int) -> Iterator[tuple[Placed, DslCall]]:
        """Yield the calls of which the name or the arguments hold an offset, innermost first."""
        for placed, reading in self.document.readings():
            inside = offset - placed.start
            if 0 <= inside <= len(placed.block.text):
                for call in reading.calls:
                    if call.extent.start <= inside <= call.extent.end:
                        yield placed, call

    def named_at(self, offset: int) -> tuple[Placed, DslCall] | None:
        """Return the call whose method's or class's name is at an offset."""
        for placed, call in self.calls_around(offset):
            if call.name.start <= offset - placed.start <= call.name.end:
                return placed, call
        return None


def shown(server: K8sGenServer, uri: str) -> Shown:
    """Return a document of the session."""
    text = server.workspace.get_text_document(uri).source
    path = path_of(uri)
    root = None if path is None else server.catalogues.roots.of(path)
    return Shown(uri, text, server.catalogue(uri), server.unit, path, root)
