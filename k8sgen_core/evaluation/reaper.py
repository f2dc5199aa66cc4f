"""Ends what a run leaves behind, processes that have left its session included."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 5.0

if sys.platform == "linux":
    import ctypes

    _prctl = ctypes.CDLL(None, use_errno=True).prctl

    def adopt(on: bool) -> None:
        """Become the parent of every orphan among the descendants of this process."""
        _prctl(_PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0)

    def end_with_parent() -> None:
        """Have this process killed when its parent ends."""
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)

else:

    def adopt(on: bool) -> None:
        """Do nothing: only Linux hands orphans to anybody but the first process."""

    def end_with_parent() -> None:
        """Do nothing: the end of its input tells a process here that its parent ended."""


def end_group(process: int) -> None:
    """Kill the session that a process leads, and the process itself, if it has none yet."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(process, signal.SIGKILL)


def children() -> set[int]:
    """Return the processes whose parent is this one; none where the system does not say."""
    if not _has_children():
        return set()
    own = os.getpid()
    found = set()
    with contextlib.suppress(FileNotFoundError), os.scandir("/proc") as entries:
        found = {int(each.name) for each in entries if each.name.isdigit()}
    return {process for process in found if _parent(process) == own}


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _parent(process: int) -> int | None:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:
            return int(stat.read().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def end_orphans(others: Collection[int]) -> None:
    """Kill the children of this process but for ``others``, and what they leave, in turn."""
    until = time.monotonic() + PATIENCE
    while (left := children() - set(others)) and time.monotonic() < until:
        for process in left:
            end_group(process)
        for process in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)
