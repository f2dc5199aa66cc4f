"""
Frames of the protocol out of a stream of bytes that may be anything.

A frame that is not one costs one refusal: what follows it is found again by its header, which
no valid JSON can hold, since a line end inside a string is escaped there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

LONGEST_HEADER = 4 << 10
LARGEST = 32 << 20

_NAME = b"Content-Length:"
_BEGIN = re.compile(rb"Content-Length:[ \t]*[0-9]+[ \t]*\r\n")
# A beginning that has not arrived completely is no longer than this.
_LONGEST_BEGIN = 64
_FIELD = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([^\r\n]*?)[ \t]*")
_END = b"\r\n\r\n"
_CUT = re.compile(rb"Content-Length:[ \t]*[0-9]*[ \t]*\r?\n?$")
_SHORTER = "the content is shorter than Content-Length says"


class Malformed(NamedTuple):
    """What is no frame: why not, and how it begins."""

    reason: str
    start: bytes


class _Fault(Exception):
    """The buffer does not begin with a frame."""


class Frames:
    """
    The bodies of the frames in a stream, and the places where there should have been one.

    Args:
        read: Returns what has arrived next, and nothing at the end.
    """

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._buffer = bytearray()

    def __iter__(self) -> Iterator[bytes | Malformed]:
        while self._buffer or self._more():
            try:
                body = self._frame()
            except _Fault as fault:
                end = self._begin(1, LONGEST_HEADER) or LONGEST_HEADER
                yield Malformed(str(fault), bytes(self._buffer[:end]))
                if not self._resynchronise():
                    return
            else:
                if body is None:
                    return
                yield body

    def _more(self) -> bool:
        read = self._read()
        self._buffer += read
        return bool(read)

    def _frame(self) -> bytes | None:
        """Take a body; ``None`` if the stream ends before it does."""
        end = self._header_end()
        if end is None:
            return None
        length = _length(bytes(self._buffer[:end]))
        start = end + len(_END)
        searched = start
        while True:
            self._refuse_another_frame(searched, start + length)
            if len(self._buffer) >= start + length:
                break
            searched = max(start, len(self._buffer) - _LONGEST_BEGIN)
            if not self._more():
                return None
        body = bytes(memoryview(self._buffer)[start : start + length])
        if _ends_in_header(body[-_LONGEST_BEGIN:]):
            raise _Fault(_SHORTER)
        del self._buffer[: start + length]
        return body

    def _header_end(self) -> int | None:
        while (end := self._buffer.find(_END, 0, LONGEST_HEADER + len(_END))) < 0:
            if len(self._buffer) > LONGEST_HEADER:
                raise _Fault(f"the header is longer than {LONGEST_HEADER} bytes")
            if not self._more():
                return None
        return end

    def _refuse_another_frame(self, start: int, end: int) -> None:
        if self._begin(start, end) is not None:
            raise _Fault(_SHORTER)

    def _begin(self, start: int, end: int | None = None) -> int | None:
        """Return where a frame begins in a part of the buffer."""
        stop = len(self._buffer) if end is None else min(end, len(self._buffer))
        found = self._buffer.find(_NAME, start, stop)
        while found >= 0:
            if _BEGIN.match(self._buffer, found, stop):
                return found
            found = self._buffer.find(_NAME, found + 1, stop)
        return None

    def _resynchronise(self) -> bool:
        """Skip to the next header; ``False`` if there is none before the stream ends."""
        searched = 1
        while (begin := self._begin(searched)) is None:
            skipped = max(0, len(self._buffer) - _LONGEST_BEGIN)
            del self._buffer[:skipped]
            # The header that was refused is no beginning, for as long as it is there.
            searched = 0 if skipped else 1
            if not self._more():
                return False
        del self._buffer[:begin]
        return True


def _ends_in_header(tail: bytes) -> bool:
    """Is the end of a content the beginning of the next header, which is cut in two by it?"""
    if tail.endswith((b"}", b"]")):
        return False
    parts = (_NAME[:length] for length in range(1, len(_NAME)))
    return _CUT.search(tail) is not None or tail.endswith(tuple(parts))


def _length(header: bytes) -> int:
    lengths = []
    for line in header.split(b"\r\n"):
        field = _FIELD.fullmatch(line)
        if field is None or line.find(_NAME, 1) > 0:
            raise _Fault(f"{_shown(line)} is no header field: write NAME: VALUE")
        if field[1].lower() == b"content-length":
            lengths.append(field[2])
    if len(lengths) != 1:
        raise _Fault(f"a header needs one Content-Length, and this one has {len(lengths)}")
    [length] = lengths
    if not re.fullmatch(rb"[0-9]{1,12}", length) or int(length) > LARGEST:
        raise _Fault(f"Content-Length is {_shown(length)}: it must be 0 to {LARGEST}")
    return int(length)


def _shown(value: bytes) -> str:
    return repr(value[:40].decode("ascii", "replace"))
