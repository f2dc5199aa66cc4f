"""Imports of names that are used and bound nowhere."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from lsprotocol import types

from k8sgen_lsp.fixes.fix import Fix
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.blocks import Placed
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
        edit = types.TextEdit(
            _at(document, _first_line(document)), f"import {name}{_end(document)}"
        )
        yield Fix(f"Add: import {name}", (edit,), is_sure=True)


def import_from(document: Shown, module: str, name: str) -> Fix:
    """Return the import of a name, added to an import of the module if there is one."""
    title = f"Add: from {module} import {name}"
    for placed in document.document.blocks:
        for node in placed.block.tree:
            edit = _extended(document, placed, node, module, name)
            if edit is not None:
                return Fix(title, (edit,), is_sure=True)
    new = f"from {module} import {name}{_end(document)}"
    return Fix(title, (types.TextEdit(_at(document, _first_line(document)), new),), is_sure=True)


def _extended(
    document: Shown, placed: Placed, node: ast.stmt, module: str, name: str
) -> types.TextEdit | None:
    """Return the edit that puts a name among those that an import has, in their order."""
    if not isinstance(node, ast.ImportFrom) or node.module != module or node.level:
        return None
    if any(each.name == "*" for each in node.names):
        return None
    after = [each for each in node.names if each.name.lower() < name.lower()]
    if after:
        at = placed.block.end_of(after[-1])
        return types.TextEdit(document.range(placed.range(at, at)), f", {name}")
    at = placed.block.start_of(node.names[0])
    return types.TextEdit(document.range(placed.range(at, at)), f"{name}, ")


def _first_line(document: Shown) -> int:
    """Return the line where an import is added: before the first one, below the docstring."""
    line = 0
    for placed in document.document.blocks:
        for node in placed.block.tree:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                line = placed.line + (node.end_lineno or node.lineno)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                return placed.line + node.lineno - 1
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and not line:
                line = placed.line + (node.end_lineno or node.lineno)
            else:
                return line
    return line


def _at(document: Shown, line: int) -> types.Range:
    # A text that ends without a line end has no line behind its last one.
    place = types.Position(line, 0)
    return types.Range(place, place)


def _end(document: Shown) -> str:
    return "\r\n" if "\r\n" in document.text else "\n"
