"""An editor as the server sees it: opens, edits and saves documents, and waits for findings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient

WAIT = 20.0


class Editor:
    """A client with a trusted and an untrusted folder."""

    def __init__(self, client: LanguageClient, trusted: Path, untrusted: Path, unit: str) -> None:
        self.client = client
        self.trusted = trusted
        self.untrusted = untrusted
        self.unit = unit
        self.versions: dict[str, int] = {}

    def open(self, path: Path, text: str) -> str:
        """Write a file and open it; return its URI."""
        path.write_text(text, encoding="utf-8", newline="\n")
        return self.open_text(path.as_uri(), text)

    def open_text(self, uri: str, text: str) -> str:
        self.versions[uri] = 1
        self.client.diagnostics.pop(uri, None)
        document = types.TextDocumentItem(uri, "python", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    def edit(self, uri: str, text: str) -> None:
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, uri: str, *awaited: str) -> None:
        """Save; findings are awaited afresh, in the files that are given too."""
        for each in (uri, *awaited):
            self.client.diagnostics.pop(each, None)
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def diagnostics(self, uri: str) -> Sequence[types.Diagnostic]:
        """Wait for the findings in a document."""
        async with asyncio.timeout(WAIT):
            while uri not in self.client.diagnostics:
                await asyncio.sleep(0.01)
        return self.client.diagnostics[uri]

    async def codes(self, uri: str) -> list[str]:
        return [str(each.code) for each in await self.diagnostics(uri)]

    async def shows_nothing(self, uri: str) -> None:
        """Wait until a document has no findings; those that were on their way come before."""
        async with asyncio.timeout(WAIT):
            while uri not in self.client.diagnostics or self.client.diagnostics[uri]:
                await asyncio.sleep(0.01)

    async def preview(self, uri: str, **params: Any) -> Any:
        command = types.ExecuteCommandParams("k8sgen.preview", [{"uri": uri, **params}])
        return await self.client.workspace_execute_command_async(command)

    async def complete(self, uri: str, line: int, character: int) -> list[types.CompletionItem]:
        document = types.TextDocumentIdentifier(uri)
        params = types.CompletionParams(document, types.Position(line, character))
        found = await self.client.text_document_completion_async(params)
        return list(found.items)

    def trust(self, folder: Path, trusted: bool = True) -> None:
        params = {"folder": folder.as_uri(), "trusted": trusted}
        self.client.protocol.notify("k8sgen/trust", params)
