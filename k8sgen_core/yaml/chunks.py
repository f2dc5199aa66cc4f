"""The text of a file, cut into the texts of its documents."""

import re
from collections.abc import Iterator
from typing import AnyStr, NamedTuple

_OLD_MAC_BREAK = re.compile(r"\r(?!\n)")
# A line that begins with '---' cannot be inside any scalar, so a search finds every document.
# Directives above it belong to it; the count is bounded because each line is a new start to try.
_START = re.compile(
    r"^(?:%[^\n]*\n(?:(?:%|[ \t]*\#)[^\n]*\n|[ \t\r]*\n){0,16})?---(?=[ \t\r\n]|\Z)", re.MULTILINE
)
# Where there are no directives, to search for a text takes a third of the time.
_BREAK_BEFORE_START = re.compile(rb"\n(?=---(?:[ \t\r\n]|\Z))")
# Compiling it takes longer than anything else here, and it is for few.
_FOREIGN = "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_OTHER_BEGINNINGS = (b"%", *(mark for mark, _, _ in _BYTE_ORDER_MARKS))


class YamlError(ValueError):
    """What is wrong in a YAML text, and where: from 1, the column in code points."""

    def __init__(self, message: str, place: tuple[str, int, int], hint: str) -> None:
        self.message = message
        self.name, self.line, self.column = place
        self.hint = hint
        super().__init__(f"{self.name}:{self.line}:{self.column}: {message}; {hint}")


class Chunk(NamedTuple):
    """The text of one document, and the line of the file that it begins at."""

    name: str
    text: str
    line: int

    def position(self, index: int) -> tuple[int, int]:
        """Return line and column, from 1, of the character at ``index``."""
        line = self.line + self.text.count("\n", 0, index)
        return line, index - self.text.rfind("\n", 0, index)

    def error(self, index: int, message: str, hint: str) -> YamlError:
        """Return the error to raise for the character at ``index``."""
        return YamlError(message, (self.name, *self.position(index)), hint)

    def foreign_character(self) -> YamlError | None:
        """Return the error for the first character that YAML does not allow, if there is one."""
        found = re.search(_FOREIGN, self.text)
        if found is None:
            return None
        message = f"control characters are not allowed: U+{ord(found[0]):04X}"
        return self.error(
            found.start(), message, "remove it, or write it as an escape in a quoted string"
        )


def decode(content: bytes, name: str) -> str:
    """Return the text of a file: UTF-8, or UTF-16 when it begins with a byte order mark."""
    encoding, title = "utf-8", "UTF-8"
    for mark, codec, codec_title in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            encoding, title = codec, codec_title
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "replace")
        message = f"byte 0x{content[error.start]:02x} is not valid {title}"
        raise Chunk(name, before, 1).error(len(before), message, "save as UTF-8") from None


def chunks(content: str | bytes, name: str) -> Iterator[Chunk]:
    """Yield the text of each document of a file, with the ``---`` above it."""
    if isinstance(content, str):
        return split(content, name)
    text = decode(content, name)
    if b"\r" in content or b"\n%" in content or content.startswith(_OTHER_BEGINNINGS):
        return split(text, name)
    # One document at a time becomes text, so that the file is in memory only once.
    begins = (found.end() for found in _BREAK_BEFORE_START.finditer(content))
    return _numbered((part.decode() for part in _parts(content, begins)), name)


def split(text: str, name: str) -> Iterator[Chunk]:
    """Yield the text of each document, with the ``---`` above it."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = _OLD_MAC_BREAK.sub("\n", text)
    return _numbered(_parts(text, (found.start() for found in _START.finditer(text))), name)


def _parts(content: AnyStr, begins: Iterator[int]) -> Iterator[AnyStr]:
    last = 0
    for begin in begins:
        if begin > last:
            yield content[last:begin]
            last = begin
    yield content[last:] if last else content


def _numbered(parts: Iterator[str], name: str) -> Iterator[Chunk]:
    line = 1
    for part in parts:
        yield Chunk(name, part, line)
        line += part.count("\n")
