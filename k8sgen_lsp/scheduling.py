"""Runs that take long: one at a time for each subject, and of those that wait only the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K")

# How long a run keeps newer ones waiting before it is given up for them, in seconds.
PATIENCE = 1.0


class Queue(Generic[T]):
    """
    The runs of one subject.

    Whoever asks while a run goes on gets the result of the next one, which starts after it
    and so has seen what had changed by then. A run that hangs is abandoned for its successor;
    one that was abandoned returns ``None``, and who asked for it gets the successor's result.
    """

    def __init__(
        self,
        run: Callable[[], Awaitable[T | None]],
        abandon: Callable[[], None],
        patience: float = PATIENCE,
    ) -> None:
        self._run = run
        self._abandon = abandon
        self._patience = patience
        self._running: asyncio.Task[T | None] | None = None
        self._next: asyncio.Task[T | None] | None = None

    async def ask(self) -> T | None:
        """Return the result of a run that starts now or later; ``None`` if it was cancelled."""
        self._next = self._next or asyncio.create_task(self._after(self._running))
        return await self._result(self._next)

    async def join(self) -> T | None:
        """Return the result of the run that goes on; without one, of a run that starts now."""
        if self._running is None or self._running.done():
            return await self.ask()
        return await self._result(self._running)

    async def _result(self, task: asyncio.Task[T | None]) -> T | None:
        """Return the result of a run; of its successor, if it was abandoned for that."""
        while True:
            # The run is everybody's: one asker who is cancelled does not end it for the others.
            result = await asyncio.shield(task)
            successor = self._next or self._running
            if result is not None or successor is None or successor is task:
                return result
            task = successor

    async def _after(self, previous: asyncio.Task[T | None] | None) -> T | None:
        if previous is not None and not previous.done():
            done, _ = await asyncio.wait([previous], timeout=self._patience)
            if not done:
                self._abandon()
                await asyncio.wait([previous])
        self._running, self._next = self._next, None
        return await self._run()


class Pauses(Generic[K]):
    """Does something for a key once nothing has happened to it for a moment."""

    def __init__(self, seconds: float, do: Callable[[K], Coroutine[Any, Any, None]]) -> None:
        self._seconds = seconds
        self._do = do
        self._timers: dict[K, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def wait(self, key: K) -> None:
        """Wait anew: something has happened."""
        if key in self._timers:
            self._timers[key].cancel()
        loop = asyncio.get_running_loop()
        self._timers[key] = loop.call_later(self._seconds, self._start, key)

    def _start(self, key: K) -> None:
        del self._timers[key]
        task = asyncio.create_task(self._do(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
