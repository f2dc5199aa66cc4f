"""
The documents that are open, as the client counts their lines and columns.

Lines end where the protocol says, which is at fewer characters than Python's ``splitlines``.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.workspace import TextDocument, Workspace

from k8sgen_core.columns import Unit
from k8sgen_lsp.convert import LINE_END, UNITS, offset_of, path_of

log = logging.getLogger(__name__)

# Of a larger document nothing is analysed: no source that a person writes is.
LARGEST = 2 << 20


class Document(TextDocument):
    """A document; ``source`` is what is analysed, nothing of one that is too large."""

    unit: Unit = "utf-16"

    @property
    def source(self) -> str:
        """The text."""
        text = self._source
        if text is None:
            text = self._source = text_of_file(path_of(self.uri))
        return "" if self.is_too_large else text

    @property
    def is_too_large(self) -> bool:
        """Is there more than is analysed?"""
        return self._source is not None and len(self._source) > LARGEST

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their ends."""
        text = self.source
        ends = [each.end() for each in LINE_END.finditer(text)]
        starts = [0, *ends]
        return tuple(text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True))

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Replace a range, or everything."""
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            self._source = change.text
            return
        text = self._source or ""
        start = offset_of(text, change.range.start, self.unit)
        end = max(start, offset_of(text, change.range.end, self.unit))
        self._source = text[:start] + change.text + text[end:]


class Documents(Workspace):
    """The folders and documents of the session."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> Document:
        try:
            made = Document(doc_uri, source, version, language_id)
        except ValueError as error:
            raise JsonRpcInvalidParams(f"{doc_uri!r} is no URI: {error}") from None
        made.unit = UNITS[self.position_encoding or types.PositionEncodingKind.Utf16]
        if made.is_too_large:
            log.warning("%s has more than %d characters and is not analysed", doc_uri, LARGEST)
        return made

    def update_text_document(
        self,
        text_doc: types.VersionedTextDocumentIdentifier,
        change: types.TextDocumentContentChangeEvent,
    ) -> None:
        """Change a document that is open; what is older than it is now says nothing new."""
        document = self.text_documents.get(unquote(text_doc.uri))
        if document is None or text_doc.version < (document.version or 0):
            log.warning("a change of %s is dropped: it is of no open version", text_doc.uri)
            return
        super().update_text_document(text_doc, change)


def text_of_file(path: Path | None) -> str:
    """Return what a regular file of usual size says; what cannot be read says nothing."""
    if path is None:
        return ""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return ""
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
