"""Imports of names that are used and bound nowhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from lsprotocol import types

from k8sgen_lsp.convert import range_between
from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.importing import Addition, importing, on_top
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.workspace import DOCUMENT, WorkspaceCatalogue

_PUBLIC = "k8s_gen"
_UNDEFINED = re.compile(r"name '(\w+)' is not defined|[Uu]ndefined name [`'\"]?(\w+)")


def missing_import(document: Shown, diagnostic: types.Diagnostic) -> Iterator[Fix]:
    """Yield the imports that bind the name that a finding misses, whoever's finding it is."""
    found = _UNDEFINED.search(diagnostic.message)
    if found is not None:
        yield from imports_of(document, found[1] or found[2])


def imports_of(document: Shown, name: str) -> Iterator[Fix]:
    """Yield the imports that bind a name: ours, the project's plugins', a module of Python's."""
    if document.document.names.bound(name):
        return
    if document.catalogue.find(f"{_PUBLIC}.{name}") is not None:
        yield import_from(document, _PUBLIC, name)
    elif isinstance(document.catalogue, WorkspaceCatalogue):
        for plugin in document.catalogue.plugins():
            if plugin.name == name and plugin.module != DOCUMENT:
                yield import_from(document, plugin.module, name)
    if name in sys.stdlib_module_names:
        added = on_top(layout_of(document.text), f"import {name}")
        yield _fix(document, f"Add: import {name}", added)


def import_from(document: Shown, module: str, name: str) -> Fix:
    """Return the import of a name, added to an import of the module if there is one."""
    added = importing(layout_of(document.text), name, module)
    return _fix(document, f"Add: from {module} import {name}", added)


def _fix(document: Shown, title: str, added: Addition) -> Fix:
    place = range_between(document.text, added.offset, added.offset, document.unit)
    return Fix(title, (types.TextEdit(place, added.text),), is_sure=True)
