"""What a terminal shows: colours where they are wanted, text that cannot command it."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

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
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.colours = wanted and self.stream.isatty()

    def paint(self, text: str, style: str) -> str:
        """Return text in a style, where the terminal has colours."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colours else text

    def line(self, text: str = "") -> None:
        """Write one line."""
        self.stream.write(f"{text}\n")


def inert(text: str) -> str:
    """Return text of a user's or plugin's that cannot move the cursor or hide anything."""
    return _control.sub("\N{REPLACEMENT CHARACTER}", text)
