"""Where a place in a TOML file is: which keys lead there, and what is written at it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_HEADER = re.compile(r"^[ \t]*\[\[?(?P<name>[^\[\]\n]*)\]\]?[ \t]*(?:#.*)?$", re.MULTILINE)
_OPEN_HEADER = re.compile(r"[ \t]*\[\[?[ \t]*(?P<name>[^\[\]\n=,]*)\Z")
_TOKEN = re.compile(
    r"""(?P<comment> \#[^\n]*)
    | (?P<long> \"{3} .*? (?:\"{3}|\Z) | '{3} .*? (?:'{3}|\Z))
    | (?P<text> " (?:\\.|[^"\\\n])* (?:"|(?=\n)|\Z) | ' [^'\n]* (?:'|(?=\n)|\Z))
    | (?P<bare> [\w.+-]+)
    | (?P<mark> [\[\]{},=\n])""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"[\w+-]*")
_NAME = re.compile(r"""[\w+-]+|"[^"\n]*"|'[^'\n]*'""")


class Place(NamedTuple):
    """
    What stands at a place: a header, a key or a value, which may be in a list.

    ``path`` are the names that lead to it; ``start`` and ``end`` are of what is written there,
    without its quotes; what is ``quoted`` has some.
    """

    kind: str
    path: tuple[str, ...]
    start: int
    end: int
    quoted: bool = False
    in_list: bool = False


def place_at(text: str, offset: int) -> Place | None:
    """Return where an offset is; ``None`` if nothing can be written there."""
    begin, table = table_at(text, offset)
    line = text.rfind("\n", 0, offset) + 1
    header = _OPEN_HEADER.match(text, line, offset)
    if header is not None and not _Open(table, _TOKEN.finditer(text, begin, line)).brackets:
        return Place("header", (), header.start("name"), offset)
    tokens = list(_TOKEN.finditer(text, begin, offset))
    last = tokens[-1] if tokens and tokens[-1].end() == offset else None
    if last is not None and (last["comment"] or last["long"]):
        return None
    is_written = last is not None and (last["bare"] or _is_open(last["text"]))
    if last is None or not is_written:
        return _Open(table, tokens).place(text, offset, offset)
    return _Open(table, tokens[:-1]).place(text, last.start(), offset)


def table_at(text: str, offset: int) -> tuple[int, tuple[str, ...]]:
    """Return where the table of an offset begins, and its names."""
    begin, table = 0, ""
    for each in _HEADER.finditer(text, 0, offset):
        begin, table = each.end(), each["name"]
    return begin, _names(table)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(each.strip("\"'") for each in _NAME.findall(dotted))


def _is_open(quoted: str | None) -> bool:
    return quoted is not None and (len(quoted) == 1 or quoted[-1] != quoted[0])


class _Bracket(NamedTuple):
    """One that is not closed, and the names that lead to what it has."""

    path: tuple[str, ...]
    is_list: bool


class _Open:
    """What is open behind some tokens of a table."""

    def __init__(self, table: tuple[str, ...], tokens: Iterable[re.Match[str]]) -> None:
        self.table = table
        self.brackets: list[_Bracket] = []
        self._begin()
        for each in tokens:
            if each["mark"]:
                self._mark(each[0])
            elif not each["comment"]:
                self._word(each[0])

    @property
    def in_list(self) -> bool:
        return bool(self.brackets) and self.brackets[-1].is_list

    @property
    def path(self) -> tuple[str, ...]:
        return (*(self.brackets[-1].path if self.brackets else self.table), *self.key)

    def _begin(self) -> None:
        """Expect the next key, or the next value of a list."""
        self.key: tuple[str, ...] = ()
        self.is_value, self.is_done = self.in_list, False

    def _word(self, word: str) -> None:
        if self.is_value:
            self.is_done = True
        else:
            self.key += _names(word)

    def _mark(self, mark: str) -> None:
        if mark == "=":
            self.is_value = True
        elif mark in "[{":
            self.brackets.append(_Bracket(self.path, mark == "["))
            self._begin()
        elif mark in "]}":
            del self.brackets[-1:]
            self.is_value = self.is_done = True
        elif mark == ",":
            self._begin()
        elif not self.in_list:
            # The end of a line ends all but a list.
            self.brackets.clear()
            self._begin()

    def place(self, text: str, start: int, offset: int) -> Place | None:
        """Return the place of what is written from ``start`` to ``offset``."""
        mark = text[start] if text[start:offset][:1] in ("'", '"') else ""
        begun = start + len(mark)
        if self.is_value:
            end = _end(text, offset, mark)
            is_one = not self.is_done
            return (
                Place("value", self.path, begun, end, bool(mark), self.in_list) if is_one else None
            )
        dot = text.rfind(".", start, offset) + 1
        if mark or (self.key and not dot):
            return None
        before = _names(text[start:dot])
        return Place("key", (*self.path, *before), dot or start, _end(text, offset, ""))


def _end(text: str, offset: int, mark: str) -> int:
    """Return where what is written at an offset ends."""
    rest = re.compile(rf"[^{mark}\n]*(?={mark})") if mark else _BARE
    found = rest.match(text, offset)
    return found.end() if found else offset
