"""The server without a process, for what is told it by other parts of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.starting import created
from tests.lsp.wire import notification, request

Json = dict[str, Any]
PULLING = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


class Inside:
    """A session whose messages go nowhere but here."""

    def __init__(self) -> None:
        self.server: K8sGenServer = created()
        self.server.protocol.set_writer(self, include_headers=False)
        self.said: list[Json] = []
        self.number = 0
        self.at_rest = 0

    def write(self, content: bytes) -> None:
        self.said.append(json.loads(content))

    def close(self) -> None:
        """Do nothing: there is no stream."""

    def tell(self, method: str, params: Any) -> None:
        self.server.protocol.receive(notification(method, params))

    async def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        number = self.number
        self.server.protocol.receive(request(number, method, params))
        answer = await self.until(lambda each: each.get("id") == number)
        return answer["result"] if "result" in answer else answer["error"]

    async def until(self, wanted) -> Json:
        """Wait for a message, also of those that were sent."""
        async with asyncio.timeout(20):
            while True:
                for each in self.said:
                    if wanted(each):
                        return each
                await asyncio.sleep(0.005)

    async def settled(self) -> None:
        """Wait until nothing is being evaluated any more."""
        while len(asyncio.all_tasks()) > self.at_rest:
            await asyncio.sleep(0.02)

    def open(self, uri: str, text: str, version: int = 1) -> None:
        document = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def edit(self, uri: str, text: str, version: int) -> None:
        document = {"uri": uri, "version": version}
        changes = [{"text": text}]
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def published(self, uri: str) -> list[Json]:
        """Return what was said of a document, the newest last."""
        params = (
            each["params"]
            for each in self.said
            if each.get("method") == "textDocument/publishDiagnostics"
        )
        return [each for each in params if each["uri"] == uri]


@contextlib.asynccontextmanager
async def inside(
    capabilities: Any = None, folders: Any = None, **options: Any
) -> AsyncIterator[Inside]:
    session = Inside()
    params = {"capabilities": capabilities or {}, "initializationOptions": options}
    params["workspaceFolders"] = folders
    await session.ask("initialize", {"processId": None, "rootUri": None} | params)
    session.tell("initialized", {})
    await asyncio.sleep(0.01)
    session.at_rest = len(asyncio.all_tasks())
    try:
        yield session
    finally:
        await session.ask("shutdown", None)
