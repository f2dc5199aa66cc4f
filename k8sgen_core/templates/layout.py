"""
What a rendered text is made of: the template's own text, and tokens in place of values.

A token is opaque, so that nothing in a value can become syntax. Marks note from which
line of which template a line comes; they are taken out before the text is parsed.
"""

from __future__ import annotations

import re
from typing import Any

from k8sgen_core.carriers import plain
from k8sgen_core.grammar import is_bool
from k8sgen_core.templates.values import Worded

OPEN, SHUT, MARK, END_MARK = "\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3"
RESERVED = (OPEN, SHUT, MARK, END_MARK)
_marks = re.compile(rf"{MARK}(\d+)\.(\d+){END_MARK}")

_leading = re.compile(rf"(?:[ \t]*{MARK}\d+\.\d+{END_MARK})+")


class TemplateText(str):
    """Text that the author of a template wrote: it may be syntax."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and unmarked(self) == unmarked(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(unmarked(self))


class Json(str):
    """The text of ``tojson``, which fills a node with its value where it stands alone."""

    __slots__ = ("value",)
    value: Any


class Indented(str):
    """The text of ``indent``: in a block scalar, the indentation is the block's."""

    __slots__ = ("width",)
    width: int


class Tokens:
    """The values of one rendering; a nonce keeps texts of users from looking like tokens."""

    def __init__(self, nonce: str) -> None:
        self.values: list[Any] = []
        self._head = f"{OPEN}{nonce}x"
        self.pattern = re.compile(rf"{self._head}(\d+){SHUT}")

    def add(self, value: Any) -> TemplateText:
        """Return the token that stands for a value."""
        self.values.append(value)
        return TemplateText(f"{self._head}{len(self.values) - 1}{SHUT}")

    def whole(self, text: str) -> int | None:
        """Return the number of the value, if the text is one token and nothing else."""
        found = self.pattern.fullmatch(text)
        return int(found[1]) if found else None

    def used(self, text: str) -> list[int]:
        """Return the numbers of the values in a text."""
        return [int(number) for number in self.pattern.findall(text)] if OPEN in text else []

    def expanded(self, text: str) -> str:
        """Return the text with the values as text."""
        if OPEN in text:
            text = self.pattern.sub(lambda found: text_of(self.values[int(found[1])]), text)
        return unmarked(text)


def unmarked(text: str) -> str:
    """Return a text without the marks of lines."""
    return _marks.sub("", text) if MARK in text else str.__str__(text)


def note(file: int, line: int) -> str:
    """Return the mark of a line of a template."""
    return f"{MARK}{file}.{line}{END_MARK}"


def mark(text: str, file: int, line: int, *, starts: bool) -> str:
    """Return the text of a template with a mark where each of its lines begins."""
    lines = text.split("\n")
    for number, content in enumerate(lines):
        bare = content.lstrip(" \t")
        if bare and (number or starts):
            indent = content[: len(content) - len(bare)]
            lines[number] = indent + note(file, line + number) + bare
    return "\n".join(lines)


def split_marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without marks, and for each line the template and line that it comes from."""
    clean, places = [], []
    place = (0, 1)
    for line in text.split("\n"):
        if MARK in line:
            leading = _leading.match(line)
            # A line that a macro writes is the macro's, whoever calls it.
            if found := _marks.findall(leading[0] if leading else line):
                file, number = found[-1] if leading else found[0]
                place = (int(file), int(number))
            line = _marks.sub("", line)
        clean.append(line)
        places.append(place)
    return "\n".join(clean), places


def text_of(value: Any) -> str:
    """Return what a value is inside a larger text."""
    if isinstance(value, Worded):
        return str.__str__(value.text)
    if isinstance(value, str):
        return str.__str__(value)
    if value is None:
        return ""
    if is_bool(value):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        import json

        return json.dumps(plain(value), ensure_ascii=False)
    return str(plain(value))
