"""Runs a DSL file in this process, as ``python FILE`` would, and says what came of it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

from k8sgen_core.evaluation import limits, modules, streams
from k8sgen_core.evaluation.failures import (
    TooManyObjects,
    exit_message,
    finding_of,
    is_quiet_exit,
    title,
)
from k8sgen_core.evaluation.guard import Guard
from k8sgen_core.evaluation.outcome import Ran, describe
from k8sgen_core.evaluation.report import Ended, Report
from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.threads import Threads, watch
from k8sgen_core.findings import Finding
from k8sgen_core.session import Collecting, activate


class Bounded(Collecting):
    """Collects what a file describes, up to the limit."""

    def __init__(self, request: Request, ended: Ended, tell: Ended | None) -> None:
        super().__init__(request.root, request.environment)
        self.report = Report(request, self, ended, tell)

    def created(self, builder: Any) -> None:
        """Keep the builder; one too many ends the run."""
        most = self.report.request.limits.objects
        if len(self.builders) >= most:
            self.report.note(
                "too-many-objects",
                f"the file describes more than {most:,} objects",
                sys._getframe(1),
                "look for a loop without an end, or raise evaluate.objects",
            )
            raise TooManyObjects
        super().created(builder)


def run(request: Request, ended: Ended, folder: str, tell: Ended | None = None) -> dict[str, Any]:
    """
    Return the outcome of a file. This process is not fit for anything else afterwards.

    Args:
        request: The file, and what to make of it.
        ended: Takes the result of a run that is cut short, and ends the process.
        folder: The real path of the run's own temporary folder.
        tell: Takes the findings as soon as they are known, if the request wants that.
    """
    session = Bounded(request, ended, tell)
    report = session.report
    threads = Threads(report)
    watch(report)
    limits.impose(request)
    streams.redirect(report)
    modules.use(report)
    threads.install()
    replace_exits(report)
    Guard(report, folder).install()
    activate(session)
    _execute(report)
    threads.report_left()
    report.tell_refused()
    return report.finished(_described(report))


def replace_exits(report: Report) -> None:
    """Let the ways to end a process at once end the run with a finding instead."""
    process = os.getpid()

    def ending(name: str, real: Callable[..., NoReturn]) -> Callable[..., NoReturn]:
        def end(*arguments: Any) -> NoReturn:
            if os.getpid() == process:
                message, hint = exit_message(name)
                report.note("process-exit", message, sys._getframe(1), hint)
                report.end()
            real(*arguments)

        return end

    os._exit = ending("os._exit", os._exit)
    os.abort = ending("os.abort", os.abort)


def _execute(report: Report) -> None:
    """Run the file; whatever it raises becomes a finding."""
    module = modules.main_module(str(report.request.path))
    try:
        exec(_compiled(report), vars(module))  # noqa: S102 - this process exists for it.
    except BaseException as error:  # noqa: BLE001 - code of users may raise anything.
        report.session.is_complete = is_quiet_exit(error, report.places)
        _note(report, error)


def _compiled(report: Report) -> CodeType:
    request = report.request
    content = request.path.read_bytes() if request.text is None else request.text
    text = content if isinstance(content, str) else modules.decoded(content)
    modules.remember(report, str(request.path), text)
    modules.refuse_null(text, str(request.path))
    return compile(content, str(request.path), "exec", dont_inherit=True)


def _note(report: Report, error: BaseException) -> None:
    if isinstance(error, MemoryError):
        limits.release_reserve()
    finding = finding_of(error, report.places)
    if finding is not None:
        report.add(finding)


def _described(report: Report) -> dict[str, Any]:
    """Return what the file describes; of too much, only that it is."""
    found = report.findings
    if any(each.rule == "too-many-objects" for each in found):
        return report.cut_short()
    try:
        return describe(
            Ran(
                report.session,
                report.request,
                report.locator,
                lambda: report.findings,
                report.output(),
                report.tell,
            )
        )
    except BaseException as error:  # noqa: BLE001 - callbacks of users are run here too.
        if report.places.raised(error.__traceback__) or isinstance(error, MemoryError):
            _note(report, error)
        elif not found and not report.session.refusals:
            report.add(failed(error, report))
        return report.cut_short()


def failed(error: BaseException, report: Report) -> Finding:
    """Return the finding for a defect of our own."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Finding(
        "generation-failed",
        f"K8s-Gen failed: {title(error)} ({os.path.basename(last.filename)}:{last.lineno})",
        report.places.start(),
        hint="this is a defect of K8s-Gen; report it with the file that shows it",
    )
