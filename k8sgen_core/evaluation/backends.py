"""What a worker evaluates with: a process that forks, or one process after another."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

from k8sgen_core.evaluation import environment
from k8sgen_core.evaluation.framing import completed
from k8sgen_core.evaluation.limits import GRACE
from k8sgen_core.evaluation.pipes import widen
from k8sgen_core.evaluation.request import Request, asking, cancelling
from k8sgen_core.evaluation.spawned import Spare, end, greeting, start

CHUNK = 1 << 20
# How much longer than a run the process that supervises it may take to answer.
PATIENCE = 10.0
GOODBYE = 2.0


Told: TypeAlias = Callable[[dict[str, Any]], None]


def unheard(told: dict[str, Any]) -> None:
    """Take what comes before an outcome, for which nobody waits."""


class WorkerLost(Exception):
    """The process ended without an answer."""


class Backend(Protocol):
    """What evaluates; ``cancel`` and ``stop`` may be called from another thread."""

    def greet(self) -> dict[str, Any]:
        """Return the versions of the other side, once it is ready."""

    def begin(self, request: Request) -> int:
        """Ask for what is evaluated next, if that takes no time; return the number it has then."""

    def evaluate(
        self, request: Request, told: Told = unheard, begun: int = 0
    ) -> dict[str, Any] | None:
        """
        Return the outcome, ``None`` if it was cancelled; ``told`` takes what comes before.

        ``begun`` is the number that the request has already.
        """

    def cancel(self) -> None:
        """End what is being evaluated."""

    def stop(self) -> None:
        """End the process and all it has started."""

    def wait(self) -> None:
        """Return when it has ended, by itself or by somebody's hand."""

    def free(self) -> None:
        """Free what belongs to it here; nothing is evaluated any more."""


class Forking:
    """A zygote in another process, which forks a child for each request."""

    def __init__(self, interpreter: Path) -> None:
        self._interpreter = str(interpreter)
        self._process = start(self._interpreter, "k8sgen_core.evaluation.zygote")
        self._to = cast(FileIO, self._process.stdin)
        self._from = cast(FileIO, self._process.stdout)
        self._room = widen(self._to.fileno())
        self._ids = itertools.count(1)
        self._running = 0
        self._rest = bytearray()
        self._sending = threading.Lock()

    def greet(self) -> dict[str, Any]:
        """Return the versions of the zygote, once it is warm."""
        return greeting(self._process, self._interpreter)

    def begin(self, request: Request) -> int:
        """
        Ask already, from the thread that must not wait; return the number, 0 if it would wait.

        The zygote has read all that it was asked before, so that the pipe is empty. Without it,
        another thread asks as soon as it has its turn, which one that computes may put off.
        """
        number, line = self._asking(request)
        if len(line) >= self._room:
            return 0
        try:
            self._send(line)
        except WorkerLost:
            # Who evaluates it finds out that nobody is there.
            return 0
        return number

    def evaluate(
        self, request: Request, told: Told = unheard, begun: int = 0
    ) -> dict[str, Any] | None:
        """Return the outcome, ``None`` if it was cancelled; ``told`` takes what comes before."""
        number = begun
        if not number:
            number, line = self._asking(request)
            self._send(line)
        until = time.monotonic() + request.limits.timeout + GRACE + PATIENCE
        while "result" not in (answer := self._answer(number, until)):
            told(answer["told"])
        return None if answer["result"] is None else completed(answer["result"])

    def _asking(self, request: Request) -> tuple[int, bytes]:
        number = self._running = next(self._ids)
        return number, asking(request, environment.hidden(os.environ), number)

    def _answer(self, number: int, until: float) -> dict[str, Any]:
        """Return what comes next; what was begun and given up is answered before."""
        while (answer := json.loads(self._receive(until)))["id"] != number:
            pass
        return cast("dict[str, Any]", answer)

    def _send(self, line: bytes) -> None:
        left = memoryview(line)
        with self._sending:
            try:
                while left:
                    left = left[self._to.write(left) :]
            except (BrokenPipeError, ValueError) as error:
                raise WorkerLost from error

    def _receive(self, until: float) -> bytes:
        """Return the next line; what has come of the one after it is kept."""
        while b"\n" not in self._rest:
            left = max(0.0, until - time.monotonic())
            ready, _, _ = select.select([self._from], [], [], left)
            read = self._from.read(CHUNK) if ready else b""
            if not read:
                raise WorkerLost
            self._rest += read
        line, _, rest = bytes(self._rest).partition(b"\n")
        self._rest = bytearray(rest)
        return line

    def cancel(self) -> None:
        """Have the zygote end its child."""
        with contextlib.suppress(WorkerLost):
            self._send(cancelling(self._running))

    def stop(self) -> None:
        """Let the zygote end its child and itself."""
        with self._sending:
            self._to.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GOODBYE)
        self._process.kill()

    def wait(self) -> None:
        """Return when the process has ended."""
        self._process.wait()

    def free(self) -> None:
        """Close the pipes."""
        end(self._process)


class Spawning:
    """A spare process for the next request, and another after it."""

    def __init__(self, interpreter: Path) -> None:
        self._interpreter = interpreter
        self._spare = Spare(interpreter)
        self._stopped = threading.Event()

    def greet(self) -> dict[str, Any]:
        """Return the versions of the spare process."""
        return self._spare.greet()

    def begin(self, request: Request) -> int:
        """Do nothing: a process is asked by who waits for it."""
        return 0

    def evaluate(
        self, request: Request, told: Told = unheard, begun: int = 0
    ) -> dict[str, Any] | None:
        """Return the outcome, ``None`` if it was cancelled; nothing comes before it here."""
        if not self._spare.is_alive():
            raise WorkerLost
        outcome = self._spare.evaluate(request)
        if not self._stopped.is_set():
            self._spare = Spare(self._interpreter)
            self._spare.greet()
        return outcome

    def cancel(self) -> None:
        """End the process; the next one follows."""
        self._spare.cancel()

    def stop(self) -> None:
        """End the process for good."""
        self._stopped.set()
        self._spare.cancel()

    def wait(self) -> None:
        """Return when it was stopped: each of its processes ends, and another follows."""
        self._stopped.wait()

    def free(self) -> None:
        """Close the pipes."""
        self._spare.end()
