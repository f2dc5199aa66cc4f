"""The standard streams of a run: output is captured up to a limit, input has nobody behind it."""

from __future__ import annotations

import io
import sys
from typing import Any, NoReturn, cast

from k8sgen_core.evaluation.report import Report


class InputRefused(EOFError):
    """A description asked for input; it is reported where it did."""


class Captured(io.RawIOBase):
    """Keeps what is written, up to the limit, and reports the first call beyond it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._kept = bytearray()
        self._left = report.request.limits.output
        self._is_full = False

    def writable(self) -> bool:
        """Return ``True``."""
        return True

    def write(self, written: Any) -> int:
        """Keep what fits and drop the rest."""
        size = memoryview(written).nbytes
        self._kept += memoryview(written).cast("B")[: self._left]
        if size > self._left and not self._is_full:
            self._is_full = True
            self._report.note(
                "too-much-output",
                f"more than {self._report.request.limits.output:,} bytes are printed; "
                "the rest is dropped",
                sys._getframe(1),
                "print less: a description needs no output",
            )
        self._left = max(0, self._left - size)
        return size

    def text(self) -> str:
        """Return what was kept."""
        return self._kept.decode("utf-8", "replace")


class NoInput(io.TextIOBase):
    """Refuses every way to read."""

    encoding = "utf-8"

    def __init__(self, report: Report) -> None:
        self._report = report

    def readable(self) -> bool:
        """Return ``True``: a program that asks first shall be found too."""
        return True

    def _refuse(self, *_: object) -> NoReturn:
        self._report.note(
            "reads-input",
            "nobody answers here: a description runs in an editor and in CI",
            sys._getframe(1),
            "read a file or an environment variable instead",
        )
        raise InputRefused("a description cannot read from standard input")

    read = readline = readlines = __next__ = _refuse

    @property
    def buffer(self) -> NoInput:
        """The same for bytes."""
        return self


def redirect(report: Report) -> None:
    """Give this process the streams of a run."""
    captured = Captured(report)
    report.output = captured.text
    stream = cast(
        io.TextIOWrapper,
        io.TextIOWrapper(captured, "utf-8", "backslashreplace", "\n", write_through=True),
    )
    sys.stdin = sys.__stdin__ = NoInput(report)  # type: ignore[misc,assignment]
    sys.stdout = sys.__stdout__ = stream  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stream  # type: ignore[misc]
