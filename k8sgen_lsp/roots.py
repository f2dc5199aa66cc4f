"""Which project a document belongs to, remembered for the moment: typing asks at every key."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from k8sgen_core.config import project_root

# How long, in seconds, a new configuration file may go unseen.
FRESH = 2.0


class Roots:
    """The project roots of the folders that were asked for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Path, tuple[float, Path]] = {}

    def of(self, path: Path) -> Path:
        """Return the root of the project that a file belongs to."""
        known = self._known.get(path.parent)
        now = self._clock()
        if known is None or now - known[0] > FRESH:
            known = self._known[path.parent] = (now, project_root(path))
        return known[1]
