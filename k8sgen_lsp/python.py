"""Python that is not of the DSL: another process completes it, or it is left to other servers."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import itertools
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_lsp.completing.offer import Offer, Sort

Json: TypeAlias = dict[str, Any]

# How long, in seconds, a completion waits for it, and when it is taken to hang.
BUDGET = 0.15
PATIENCE = 10.0
_LARGEST = 64 << 20
COMMAND = (sys.executable, "-P", "-m", "k8sgen_lsp.python_worker")


class PythonCompletion:
    """Asks the process, which is started when it is first needed, and again when it ended."""

    def __init__(self, command: Sequence[str] = COMMAND, budget: float = BUDGET) -> None:
        self._command = command
        self._budget = budget
        self._numbers = itertools.count()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[list[Json]]] = {}
        self._busy_since: float | None = None

    @staticmethod
    def is_possible() -> bool:
        """Is jedi installed beside the server?"""
        return importlib.util.find_spec("jedi") is not None

    async def offers(self, text: str, offset: int, path: Path | None) -> list[Offer] | None:
        """Return what can be written at a place; ``None`` if that is not known in time."""
        before = text[:offset]
        number = next(self._numbers)
        asked = {
            "id": number,
            "text": text,
            "line": before.count("\n") + 1,
            "column": offset - (before.rfind("\n") + 1),
            "path": str(path) if path else None,
            "root": str(path.parent if path else Path.cwd()),
        }
        try:
            return await asyncio.wait_for(self._asked(number, asked), self._budget)
        except (TimeoutError, OSError):
            return None

    async def _asked(self, number: int, asked: Json) -> list[Offer]:
        await self._alive()
        future: asyncio.Future[list[Json]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        process = self._process
        if process is None or process.stdin is None:
            return []
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._busy_since = self._busy_since or time.monotonic()
        try:
            found = await future
        finally:
            self._waiting.pop(number, None)
        return [Offer(each["label"], Sort(each["sort"]), each["detail"]) for each in found]

    async def _alive(self) -> None:
        hangs = self._busy_since is not None and time.monotonic() - self._busy_since > PATIENCE
        if hangs:
            await self.close()
        if self._process is None or self._process.returncode is not None:
            self._busy_since = None
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LARGEST,
            )
            self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        while process.stdout is not None and (line := await process.stdout.readline()):
            answer = json.loads(line)
            # What was asked for later is answered later: it is not busy with what nobody waits for.
            self._busy_since = None
            future = self._waiting.get(answer["id"])
            if future is not None and not future.done():
                future.set_result(answer["items"])

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if self._reading is not None:
            self._reading.cancel()
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
