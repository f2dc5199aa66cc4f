"""One run in a child of this process, watched from outside."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import tempfile
import time
from collections.abc import Iterable
from typing import Any

from k8sgen_core.evaluation import aftermath, child, environment, reaper
from k8sgen_core.evaluation.framing import BEGUN, EARLY, result_of, split, unframed
from k8sgen_core.evaluation.limits import GRACE
from k8sgen_core.evaluation.pipes import widen
from k8sgen_core.evaluation.request import Request, asking, folder_line

CHUNK = 1 << 20
POLL = 0.05


class Prepared:
    """
    A child that waits for the one request it will serve.

    Where it is made long before the request, it can be ``rehearsed``: it touches the memory
    that it shares with this process until it writes to it, which takes longer than what
    it does with many a file.
    """

    def __init__(self, not_for_child: Iterable[int] = (), *, rehearsed: bool) -> None:
        self.not_for_child = not_for_child
        self.others = reaper.children()
        requests, asked = os.pipe()
        self.channel, answers = os.pipe()
        widen(answers)
        self.process = os.fork()
        if self.process == 0:
            os.setsid()
            reaper.end_with_parent()
            for inherited in (asked, self.channel, *not_for_child):
                os.close(inherited)
            child.serve(requests, answers, rehearsed=rehearsed)
        os.close(requests)
        os.close(answers)
        self._requests = open(asked, "wb")  # noqa: SIM115 - it is closed with its one request.

    def ask(self, line: bytes, folder: str) -> None:
        """
        Give the child its request, as it came, and a folder for what the run itself writes.

        A child that has ended since is found by who waits for it.
        """
        with contextlib.suppress(BrokenPipeError), self._requests as requests:
            requests.write(folder_line(folder) + line)

    def end(self) -> None:
        """End the child, whether it got a request or not."""
        reaper.end_group(self.process)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.process, 0)
        self._requests.close()
        os.close(self.channel)


class Run:
    """
    A child that evaluates one request.

    Step it, whenever ``channel`` can be read and every now and then, until there is a result;
    then end it, which takes a moment that nobody needs to wait for the result. This process
    must not run anything of users, nor have other threads.
    """

    def __init__(self, prepared: Prepared, line: bytes) -> None:
        self._line = line
        self._received = bytearray()
        # What the run has told before its result, as JSON, until somebody takes it.
        self.told: list[bytes] = []
        self._is_first = True
        self._has_begun = False
        self._begin(prepared)
        # The child reads the line as well, and has it first: in a project of many files it is long.
        message = json.loads(line)
        self.number: int = message["id"]
        self._request = Request.from_json(message["evaluate"])

    @property
    def channel(self) -> int:
        """What can be read once there is something to receive."""
        return self._prepared.channel

    def _begin(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._has_ended = False
        self._folder = tempfile.mkdtemp(prefix="k8sgen-")
        reaper.adopt(True)
        self._began = time.monotonic()
        os.set_blocking(prepared.channel, False)
        prepared.ask(self._line, self._folder)

    def step(self) -> bytes | None:
        """Return the result as JSON once there is one."""
        self._receive()
        if self._received.endswith(b"\n"):
            return self._answer()
        ended, status = os.waitpid(self._prepared.process, os.WNOHANG)
        if ended:
            self._receive()
            if self._received.endswith(b"\n"):
                return self._answer()
            if self._is_first and not self._has_begun:
                self._repeat()
                return None
            code = os.waitstatus_to_exitcode(status)
            return _line(aftermath.of_dead(self._request, code, self.end()))
        if time.monotonic() > self._began + self._request.limits.timeout + GRACE:
            return _line(aftermath.of_stuck(self._request, self.end()))
        return None

    def _repeat(self) -> None:
        """Have another child do what one was ended for before it could begin."""
        self._is_first = False
        self.end()
        self._begin(Prepared(self._prepared.not_for_child, rehearsed=False))

    def _answer(self) -> bytes:
        content = unframed(bytes(self._received))
        if content is not None:
            return content
        return _line(aftermath.of_garbled(self._request, self.end()))

    def _receive(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while read := os.read(self.channel, CHUNK):
                self._received += read
        if not self._has_begun and self._received.startswith(BEGUN):
            self._has_begun = True
            del self._received[: len(BEGUN)]
        if self._received.startswith(EARLY):
            told, rest = split(bytes(self._received))
            self.told += told
            self._received = bytearray(rest)

    def end(self) -> str:
        """End the child and all it has started, once; return the last trace it left."""
        if self._has_ended:
            return ""
        self._has_ended = True
        self._prepared.end()
        reaper.end_orphans(self._prepared.others)
        reaper.adopt(False)
        trace = aftermath.trace_of(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)
        return trace


def _line(result: dict[str, Any]) -> bytes:
    return json.dumps(result).encode() + b"\n"


def evaluate_forked(request: Request) -> dict[str, Any]:
    """Return the outcome of a request, evaluated in a child of this process."""
    prepared = Prepared(rehearsed=False)
    run = result = None
    try:
        run = Run(prepared, asking(request, environment.HIDDEN))
        while result is None:
            select.select([run.channel], [], [], POLL)
            result = run.step()
    finally:
        (run or prepared).end()
    return result_of(result)
