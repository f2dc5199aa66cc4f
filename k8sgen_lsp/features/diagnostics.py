"""``textDocument/publishDiagnostics``: what evaluating found, where it was written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from k8sgen_core.config import ConfigurationError, load, project_root
from k8sgen_core.config.discovery import imports_k8s_gen
from k8sgen_core.evaluation.worker import WorkerUnavailable
from k8sgen_lsp.convert import diagnostic_of, path_of
from k8sgen_lsp.evaluations import Subject
from k8sgen_lsp.server import K8sGenServer


def register(server: K8sGenServer) -> None:
    """Evaluate on open and on save."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: K8sGenServer, params: types.DidOpenTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            await check(ls, path)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: K8sGenServer, params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            await check_all(ls, {path, *ls.evaluations.importers(path)})

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: K8sGenServer, params: types.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            withdraw(ls, path)


async def check_all(ls: K8sGenServer, paths: Iterable[Path]) -> None:
    """Evaluate the open documents among these files."""
    await asyncio.gather(*(check(ls, path) for path in paths))


async def check(ls: K8sGenServer, path: Path) -> None:
    """
    Evaluate an open document and publish what was found, if that is still what it says.

    What is no DSL file, or not in a trusted folder, has no findings.
    """
    text = ls.texts().get(path)
    if text is None or not ls.may_run(path) or not is_dsl_file(path, text.text):
        withdraw(ls, path)
        return
    try:
        evaluation = await ls.evaluations.ask(Subject(path))
    except WorkerUnavailable as error:
        message = types.ShowMessageParams(types.MessageType.Error, str(error))
        ls.window_show_message(message)
        return
    if evaluation is not None and path in ls.texts() and evaluation.is_of(ls.texts()):
        publish(ls, ls.findings.replace(path, evaluation.findings))


def is_dsl_file(path: Path, text: str) -> bool:
    """Is the file one to evaluate? What is wrong with a configuration is shown where it is used."""
    try:
        return load(project_root(path)).is_dsl_file(path, text)
    except ConfigurationError:
        return imports_k8s_gen(text)


def withdraw(ls: K8sGenServer, path: Path) -> None:
    """Forget a document, and clear what was found by evaluating it."""
    ls.evaluations.forget(path)
    publish(ls, ls.findings.withdraw(path))


def publish(ls: K8sGenServer, paths: Iterable[Path]) -> None:
    """Tell the client what is known of these files."""
    for path in sorted(paths):
        text = ls.texts().get(path)
        ls.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=ls.uri_of(path),
                version=text and text.version,
                diagnostics=[diagnostic_of(each) for each in ls.findings.of(path)],
            )
        )
