"""Threads: which ones a file leaves running, and the one that watches its time."""

from __future__ import annotations

import _thread
import sys
import threading
from types import FrameType
from typing import Any

from k8sgen_core.evaluation.failures import finding_of
from k8sgen_core.evaluation.report import Report
from k8sgen_core.origin import Frame


class Threads:
    """Notes where threads are started, and what goes wrong in them."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._started: dict[threading.Thread, list[Frame]] = {}

    def install(self) -> None:
        """Watch the threads that are started from now on."""
        start = threading.Thread.start

        def noted(thread: threading.Thread) -> None:
            self._started[thread] = self._report.places.running(sys._getframe(1))
            start(thread)

        threading.Thread.start = noted  # type: ignore[method-assign,assignment]
        threading.excepthook = self._failed

    def _failed(self, raised: Any) -> None:
        if isinstance(raised.exc_value, SystemExit):
            # It ends the thread, and nothing else.
            return
        finding = finding_of(raised.exc_value, self._report.places)
        if finding is not None:
            self._report.add(finding)

    def report_left(self) -> None:
        """Report the threads that the file does not wait for."""
        for thread, frames in list(self._started.items()):
            if thread.is_alive() and not thread.daemon:
                self._report.note_at(
                    "thread-left-running",
                    f"the thread {thread.name!r} is still running when the file ends; "
                    "what it would describe is not deployed",
                    frames,
                    "join it before the file ends",
                )


def watch(report: Report) -> None:
    """End the run when its time is over, and say what it was doing."""
    main = _thread.get_ident()
    alarm = _thread.allocate_lock()
    alarm.acquire()

    def wait() -> None:
        alarm.acquire(timeout=report.request.limits.timeout)
        _report_timeout(report, sys._current_frames().get(main))
        report.end()

    # Unknown to `threading`, so that the program sees only its own threads.
    _thread.start_new_thread(wait, ())


def _report_timeout(report: Report, frame: FrameType | None) -> None:
    seconds = report.request.limits.timeout
    if report.places.running(frame):
        message = f"the file had not ended after {seconds:g} s; it was here"
    else:
        message = f"generating what the file describes had not ended after {seconds:g} s"
    hint = "look for an endless loop here, or raise evaluate.timeout"
    report.note("evaluation-timeout", message, frame, hint)
