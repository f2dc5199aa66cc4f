"""Runs that take long: one at a time for each subject, and of those that wait only the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

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
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
        # The run is everybody's: one request that is cancelled does not end it for the others.
        return await asyncio.shield(self._next)

    async def _after(self, previous: asyncio.Task[T | None] | None) -> T | None:
        if previous is not None and not previous.done():
            done, _ = await asyncio.wait([previous], timeout=self._patience)
            if not done:
                self._abandon()
                await asyncio.wait([previous])
        self._running, self._next = self._next, None
        result = await self._run()
        successor = self._next
        return await asyncio.shield(successor) if result is None and successor else result
