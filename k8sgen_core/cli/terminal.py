"""What a terminal shows: colours where they are wanted, text that cannot command it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO, TypeVar

T = TypeVar("T")

_CODES = {
    "error": "31",
    "warning": "33",
    "info": "36",
    "hint": "36",
    "dim": "2",
    "bold": "1",
    "created": "32",
    "removed": "31",
    "changed": "33",
}
_control = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Terminal:
    """One output stream."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        interactive = self.stream.isatty()
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.colours = wanted and interactive
        # A file has room for every line that a person would read.
        self.width = max(shutil.get_terminal_size().columns, 40) if interactive else 200

    def paint(self, text: str, style: str) -> str:
        """Return text in a style, where the terminal has colours."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colours else text

    def line(self, text: str = "") -> None:
        """Write one line."""
        self.stream.write(f"{text}\n")


def print_json(value: object) -> None:
    """Write data for programs to standard output: as one text, as it is slow in small pieces."""
    import json  # Most commands print for people.

    sys.stdout.write(f"{json.dumps(value, indent=2, ensure_ascii=False)}\n")


def progress(named: Sequence[tuple[str, T]]) -> Iterator[T]:
    """Yield one after another; where a person waits, standard error shows which it is."""
    watched = len(named) > 1 and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    for number, (name, each) in enumerate(named, 1):
        if watched:
            sys.stderr.write(f"\r\x1b[K[{number}/{len(named)}] {inert(name)}")
            sys.stderr.flush()
        yield each
    if watched:
        sys.stderr.write("\r\x1b[K")


def inert(text: str) -> str:
    """Return text of a user's or plugin's that cannot move the cursor or hide anything."""
    return _control.sub("\N{REPLACEMENT CHARACTER}", text)
