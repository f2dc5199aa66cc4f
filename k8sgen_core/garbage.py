"""
When Python looks for garbage.

What a run describes lives until the run ends, so looking through it again and again
finds nothing, and would take more than half of the time of a large run.
"""

from __future__ import annotations

import gc


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


# It is used as a function; what contextlib makes of one takes longer to load than all of help.
class no_collection:
    """Do not look while a known amount of work makes only what is kept."""

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_enabled:
            gc.enable()
