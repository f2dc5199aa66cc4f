"""What documents can call, as far as that is known: remembered for as long as it is likely true."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from k8sgen_lsp.completing.facts import WorkspaceFacts
from k8sgen_lsp.roots import Roots
from k8sgen_lsp.static.catalogue import Catalogue, installed
from k8sgen_lsp.static.introspected import NOTHING, Introspected
from k8sgen_lsp.static.libraries import libraries
from k8sgen_lsp.static.store import Store, cache_home
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue

# How long, in seconds, other files are taken to be what they were just now.
FRESH = 1.0
MOST = 8


class _Known(NamedTuple):
    """What a text can call, and until when that is believed."""

    text: str
    plugins: Introspected
    until: float
    catalogue: Catalogue


class Catalogues:
    """The index of one session; ``text_of`` knows the texts that are not saved."""

    def __init__(self, text_of: Callable[[Path], str | None]) -> None:
        self._modules = Modules(text_of, Store(cache_home()))
        self._installed = installed(self._modules.read)
        self._known: dict[str, _Known] = {}
        self.facts = WorkspaceFacts(text_of)
        self.roots = Roots()

    def of(
        self, uri: str, text: str, path: Path | None, plugins: Introspected = NOTHING
    ) -> Catalogue:
        """Return what a text can call; several requests about one text follow each other."""
        known = self._known.pop(uri, None)
        now = time.monotonic()
        if known is None or known.text != text or known.plugins is not plugins or now > known.until:
            made = WorkspaceCatalogue(self._installed, self._modules, text, *self._folders(path))
            made.introspected = plugins
            known = _Known(text, plugins, now + FRESH, made)
        self._known[uri] = known
        if len(self._known) > MOST:
            self._known.pop(next(iter(self._known)))
        return known.catalogue

    def _folders(self, path: Path | None) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Return where the modules of a document are, and those of libraries."""
        root = self.roots.of(path) if path is not None else None
        folders = () if path is None or root is None else (root, path.parent)
        return folders, libraries(root)
