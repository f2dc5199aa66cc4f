"""The loop between the streams and the protocol: reads ahead, and takes one message at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import BinaryIO

from lsprotocol import types
from pygls.io_ import StdoutWriter

from k8sgen_lsp.framing import LARGEST, Frames
from k8sgen_lsp.messages import Id, Json, Refusal, message_of
from k8sgen_lsp.protocol import Protocol

_CHUNK = 1 << 16
_CANCEL = "$/cancelRequest"
# How often tasks have their turn between two messages: a file that was saved is on its way to
# the worker after that many, so that both processes have something to do.
_TURNS = 3


class Inbox:
    """
    Messages that were read and not handled yet, up to as many bytes as one may have.

    A request that is cancelled before its turn never has one.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[tuple[Json | Refusal | None, int]] = asyncio.Queue()
        self._room = threading.Condition()
        self._size = 0
        self._waiting: Counter[Id] = Counter()
        self._cancelled: set[Id] = set()

    def put(self, message: Json | Refusal | None, size: int = 0) -> None:
        """Hand over a message from the thread that reads, when there is room; ``None`` at last."""
        with self._room:
            self._room.wait_for(lambda: not self._size or self._size + size <= LARGEST)
            self._size += size
            if isinstance(message, dict):
                self._note(message)
        self._loop.call_soon_threadsafe(self._queue.put_nowait, (message, size))

    def _note(self, message: Json) -> None:
        if message.get("method") == _CANCEL:
            params = message.get("params")
            number = params.get("id") if isinstance(params, dict) else None
            if isinstance(number, int | str) and self._waiting[number]:
                self._cancelled.add(number)
        elif "method" in message and "id" in message:
            self._waiting[message["id"]] += 1

    async def get(self) -> Json | Refusal | None:
        """Return the next message."""
        message, size = await self._queue.get()
        with self._room:
            self._size -= size
            self._room.notify()
            if isinstance(message, dict) and "method" in message and "id" in message:
                return self._turn(message)
        return message

    def _turn(self, message: Json) -> Json | Refusal:
        number = message["id"]
        self._waiting -= Counter([number])
        if number not in self._cancelled:
            return message
        self._cancelled.discard(number)
        return Refusal(number, types.LSPErrorCodes.RequestCancelled, "the request was cancelled")


async def serve(protocol: Protocol, stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Serve until the client says ``exit``, or is gone."""
    protocol.set_writer(StdoutWriter(stdout))
    inbox = Inbox(asyncio.get_running_loop())
    # What blocks in a read can be ended by nothing, so no end of the session may wait for it.
    threading.Thread(target=_read, args=(stdin, inbox), daemon=True, name="reader").start()
    while (message := await inbox.get()) is not None:
        if isinstance(message, Refusal):
            protocol.refuse(message)
        elif message.get("method") == types.EXIT:
            return
        else:
            protocol.receive(message)
        # Messages that wait already must not keep tasks from going on.
        for _ in range(_TURNS):
            await asyncio.sleep(0)


def _read(stdin: BinaryIO, inbox: Inbox) -> None:
    # Nobody listens any more once the loop is closed, and a pipe may break like any other.
    with contextlib.suppress(RuntimeError):
        with contextlib.suppress(OSError):
            for frame in Frames(_reading(stdin)):
                inbox.put(message_of(frame), len(frame))
        inbox.put(None)


def _reading(stdin: BinaryIO) -> Callable[[], bytes]:
    # The descriptor itself, as the lock of a buffer would keep the interpreter from ending.
    descriptor = stdin.fileno()
    return lambda: os.read(descriptor, _CHUNK)
