"""The modules of the workspace: read as the editor has them, noted, and never written to."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from importlib.util import decode_source
from types import ModuleType
from typing import Any, cast

from k8sgen_core.evaluation.report import Report
from k8sgen_core.origin import Frame


def use(report: Report) -> None:
    """Let imports find the modules of the workspace, the file's own folder first."""
    request = report.request
    folders = [str(request.path.parent), str(request.root)]
    sys.dont_write_bytecode = True
    sys.path[:] = list(dict.fromkeys([*folders, *(path for path in sys.path if path)]))
    sys.path_hooks.insert(0, _finder(report))
    for known in list(sys.path_importer_cache):
        if known.startswith(str(request.root)):
            del sys.path_importer_cache[known]


def _finder(report: Report) -> Callable[[str], Any]:
    def loader(name: str, path: str) -> SourceFileLoader:
        return WorkspaceLoader(name, path, report)

    # The finder only calls it; that it must be a class is the stub's idea.
    source = cast(type[SourceFileLoader], loader)
    find = FileFinder.path_hook(
        (ExtensionFileLoader, EXTENSION_SUFFIXES), (source, SOURCE_SUFFIXES)
    )

    def hook(path: str) -> Any:
        probe = compile("", os.path.join(path, "__init__.py"), "exec")
        if not report.locator.is_inside(Frame(probe, 0, None)):
            raise ImportError("not in the workspace", path=path)
        return find(path)

    return hook


class WorkspaceLoader(SourceFileLoader):
    """
    Loads a module from its text, unsaved or on disk.

    Compiled files are not used: they go by whole seconds and by size, and an editor saves
    more often than that.
    """

    def __init__(self, name: str, path: str, report: Report) -> None:
        super().__init__(name, path)
        self._report = report

    def path_stats(self, path: Any) -> Any:
        """Have no cache."""
        raise OSError("compiled files are not used")

    def get_data(self, path: Any) -> bytes:
        """Return the text of the module, and remember that it was used."""
        unsaved = self._report.request.texts.get(str(path))
        content = super().get_data(path) if unsaved is None else unsaved.encode()
        self._report.imports[str(path)] = None
        text = decoded(content)
        remember(self._report, str(path), text)
        refuse_null(text, str(path))
        return content


def decoded(content: bytes) -> str:
    """Return a source as Python reads it; what it cannot read is for the compiler to report."""
    try:
        return decode_source(content)
    except (SyntaxError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def refuse_null(text: str, path: str) -> None:
    """Say where a null character stands, which the compiler does not in every version."""
    before, null, _ = text.partition("\0")
    if null:
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        raise SyntaxError("source code cannot contain null bytes", (path, line, column, None))


def remember(report: Report, path: str, text: str) -> None:
    """Let positions and tracebacks come from the text that runs."""
    report.texts[path] = text
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)


def main_module(path: str) -> ModuleType:
    """Return the module that ``python FILE`` runs a file in, put in its place."""
    module = ModuleType("__main__")
    vars(module).update(__file__=path, __builtins__=__builtins__, __package__=None)
    sys.modules["__main__"] = module
    sys.argv[:] = [path]
    return module
