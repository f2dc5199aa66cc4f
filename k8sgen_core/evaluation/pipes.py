"""Pipes with room for a whole answer, so that who writes it does not wait for who reads it."""

from __future__ import annotations

import contextlib
import sys

# As much as a Linux that nobody has changed allows; an answer with the findings of a file
# has 100 kB, one with a preview more.
_ROOM = 1 << 20
# What a pipe takes at once wherever there are pipes, in bytes.
LEAST_ROOM = 16 << 10

if sys.platform == "linux":
    import fcntl

    def widen(descriptor: int) -> int:
        """
        Make room in a pipe, and return how many bytes it takes at once.

        What is none, or may have no more, stays as it is.
        """
        with contextlib.suppress(OSError):
            return fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _ROOM)
        return LEAST_ROOM

else:

    def widen(descriptor: int) -> int:
        """Leave a pipe as it is: only Linux can be asked for more room."""
        return LEAST_ROOM
