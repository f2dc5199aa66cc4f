"""A client for any language server on its standard streams: requests, edits, what it costs."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
LONGEST = 60.0
CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "diagnostics": {"refreshSupport": True},
    },
    "window": {"workDoneProgress": True},
    "textDocument": {
        "synchronization": {"didSave": True, "dynamicRegistration": False},
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": ["markdown"],
                "resolveSupport": {"properties": ["documentation", "detail"]},
            },
            "contextSupport": True,
        },
        "hover": {"contentFormat": ["markdown"]},
        "signatureHelp": {},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "diagnostic": {"dynamicRegistration": False},
        "codeAction": {},
    },
}


class Client:
    """One session with one server."""

    def __init__(self, command: Sequence[str | Path], root: Path, settings: Json) -> None:
        self._command = [str(each) for each in command]
        self._root = root
        self._settings = settings
        self._pending: dict[int, asyncio.Future[Json]] = {}
        self._watching: list[tuple[Callable[[Json], bool], asyncio.Future[Json]]] = []
        self._next = 0
        self.capabilities: Json = {}
        # One for each time that the server wanted to be asked for its diagnostics again.
        self.refreshes: asyncio.Queue[None] = asyncio.Queue()

    async def start(self, environment: Mapping[str, str], options: Json) -> None:
        """Start the server and agree on a session."""
        self.process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._root,
            env=dict(environment),
            limit=1 << 26,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._reading = asyncio.create_task(self._read())
        uri = self._root.as_uri()
        answer = await self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "bench"}],
                "capabilities": CAPABILITIES,
                "initializationOptions": options,
            },
        )
        self.capabilities = answer["capabilities"]
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": self._settings})

    async def stop(self) -> None:
        """End the session, if need be with force."""
        try:
            await self.ask("shutdown", None, 5)
            self.tell("exit", None)
            await asyncio.wait_for(self.process.wait(), 5)
        except (TimeoutError, OSError, RuntimeError):
            self.process.kill()
            await self.process.wait()
        self._reading.cancel()

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method: str, params: object) -> tuple[int, asyncio.Future[Json]]:
        """Send a request; return its number and what will be its answer."""
        self._next += 1
        self._pending[self._next] = asyncio.get_running_loop().create_future()
        self._send({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params})
        return self._next, self._pending[self._next]

    async def ask(self, method: str, params: object, longest: float = LONGEST) -> Any:
        """Send a request and wait for its result."""
        answer = await asyncio.wait_for(self.begin(method, params)[1], longest)
        if "error" in answer:
            raise RuntimeError(str(answer["error"]))
        return answer["result"]

    def watch(self, wanted: Callable[[Json], bool]) -> asyncio.Future[Json]:
        """Return what will be the first published diagnostics that are wanted."""
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._watching.append((wanted, future))
        return future

    def megabytes(self) -> dict[str, float]:
        """Return what the server and its descendants hold in memory, by what they are."""
        import psutil

        server = psutil.Process(self.process.pid)
        children = server.children(recursive=True)
        sizes = {"server": server.memory_info().rss / 2**20}
        sizes["children"] = sum(each.memory_info().rss for each in children) / 2**20
        return sizes

    def _send(self, message: Json) -> None:
        body = json.dumps(message, separators=(",", ":")).encode()
        if self.process.stdin is not None:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self) -> None:
        stream = self.process.stdout
        while stream is not None:
            length = 0
            while (line := await stream.readline()) not in (b"\r\n", b"\n"):
                if not line:
                    return self._ended()
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self._take(json.loads(await stream.readexactly(length)))

    def _ended(self) -> None:
        for future in self._pending.values():
            if not future.done():
                future.set_exception(RuntimeError("the server ended"))
        for _, future in self._watching:
            future.cancel()

    def _take(self, message: Json) -> None:
        if "method" not in message:
            future = self._pending.pop(message.get("id", 0), None)
            if future is not None and not future.done():
                future.set_result(message)
        elif "id" in message:
            result = self._configured(message) if "configuration" in message["method"] else None
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})
            if message["method"] == "workspace/diagnostic/refresh":
                self.refreshes.put_nowait(None)
        elif message["method"] == "textDocument/publishDiagnostics":
            for wanted, future in self._watching:
                if not future.done() and wanted(message["params"]):
                    future.set_result(message["params"])

    def _configured(self, message: Json) -> list[object]:
        return [self._setting(each.get("section") or "") for each in message["params"]["items"]]

    def _setting(self, section: str) -> object:
        value: Any = self._settings
        for part in filter(None, section.split(".")):
            value = value.get(part) if isinstance(value, dict) else None
        return value


class Document:
    """A text that is edited as people do."""

    def __init__(self, client: Client, path: Path, text: str) -> None:
        self._client = client
        self.uri = path.as_uri()
        self.lines = text.split("\n")
        self._version = 1
        sync = client.capabilities.get("textDocumentSync")
        kind = sync.get("change") if isinstance(sync, dict) else sync
        self._is_whole = kind == 1

    def open(self) -> None:
        """Tell the server of it."""
        text = "\n".join(self.lines)
        document = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self._client.tell("textDocument/didOpen", {"textDocument": document})

    def save(self) -> None:
        """Say that it is saved; the file itself stays as it is."""
        self._client.tell("textDocument/didSave", {"textDocument": {"uri": self.uri}})

    def insert(self, line: int, text: str) -> None:
        """Insert a line."""
        self.lines.insert(line, text)
        self._change((line, 0), (line, 0), text + "\n")

    def delete(self, line: int) -> None:
        """Delete a line."""
        del self.lines[line]
        self._change((line, 0), (line + 1, 0), "")

    def type(self, line: int, text: str) -> None:
        """Write at the end of a line."""
        end = len(self.lines[line])
        self.lines[line] += text
        self._change((line, end), (line, end), text)

    def at(self, line: int, character: int) -> Json:
        """Return a place as requests have it."""
        position = {"line": line, "character": character}
        return {"textDocument": {"uri": self.uri}, "position": position}

    def _change(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self._version += 1
        span = {
            side: {"line": line, "character": character}
            for side, (line, character) in (("start", start), ("end", end))
        }
        change = (
            {"text": "\n".join(self.lines)} if self._is_whole else {"range": span, "text": text}
        )
        identified = {"uri": self.uri, "version": self._version}
        params = {"textDocument": identified, "contentChanges": [change]}
        self._client.tell("textDocument/didChange", params)


class Clock:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def read(self) -> float:
        """Return them."""
        return (time.perf_counter() - self._start) * 1e3
