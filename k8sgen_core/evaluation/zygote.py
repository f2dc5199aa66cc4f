"""
A warm process that forks a child for each request, and never runs user code itself.

``python -I -m k8sgen_core.evaluation.zygote`` reads requests as lines of JSON,
``{"id": 1, "evaluate": {...}}`` and ``{"cancel": 1}``, and answers ``{"id": 1, "result":
{...}}``, one run at a time; before it, ``{"id": 1, "told": {...}}`` if the request wants that.
It stays answerable while a child hangs, and ends with its input.
"""

from __future__ import annotations

import json
import os
import select

from k8sgen_core.evaluation import handshake
from k8sgen_core.evaluation.forked import CHUNK, POLL, Prepared, Run
from k8sgen_core.evaluation.request import CANCEL
from k8sgen_core.evaluation.warming import warm, warm_more

# How long nobody asks before a child is prepared: one request often brings others with it.
PAUSE = 0.05


class Zygote:
    """The loop between the pipe to the server and the pipe to the child."""

    def __init__(self, inbox: int, outbox: int) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._rest = b""
        self._run: Run | None = None
        self._prepared: Prepared | None = None

    def serve(self) -> None:
        """Answer requests until the input ends."""
        while True:
            ready, _, _ = select.select(self._watched, [], [], self._patience)
            if not ready and self._run is None:
                warm_more()
                self._prepared = self._prepare(rehearsed=True)
            if self._inbox in ready and not self._read():
                break
            if self._run is not None:
                result = self._run.step()
                self._tell()
                if result is not None:
                    self._answer(self._run, result)
        if self._run is not None:
            self._run.end()
        if self._prepared is not None:
            self._prepared.end()

    @property
    def _watched(self) -> list[int]:
        return [self._inbox] if self._run is None else [self._inbox, self._run.channel]

    @property
    def _patience(self) -> float | None:
        """How long to wait, in seconds, before there is something to do unasked."""
        if self._run is not None:
            return POLL
        return PAUSE if self._prepared is None else None

    def _prepare(self, *, rehearsed: bool) -> Prepared:
        return Prepared((self._inbox, self._outbox), rehearsed=rehearsed)

    def _read(self) -> bool:
        """Take the messages that have arrived; ``False`` at the end of the input."""
        read = os.read(self._inbox, CHUNK)
        *lines, self._rest = (self._rest + read).split(b"\n")
        for line in lines:
            if line.startswith(CANCEL):
                self._cancel(json.loads(line)["cancel"])
            else:
                self._begin(line + b"\n")
        return bool(read)

    def _begin(self, line: bytes) -> None:
        if self._run is not None:
            # Whoever asked for it has given it up without a word.
            self._give_up(self._run)
        prepared = self._prepared or self._prepare(rehearsed=False)
        self._prepared = None
        self._run = Run(prepared, line)

    def _cancel(self, number: int) -> None:
        if self._run is not None and self._run.number == number:
            self._give_up(self._run)

    def _give_up(self, run: Run) -> None:
        """End a run, and only then say so: who cancels waits for the end, and for nothing else."""
        run.end()
        self._answer(run, b"null\n")

    def _tell(self) -> None:
        while self._run is not None and self._run.told:
            self.send(b'{"id": %d, "told": %s}\n' % (self._run.number, self._run.told.pop(0)))

    def _answer(self, run: Run, result: bytes) -> None:
        self.send(b'{"id": %d, "result": %s}\n' % (run.number, result.rstrip()))
        run.end()
        self._run = None

    def send(self, line: bytes) -> None:
        """Write all of a line."""
        left = memoryview(line)
        while left:
            left = left[os.write(self._outbox, left) :]


def main() -> None:
    """Serve on the standard streams; nothing else is ever read from or written to them."""
    inbox, outbox = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    warm()
    zygote = Zygote(inbox, outbox)
    zygote.send(json.dumps(handshake.own()).encode() + b"\n")
    zygote.serve()


if __name__ == "__main__":
    main()
