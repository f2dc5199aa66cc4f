"""
When Python looks for garbage.

What a run describes lives until the run ends, so looking through it again and again
finds nothing, and would take more than half of the time of a large run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_rarely() -> None:
    """
    Look rarely, and never at what is there already: for a process of the tool's own.

    Half a million objects are about 50 MB, far less than what a run may use.
    """
    gc.freeze()
    gc.set_threshold(500_000, 10, 10)


def collect_no_more() -> None:
    """Leave what is there to the end of the process, which comes next and frees all at once."""
    gc.freeze()


@contextmanager
def no_collection() -> Iterator[None]:
    """Do not look while a known amount of work makes only what is kept."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
