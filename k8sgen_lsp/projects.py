"""The DSL files of the projects of a session: those that are open, and those on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.config import project_root
from k8sgen_core.config.discovery import files_below
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.shown import Shown, shown

if TYPE_CHECKING:
    from k8sgen_lsp.server import K8sGenServer

_PACKAGE = "k8s_gen"
# A folder such as a home directory is no project, and nobody waits for all of it.
_MOST = 2_000
_LARGEST = 1_000_000


def documents_of_projects(server: K8sGenServer) -> Iterator[Shown]:
    """Yield the DSL documents of the session: of its workspace folders and its open files."""
    uris = [each.uri for each in server.workspace.text_documents.values()]
    yield from _documents(server, roots_of(server), uris, (_PACKAGE,))


def documents_beside(server: K8sGenServer, uri: str, word: str = _PACKAGE) -> Iterator[Shown]:
    """Yield the DSL documents of a document's project, and what else in it has a word."""
    path = path_of(uri)
    root = None if path is None else project_root(path)
    uris = [uri]
    for each in server.workspace.text_documents.values():
        other = path_of(each.uri)
        if root is not None and other is not None and other != path and other.is_relative_to(root):
            uris.append(each.uri)
    yield from _documents(server, [] if root is None else [root], uris, (_PACKAGE, word))


def roots_of(server: K8sGenServer) -> list[Path]:
    """Return the folders of the workspace, and the projects of files outside of them."""
    found = server.folders()
    for each in server.workspace.text_documents.values():
        path = path_of(each.uri)
        if path is not None and not any(path.is_relative_to(folder) for folder in found):
            found.append(project_root(path))
    return found


def _documents(
    server: K8sGenServer, roots: Sequence[Path], uris: Sequence[str], words: Sequence[str]
) -> Iterator[Shown]:
    done = {path_of(uri) for uri in uris}
    for uri in uris:
        document = shown(server, uri)
        if any(word in document.text for word in words):
            yield document
    for path in (path for root in roots for path in files_below(root, ".py")[:_MOST]):
        if path not in done:
            done.add(path)
            if _has(path, words):
                yield shown(server, path.as_uri())


def _has(path: Path, words: Sequence[str]) -> bool:
    try:
        if path.stat().st_size > _LARGEST:
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return any(word in text for word in words)
