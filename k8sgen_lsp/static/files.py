"""Files that a document names: templates, and what ``from_file`` and others read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import CONSTRUCTOR, Document, DslCall, Extent
from k8sgen_lsp.static.named import PLUGINS, TEMPLATES, registered
from k8sgen_lsp.static.references import content

_MANAGERS = frozenset((TEMPLATES, PLUGINS))
# Which argument names a file: its name, and its position.
_READING = {"from_file": ("path", 1), "from_env_file": ("path", 0)}
_MANIFESTS = "Manifests"


class NamedFile(NamedTuple):
    """A text that names a file, and the file; it need not exist."""

    placed: Placed
    extent: Extent
    path: Path


def files_in(document: Document, root: Path | None) -> Iterator[NamedFile]:
    """Yield the files that a document names; relative paths start at the project root."""
    if root is None:
        return
    templates = {e.name: in_project(root, e.path) for e in registered(document, TEMPLATES)}
    for placed, call in document.calls():
        named = _argument(call)
        argument = call.argument(*named) if named else None
        if argument is None or not isinstance(argument.value, str):
            continue
        path = in_project(root, argument.value)
        if call.method == "use_template":
            path = templates.get(argument.value) or _built_in(argument.value)
        extent = content(placed.block, argument.node, argument.value)
        if extent is not None and path is not None:
            yield NamedFile(placed, extent, path)


def in_project(root: Path, relative: str) -> Path | None:
    """Return a path in the project; whether others exist is not even looked at."""
    path = Path(os.path.normpath(root / relative))
    return path if path.is_relative_to(root) else None


def _argument(call: DslCall) -> tuple[str, int] | None:
    if call.method == "use_template":
        return "name", 0
    return file_argument(call.receiver.name, call.receiver.qualified, call.method)


def file_argument(kind: str, qualified: str, method: str) -> tuple[str, int] | None:
    """Return which argument of a call is the path of a file: its name, and its position."""
    if method == "register" and qualified in _MANAGERS:
        return "path", 1
    if method == CONSTRUCTOR and kind == _MANIFESTS:
        return "path", 0
    return _READING.get(method)


def _built_in(name: str) -> Path | None:
    from k8sgen_core.templates.registry import builtin

    return builtin().get(name)


def file_at(document: Document, offset: int, root: Path | None) -> Path | None:
    """Return the existing file that the text at an offset names."""
    for each in files_in(document, root):
        start = each.placed.start
        if start + each.extent.start <= offset <= start + each.extent.end:
            return each.path if each.path.exists() else None
    return None
