"""The manifests that a project reads or includes: where they write the name of a resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lsprotocol import types

from k8sgen_core.columns import lines_of
from k8sgen_core.config import ConfigurationError, load
from k8sgen_core.config.discovery import MANIFESTS, files_below
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.templates import is_small, words_in

_READING = "k8sgen_core.builders.raw.Manifests"
_MOST = 500


def uses_in_manifests(documents: Iterable[Shown], name: str) -> Iterator[types.Location]:
    """Yield where manifests write a name as a scalar, or as the host of an address."""
    host = re.compile(rf"(?://|@){re.escape(name)}(?=[:./]|$)|\b{re.escape(name)}\.[\w-]+\.svc\b")
    done: set[Path] = set()
    for document in documents:
        for path in _paths(document):
            if path not in done:
                done.add(path)
                text = (document.catalogue.text(path) if is_small(path) else None) or ""
                lines = lines_of(text)
                for use in words_in(path, text, name, document.unit):
                    if use.is_whole or host.search(lines[use.location.range.start.line]):
                        yield use.location


def _paths(document: Shown) -> Iterator[Path]:
    root = document.root
    if root is None:
        return
    for _, call in document.document.calls():
        if call.is_constructor and call.receiver.qualified == _READING:
            given = call.argument("path", 0)
            place = root / given.value if given and isinstance(given.value, str) else None
            if place is not None and place.resolve().is_relative_to(root.resolve()):
                yield from [place] if place.is_file() else files_below(place, *MANIFESTS)[:_MOST]
    try:
        yield from load(root).included()[:_MOST]
    except ConfigurationError:
        # What is wrong with it is shown where it is used.
        return
