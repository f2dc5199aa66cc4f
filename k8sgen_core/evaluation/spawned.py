"""One run in a process started for it, where a warm process cannot be forked."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from k8sgen_core.evaluation import environment, handshake, reaper
from k8sgen_core.evaluation.framing import BEGUN, result_of, split, unframed
from k8sgen_core.evaluation.limits import GRACE
from k8sgen_core.evaluation.pipes import widen
from k8sgen_core.evaluation.request import Request, asking, folder_line


class Spare:
    """A process that has imported everything and waits for the one request it will serve."""

    def __init__(self, interpreter: Path) -> None:
        self._interpreter = str(interpreter)
        self._process = start(self._interpreter, "k8sgen_core.evaluation.child")
        self._cancelled = False

    def greet(self) -> dict[str, Any]:
        """Return the versions of the process, once it is ready."""
        return greeting(self._process, self._interpreter)

    def evaluate(self, request: Request) -> dict[str, Any] | None:
        """Return the outcome; ``None`` if it was cancelled."""
        folder = tempfile.mkdtemp(prefix="k8sgen-")
        asked = folder_line(folder) + asking(request, environment.hidden(os.environ))
        try:
            said, _ = self._process.communicate(asked, request.limits.timeout + GRACE)
        except subprocess.TimeoutExpired:
            return self._silent(request, folder)
        else:
            return self._outcome(request, folder, said.removeprefix(BEGUN))
        finally:
            self.end()
            shutil.rmtree(folder, ignore_errors=True)

    def _outcome(self, request: Request, folder: str, answer: bytes) -> dict[str, Any] | None:
        _, last = split(answer)
        content = unframed(last)
        if content is not None:
            return result_of(content)
        if self._cancelled:
            return None
        return self._silent(request, folder, garbled=bool(answer))

    def _silent(self, request: Request, folder: str, *, garbled: bool = False) -> dict[str, Any]:
        """Return the outcome of a process that ended without one, or does not end."""
        # It loads most of the core, which the process that asks need not know.
        from k8sgen_core.evaluation import aftermath

        trace = aftermath.trace_of(folder)
        if garbled:
            return aftermath.of_garbled(request, trace)
        status = self._process.poll()
        if status is None:
            return aftermath.of_stuck(request, trace)
        return aftermath.of_dead(request, status, trace)

    def is_alive(self) -> bool:
        """Tell whether the process still waits for its request."""
        return self._process.poll() is None

    def cancel(self) -> None:
        """End the process from another thread."""
        self._cancelled = True
        self._process.kill()

    def end(self) -> None:
        """End the process and its session."""
        if sys.platform != "win32":
            reaper.end_group(self._process.pid)
        end(self._process)


def start(interpreter: str, module: str) -> subprocess.Popen[bytes]:
    """
    Start a module of this package in another process, which nothing of the workspace can reach.

    Raises:
        WorkerUnavailable: if the interpreter cannot be started.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the interpreter is chosen by the user.
            [interpreter, "-I", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment.scrubbed(os.environ),
            cwd=tempfile.gettempdir(),
            start_new_session=True,
        )
    except OSError as error:
        raise handshake.WorkerUnavailable(
            f"{interpreter} cannot be started: {error.strerror}"
        ) from error
    if process.stdout is not None:
        widen(process.stdout.fileno())
    return process


def greeting(process: subprocess.Popen[bytes], interpreter: str) -> dict[str, Any]:
    """
    Return the versions that a new process announces.

    Raises:
        WorkerUnavailable: if they do not fit this side, or there are none.
    """
    line = process.stdout.readline() if process.stdout else b""
    versions: dict[str, Any] | None = json.loads(line) if line else None
    try:
        return handshake.check(interpreter, versions)
    except handshake.WorkerUnavailable:
        end(process)
        raise


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and free what belongs to it here."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
