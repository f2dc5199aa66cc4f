"""Evaluates one file, in a process of its own, for a program that waits for it."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any, cast

from k8sgen_core.evaluation.request import Request
from k8sgen_core.evaluation.spawned import Spare

CAN_FORK = hasattr(os, "fork")


def evaluate_once(
    request: Request, interpreter: Path | None = None, *, fork: bool = CAN_FORK
) -> dict[str, Any]:
    """
    Return the outcome of a file.

    Args:
        request: The file, and what to make of it.
        interpreter: A Python with k8s-gen installed; default: the one that runs this.
        fork: Fork this process, which is quicker than starting another. A process with
            other threads is never forked.

    Raises:
        WorkerUnavailable: if the interpreter has no compatible k8s-gen.
    """
    if fork and interpreter is None and threading.active_count() == 1:
        from k8sgen_core.evaluation.forked import evaluate_forked

        return evaluate_forked(request)
    spare = Spare(interpreter or Path(sys.executable))
    spare.greet()
    # Only another thread could cancel it, and none knows of it.
    return cast(dict[str, Any], spare.evaluate(request))
