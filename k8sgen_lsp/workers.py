"""Which Python evaluates the files of a project, and the worker that runs in it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_core.evaluation.backends import Told, unheard
from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.worker import Worker, WorkerUnavailable

# Tells the user something once.
Tell: TypeAlias = Callable[[str], None]
_PROGRAM = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")


class Interpreters:
    """
    The Pythons that may be used for a project, the one to prefer first.

    Only folders whose code may run are evaluated, so their own environment may run too. One
    that a variable or a setting names must not be inside a folder that is not trusted.
    """

    def __init__(self, may_run: Callable[[Path], bool], environ: Mapping[str, str]) -> None:
        self._may_run = may_run
        self._environ = environ
        self.named: str | None = None

    def of(self, root: Path, folders: list[Path]) -> Iterator[tuple[Path, str | None]]:
        """Yield each with what is wrong with it; ``folders`` are those of the workspace."""
        if self.named:
            path = Path(self.named)
            yield path, self._fault(path, folders)
        active = self._environ.get("VIRTUAL_ENV", "")
        for environment in (active, str(root / ".venv")):
            path = Path(environment, *_PROGRAM)
            if os.path.isabs(environment) and path.is_file() and not self._fault(path, folders):
                yield path, None
        yield Path(sys.executable), None

    def _fault(self, path: Path, folders: list[Path]) -> str | None:
        if not path.is_absolute():
            return f"k8sgen.interpreter is {str(path)!r}: it must be an absolute path"
        places = {path, Path(os.path.realpath(path))}
        inside = [f for f in folders for place in places if place.is_relative_to(f)]
        if inside and not self._may_run(path.parent):
            return f"{path} is not used: it is inside {inside[0]}, which is not trusted"
        return None


class Workers:
    """The workers of a session, one for each Python that is used."""

    def __init__(self, interpreters: Interpreters, folders: Callable[[], list[Path]]) -> None:
        self.interpreters = interpreters
        self._folders = folders
        self._started: dict[Path, Worker] = {}
        self._unusable: dict[Path, str] = {}
        self._turn = asyncio.Lock()
        self._closed = False
        self.tell: Tell = lambda message: None

    async def evaluate(self, request: Request, told: Told = unheard) -> dict[str, Any] | None:
        """
        Return the outcome; ``None`` if it was cancelled, or another took its place.

        ``told`` is given the findings as soon as they are known, if the request wants that.

        Raises:
            WorkerUnavailable: if no interpreter has a compatible k8s-gen.
        """
        if self._closed:
            return None
        return await (await self._worker(request.root)).evaluate(request, told)

    async def _worker(self, root: Path) -> Worker:
        reason = ""
        async with self._turn:
            for path, fault in self.interpreters.of(root, self._folders()):
                reason = fault or self._unusable.get(path) or await self._start(path)
                if not reason:
                    return self._started[path]
                self.tell(reason)
        raise WorkerUnavailable(reason)

    async def _start(self, path: Path) -> str:
        """Start a worker unless there is one; return why it cannot be used."""
        if path in self._started:
            return ""
        # It is known from the start, so that whoever ends all of them ends this one too.
        worker = self._started[path] = Worker(path)
        try:
            await worker.start()
        except WorkerUnavailable as error:
            del self._started[path]
            await worker.close()
            self._unusable[path] = str(error)
            return str(error)
        return ""

    def cancel(self, path: Path) -> None:
        """End the running evaluation of a file, and drop those that wait."""
        for worker in self._started.values():
            worker.cancel(path)

    async def restart(self) -> None:
        """Start afresh, after an installed package changed."""
        self._unusable.clear()
        for worker in [*self._started.values()]:
            await worker.restart()

    async def close(self) -> None:
        """End all of them, and everything they have started."""
        self._closed = True
        for worker in [*self._started.values()]:
            await worker.close()
