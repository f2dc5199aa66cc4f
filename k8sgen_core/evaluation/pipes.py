"""Pipes with room for a whole answer, so that who writes it does not wait for who reads it."""

from __future__ import annotations

import contextlib
import sys

# As much as a Linux that nobody has changed allows; an answer with the findings of a file
# has 100 kB, one with a preview more.
_ROOM = 1 << 20

if sys.platform == "linux":
    import fcntl

    def widen(descriptor: int) -> None:
        """Make room in a pipe; what is none, or may have no more, stays as it is."""
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _ROOM)

else:

    def widen(descriptor: int) -> None:
        """Leave a pipe as it is: only Linux can be asked for more room."""
