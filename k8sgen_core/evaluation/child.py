"""
The process of one run: made for it, ended with it.

It is forked from a process that never ran user code, or, where that cannot be done,
started as ``python -I -m k8sgen_core.evaluation.child``.
"""

from __future__ import annotations

import _thread
import contextlib
import faulthandler
import json
import os
import tempfile
import traceback
from collections.abc import Collection
from typing import Any, NoReturn

from k8sgen_core.evaluation import environment, handshake
from k8sgen_core.evaluation.aftermath import DEFECT, MUTED, TRACE
from k8sgen_core.evaluation.framing import BEGUN, EARLY, framed
from k8sgen_core.evaluation.limits import GRACE
from k8sgen_core.evaluation.program import run
from k8sgen_core.evaluation.reaper import end_with_parent
from k8sgen_core.evaluation.rehearsal import rehearse
from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.warming import warm, warm_more
from k8sgen_core.garbage import collect_rarely

_exit = os._exit


class Answer:
    """Sends the one result of this process, and ends it; a copy of the process sends none."""

    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._process = os.getpid()
        self._once = _thread.allocate_lock()

    def tell(self, told: dict[str, Any]) -> None:
        """Write what is known before the result, which will say it again."""
        if os.getpid() == self._process:
            self._write(EARLY + framed(told))

    def _write(self, line: bytes) -> None:
        content = memoryview(line)
        while content:
            content = content[os.write(self._channel, content) :]

    def send(self, result: dict[str, Any]) -> NoReturn:
        """Write the result and end; whoever comes second waits here for the end."""
        content = framed(result)
        if os.getpid() != self._process:
            _exit(0)
        self._once.acquire()
        try:
            self._write(content)
        except OSError:
            _exit(MUTED)
        _exit(0)


def serve(requests: int, channel: int, *, rehearsed: bool) -> NoReturn:
    """
    Wait for a request, run it in this process, answer on ``channel``, and end.

    Who has time until then lets it be ``rehearsed``.
    """
    try:
        if rehearsed:
            # Findings come first, and a preview after them, which nobody waits for as much.
            rehearse(preview=False)
        detach((requests, channel))
        with open(requests, "rb") as lines:
            folder, line = lines.readline(), lines.readline()
        if not line:
            _exit(0)
        end_with_parent()
        message = json.loads(line)
        environment.HIDDEN.update(message["hidden"])
        request = Request.from_json(message["evaluate"])
        os.write(channel, BEGUN)
        _run(request, json.loads(folder), channel)
    finally:
        # Whatever went wrong, it must not go on as its parent's copy.
        _exit(DEFECT)


def _run(request: Request, folder: str, channel: int) -> NoReturn:
    trace = open(os.path.join(folder, TRACE), "w", encoding="utf-8")  # noqa: SIM115
    try:
        settle(request, folder)
        faulthandler.enable(trace, all_threads=False)
        faulthandler.dump_traceback_later(request.limits.timeout + GRACE / 2, file=trace)
        answer = Answer(channel)
        answer.send(run(request, answer.send, os.path.realpath(folder), answer.tell))
    finally:
        # A run may have taken away what telling needs; it must not go on as its parent's copy.
        status = 1
        try:
            traceback.print_exc(file=trace)
            trace.flush()
            status = DEFECT
        finally:
            _exit(status)


def detach(own: Collection[int]) -> None:
    """Take away what a run could disturb or read without meaning to, before anybody waits."""
    collect_rarely()
    close_others(own)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for name in list(os.environ):
        if environment.is_hidden(name):
            environment.HIDDEN.add(name)
            del os.environ[name]


def close_others(own: Collection[int]) -> None:
    """Close what a forked process has inherited, so that the run cannot write to it."""
    if not os.path.isdir("/dev/fd"):
        return
    for name in os.listdir("/dev/fd"):
        if int(name) > 2 and int(name) not in own:
            # The folder itself was among them while it was read.
            with contextlib.suppress(OSError):
                os.close(int(name))


def settle(request: Request, folder: str) -> None:
    """Make the temporary folder and the project those of the run."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ[name] = folder
    tempfile.tempdir = folder
    # An editor still has the text of a project whose folder was removed.
    os.chdir(request.root if os.path.isdir(request.root) else folder)


def main() -> NoReturn:
    """Announce this process, wait for one request, and serve it."""
    requests, channel = os.dup(0), os.dup(1)
    warm()
    os.write(channel, json.dumps(handshake.own()).encode() + b"\n")
    warm_more()
    serve(requests, channel, rehearsed=False)


if __name__ == "__main__":
    main()
