"""What is known of a run that ended without a word: killed, crashed, or stuck."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from k8sgen_core.evaluation.modules import decoded
from k8sgen_core.evaluation.places import Places
from k8sgen_core.evaluation.report import without_preview
from k8sgen_core.evaluation.request import Request
from k8sgen_core.findings import Finding, Place
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources, is_library

# The exit code of a run that we broke ourselves, and the file in which it says how.
DEFECT = 70
# The exit code of a run that cannot hand over its result.
MUTED = 71
TRACE = "trace"

_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|U(........))")


def trace_of(folder: str) -> str:
    """Return the last trace that a run left in its folder."""
    try:
        with open(os.path.join(folder, TRACE), encoding="utf-8") as trace:
            return trace.read()
    except FileNotFoundError:
        return ""


def of_stuck(request: Request, trace: str) -> dict[str, Any]:
    """Return the result of a run that had to be killed because it did not end by itself."""
    seconds = request.limits.timeout
    message = f"the file had not ended after {seconds:g} s and did not react; it was here"
    hint = "look for a computation without an end, or raise evaluate.timeout"
    return _result(request, trace, ("evaluation-timeout", message, hint))


def of_dead(request: Request, status: int, trace: str) -> dict[str, Any]:
    """Return the result of a run that ended without one; ``status`` is below 0 for a signal."""
    return _result(request, trace, _cause(status, trace))


def of_garbled(request: Request, trace: str) -> dict[str, Any]:
    """Return the result of a run whose answer cannot be read."""
    return _result(request, trace, _cause(MUTED, trace))


def of_lost(request: Request) -> dict[str, Any]:
    """Return the result of a run whose supervisor was lost, twice."""
    message = "the process that evaluates ended twice while it ran this file"
    hint = "look for what could end it, or restart the worker"
    return _result(request, "", ("generation-failed", message, hint))


def _cause(status: int, trace: str) -> tuple[str, str, str]:
    if status == DEFECT:
        last = trace.strip().rpartition("\n")[2]
        hint = "this is a defect of K8s-Gen; report it with the file that shows it"
        return "generation-failed", f"K8s-Gen failed: {last}", hint
    if status == MUTED:
        hint = "let the file use only what it opened itself"
        return "process-exit", "the file wrote to, or closed, what carries its result", hint
    if status >= 0:
        hint = "look for what ends the process, or replaces what Python itself needs"
        return "process-exit", f"the run ended without a result (exit code {status})", hint
    return _signalled(-status, trace)


def _signalled(number: int, trace: str) -> tuple[str, str, str]:
    name = signal.Signals(number).name
    if "emory" in trace:
        hint = "build less, or raise evaluate.memory"
        return "memory-limit", f"the system ended the run ({name}), most likely out of memory", hint
    if name == "SIGKILL":
        hint = "if the system was out of memory, build less"
        return "process-exit", f"the run was ended by signal {number} ({name})", hint
    if name == "SIGXCPU":
        hint = "look for an endless loop, or raise evaluate.timeout"
        return "evaluation-timeout", "the file used more processor time than it may", hint
    hint = "look for a C extension or a very deep recursion here"
    return "process-exit", f"the interpreter crashed here ({name})", hint


def _result(request: Request, trace: str, cause: tuple[str, str, str]) -> dict[str, Any]:
    rule, message, hint = cause
    locator = _locator(request)
    places = Places(locator, str(request.path))
    lines = list(_workspace_lines(trace, places))
    place = lines[0] if lines else places.start()
    finding = Finding(rule, message, place, hint=hint)
    result = without_preview(request, locator, [finding])
    # What else was imported is not known; what it hung in is.
    imports = sorted({each.path for each in lines} - {places.main})
    return {**result, "imports": imports, "seconds": request.limits.timeout}


def _locator(request: Request) -> Locator:
    text = request.text
    if text is None and request.path.is_file():
        text = decoded(request.path.read_bytes())
    return Locator(request.root, Sources({**request.texts, str(request.path): text or ""}))


def _workspace_lines(trace: str, places: Places) -> Iterator[Place]:
    """Yield the lines of the workspace in a trace: of the main thread, innermost first."""
    main = trace.rpartition("(most recent call first):")[2]
    for match in _FRAME.finditer(main):
        path = _ESCAPE.sub(_character, match[1])
        if path == places.main or _is_of_workspace(path, places):
            yield places.line(path, int(match[2]) - 1)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2] or match[3], 16))


def _is_of_workspace(path: str, places: Places) -> bool:
    inside = Path(path).is_relative_to(places.locator.root)
    return inside and not is_library[path] and "site-packages" not in path
