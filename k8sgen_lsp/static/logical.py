"""The statements of a piece of a source, by indentation and brackets: it need not be valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

_LINE = re.compile(r"^([ \t]*)(?=[^\s])", re.MULTILINE)
_HEADER = re.compile(
    r"(?:async[ \t]+)?(?P<word>def|class|for|with|if|elif|else|while|try|except|finally"
    r"|(?:match|case)(?=[ \t]+[^=\s]))\b"
)
_FOLLOWS = re.compile(r"[ \t]*(?=[^\s])")
_BRACKET_OR = re.compile(r"[()\[\]{}:;]")


class Statement(NamedTuple):
    """A statement without what is nested in it; a header ends behind its colon."""

    start: int
    end: int
    indentation: int
    word: str = ""

    def moved(self, by: int) -> Statement:
        """Return the statement as it is counted from the beginning of the source."""
        return self._replace(start=self.start + by, end=self.end + by)


class Lined(Protocol):
    """Code of which strings and comments are blanked."""

    code: str

    def quoted_at(self, offset: int) -> object | None:
        """Return the string or comment that a place is inside of."""


def statements_of(piece: Lined) -> list[Statement]:
    """Return the statements that begin in a piece, the outer ones before those inside."""
    code = piece.code
    found: list[tuple[int, int]] = []
    depth = 0
    for line in _LINE.finditer(code):
        start, width = line.end(), len(line[1])
        if piece.quoted_at(line.start()):
            continue
        deeper = bool(found) and width > found[-1][1]
        if deeper and (depth > 0 or code.endswith("\\", 0, line.start() - 1)):
            goes_on = True
        else:
            goes_on = bool(found) and code[start] in ")]}."
        if not goes_on:
            found.append((start, width))
            depth = 0
        depth += _opened(code, start)
    ends = [*(start for start, _ in found[1:]), len(code)][: len(found)]
    return [
        each
        for (start, width), end in zip(found, ends, strict=True)
        for each in _split(code, start, end, width)
    ]


def _opened(code: str, start: int) -> int:
    end = code.find("\n", start)
    line = code[start : end if end >= 0 else len(code)]
    opened = line.count("(") + line.count("[") + line.count("{")
    return opened - line.count(")") - line.count("]") - line.count("}")


def _split(code: str, start: int, end: int, width: int) -> Iterator[Statement]:
    """Yield the header and what follows it on its line, and what semicolons separate."""
    header = _HEADER.match(code, start, end)
    word = header["word"] if header else ""
    for mark in _separators(code, start, end, is_header=header is not None):
        yield Statement(start, mark, width, word)
        follows = _FOLLOWS.match(code, mark + 1, end)
        if follows is None:
            return
        if code[mark] == ":":
            yield from _split(code, follows.end(), end, width + 1)
            return
        start, word = follows.end(), ""
    yield Statement(start, end, width, word)


def _separators(code: str, start: int, end: int, *, is_header: bool) -> Iterator[int]:
    depth = 0
    for found in _BRACKET_OR.finditer(code, start, end):
        mark = found[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif depth <= 0 and (
            mark == ";" or (is_header and not code.startswith(":=", found.start()))
        ):
            yield found.start()
