"""Evaluates for the language server: warm, one file at a time, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_core.evaluation.backends import Backend, Forking, Spawning, Told, WorkerLost, unheard
from k8sgen_core.evaluation.handshake import WorkerUnavailable
from k8sgen_core.evaluation.process import CAN_FORK
from k8sgen_core.evaluation.request import Request

__all__ = ["Worker", "WorkerUnavailable"]

# The file, the format, the environment, the version, and what is wanted of it.
Key: TypeAlias = tuple[Path, str | None, str | None, str, bool, bool, bool]

# How long, in seconds, a run may keep another file waiting before it gives way. It is run again
# when nothing else waits but what gave way too, so that all that take long come to their ends;
# then it gives way to others sooner.
PATIENCE, LATER = 3.0, 0.2


class Worker:
    """
    Evaluates in the user's interpreter; the process that asks never runs user code.

    Args:
        interpreter: A Python with k8s-gen installed; default: the one that runs this.
        fork: Keep one warm process that forks; without, a spare process for each request.
    """

    def __init__(self, interpreter: Path | None = None, *, fork: bool = CAN_FORK) -> None:
        self._interpreter = interpreter or Path(sys.executable)
        self._fork = fork
        self._backend: Backend | None = None
        self._versions: dict[str, Any] = {}
        self._thread = ThreadPoolExecutor(1, "k8sgen-worker")
        self._submitted: Future[dict[str, Any] | None] | None = None
        self._turn = asyncio.Lock()
        self._waiting: dict[Key, object] = {}
        self._running: Path | None = None
        self._gives_way_at = 0.0
        self._gave_way = False
        self._late: set[Key] = set()
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> dict[str, Any]:
        """
        Start the process, and return the versions of its ``k8sgen``, ``python``, ``protocol``.

        Raises:
            WorkerUnavailable: if the interpreter has no compatible k8s-gen; the text names
                the command that helps.
        """
        self._loop = asyncio.get_running_loop()
        await self._loop.run_in_executor(self._thread, self._renewed)
        return self._versions

    def _renewed(self) -> Backend:
        backend = Forking(self._interpreter) if self._fork else Spawning(self._interpreter)
        self._versions = backend.greet()
        self._backend = backend
        if self._loop is not None:
            # It ends with the backend, which ends with the program.
            arguments = (backend, self._loop)
            threading.Thread(target=self._watch, args=arguments, daemon=True).start()
        return backend

    def _watch(self, backend: Backend, loop: asyncio.AbstractEventLoop) -> None:
        """Have a process that ends while nothing is asked of it replaced before something is."""
        backend.wait()
        # The loop may have been closed, and the thread ended, with everything else.
        with contextlib.suppress(RuntimeError):
            if not self._closed and backend is self._backend:
                loop.call_soon_threadsafe(self._thread.submit, self._revive, backend)

    def _revive(self, backend: Backend) -> None:
        if not self._closed and backend is self._backend:
            self._release()
            # Whoever asks next is told why it cannot be started.
            with contextlib.suppress(WorkerUnavailable):
                self._renewed()

    async def evaluate(self, request: Request, told: Told = unheard) -> dict[str, Any] | None:
        """
        Return the outcome; ``None`` if a newer request took its place or it was cancelled.

        A waiting request gives way to a newer one for the same of the same file, and a run that
        takes long to what others wait for. ``told`` is given what a request for ``early``
        findings wants, if there is a way to have it sooner.

        Raises:
            WorkerUnavailable: if the interpreter has no compatible k8s-gen.
        """
        key = _key(request)
        ticket = self._waiting[key] = object()
        self._late.discard(key)
        self._press()
        while True:
            async with self._turn:
                if self._waiting.get(key) is not ticket:
                    return None
                del self._waiting[key]
                outcome = await self._take(request, told, LATER if key in self._late else PATIENCE)
            if outcome is not None or not self._gave_way or key in self._waiting:
                self._late.discard(key)
                return outcome
            self._waiting[key] = ticket
            self._late.add(key)

    def _press(self) -> None:
        """End a run that has had its time if another file waits; else look again then."""
        loop = asyncio.get_running_loop()
        pressing = (key for key in self._waiting if key not in self._late)
        if self._running is None or all(key[0] == self._running for key in pressing):
            return
        if loop.time() < self._gives_way_at:
            loop.call_at(self._gives_way_at, self._press)
        elif self._backend is not None and not self._gave_way:
            self._gave_way = True
            self._backend.cancel()

    async def _take(self, request: Request, told: Told, patience: float) -> dict[str, Any] | None:
        loop = self._loop = asyncio.get_running_loop()
        self._running = request.path
        self._gave_way = False
        self._gives_way_at = loop.time() + patience
        self._press()

        def tell(early: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(told, early)

        # Of another backend that takes the place of this one it has not been asked; and one that
        # was given up may still be about to be asked for, by the thread.
        asked = self._backend if self._submitted is None or self._submitted.done() else None
        begun = 0 if asked is None else asked.begin(request)
        self._submitted = self._thread.submit(self._evaluate, request, tell, (asked, begun))
        try:
            return await asyncio.wrap_future(self._submitted)
        except asyncio.CancelledError:
            if self._backend is not None:
                self._backend.cancel()
            raise
        finally:
            self._running = None

    def _evaluate(
        self, request: Request, told: Told, asked: tuple[Backend | None, int]
    ) -> dict[str, Any] | None:
        """Evaluate in the worker's thread; a lost process is replaced, once."""
        for _ in range(2):
            if self._closed:
                return None
            backend = self._backend or self._renewed()
            begun = asked[1] if backend is asked[0] else 0
            try:
                return backend.evaluate(request, told, begun)
            except WorkerLost:
                backend.stop()
                backend.free()
                self._backend = None
        # It loads most of the core, which the process that asks need not know.
        from k8sgen_core.evaluation.aftermath import of_lost

        return of_lost(request)

    def cancel(self, path: Path) -> None:
        """End the running evaluation of a file, and drop those that wait."""
        for key in [key for key in self._waiting if key[0] == path]:
            del self._waiting[key]
        if self._running == path and self._backend is not None:
            self._gave_way = False
            self._backend.cancel()

    async def restart(self) -> dict[str, Any]:
        """Start afresh, after an installed package changed; a running request is repeated."""
        await self._stop()
        return await self.start()

    async def close(self) -> None:
        """End the process and everything it has started; once is enough."""
        if self._closed:
            return
        self._closed = True
        await self._stop()
        await asyncio.to_thread(self._thread.shutdown)

    async def _stop(self) -> None:
        if self._backend is not None:
            await asyncio.to_thread(self._backend.stop)
        # What the thread was doing comes to its end first: it may be starting a process.
        await asyncio.get_running_loop().run_in_executor(self._thread, self._release)

    def _release(self) -> None:
        if self._backend is not None:
            self._backend.stop()
            self._backend.free()
            self._backend = None


def _key(request: Request) -> Key:
    wanted = (request.preview, request.drafts, request.judging is None)
    return (request.path, request.format, request.environment, request.version, *wanted)
