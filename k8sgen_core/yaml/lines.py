"""
The form that most manifests have, read line by line: several times as fast as by the parser.

It is YAML with one pair or item on each line: block mappings and lists, scalars that end where
their line ends, and literal blocks. Whatever else a document has, faults too, is for the parser.
"""

import re
from typing import Any, Final, TypeAlias

from k8sgen_core.yaml.scalars import MOST_KNOWN, Names, Scalar, ScalarError, Values

# Two levels at most share a column, so no document is too deep here.
_MOST_COLUMNS = 40
_BLANK = re.compile(r"(?:---(?= |\Z))? *(?:#.*)?")
# Without '<', so that none is a merge key.
_KEY = r"[A-Za-z0-9_./][A-Za-z0-9_./-]{0,200}"
_BEFORE = rf"( {{0,{_MOST_COLUMNS}}})(- {{1,4}})?"
# No indicator of YAML; one of them, '-', may begin a scalar all the same.
_FIRST = r"[^- ?:,\[\]{}#&*!|>'\"%@`]"
# Without ':' and '#', nothing in a value has to be looked at again.
_SIMPLE_PAIR = re.compile(rf"{_BEFORE}({_KEY}):(?: +({_FIRST}[^:#]*)?)?")
_PAIR = re.compile(rf"{_BEFORE}(['\"]?)({_KEY})\3:(?: +([^ ].*)?)?")
_ITEM = re.compile(rf"{_BEFORE}([^ ].*)")
_PLAIN = re.compile(rf"(?:{_FIRST}|-[^ ]).*")
_QUOTED = re.compile(r"""(?:"([^"\\]*)"|'([^']*)')(?: +(?:#.*)?)?""")
_FLOW_ITEM = r"""(?:"[^"\\]*"|'[^']*'|[A-Za-z0-9_./][A-Za-z0-9_./-]*)"""
_FLOW = re.compile(rf"\[ *(?:{_FLOW_ITEM}(?: *, *{_FLOW_ITEM})* *)?\] *")
_FLOW_ITEMS = re.compile(_FLOW_ITEM)
_EMPTY_MAPPING = re.compile(r"\{\} *")
_LITERALS = ("|", "|-")
# A line adds at most a mapping or an item, a key, a list, and the items that commas divide.
_MOST_VALUES = 4

_SCALAR: Final = 0
_NOTHING: Final = 1
_COLLECTION: Final = 2
_LITERAL: Final = 3
# The column, and that of what is behind a dash or 0; the key, or none for an item that is a
# scalar or a list; how the value is written, and the value; how many values the parser counts.
_Line: TypeAlias = tuple[int, int, str | None, int, Any, int]
_NO_LINE: Final = ()


class _UnusualError(Exception):
    """Raised for what is left to the parser."""


class LineReader:
    """Reads one document after another, and what comes again only once."""

    def __init__(self) -> None:
        self.values = Values()
        self.names = Names()
        self._lines = _Lines(self.values, self.names)

    def read(self, text: str, limit: int) -> tuple[Any, int] | None:
        """Return the value of a document, and how many values that are; ``None`` if unusual."""
        if _MOST_VALUES * (text.count("\n") + 1) + text.count(",") > limit:
            return None
        try:
            return _Document(text.replace("\r\n", "\n")).read(self._lines)
        except _UnusualError:
            return None


class _Lines(dict[str, _Line | tuple[()]]):
    """What each line says; of lines without pairs and items, nothing."""

    _longest = 200

    def __init__(self, values: Values, names: Names) -> None:
        super().__init__()
        self._values = values
        self._names = names

    def __missing__(self, text: str) -> _Line | tuple[()]:
        # What is printable is allowed in YAML, and ends no line.
        if not text.isprintable():
            raise _UnusualError
        try:
            said = self._simple(text) or self._said(text)
        except ScalarError:
            raise _UnusualError from None
        if len(text) <= self._longest:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[text] = said
        return said

    def _simple(self, text: str) -> _Line | None:
        found = _SIMPLE_PAIR.fullmatch(text)
        if found is None:
            return None
        indent, dash, key, plain = found.groups()
        column, name = len(indent), self._names[key]
        inner, size = (column + len(dash), 3) if dash else (0, 2)
        if plain is None:
            return column, inner, name, _NOTHING, None, size
        return column, inner, name, _SCALAR, self._values[plain.rstrip(" ")], size

    def _said(self, text: str) -> _Line | tuple[()]:
        if _BLANK.fullmatch(text):
            return _NO_LINE
        if found := _PAIR.fullmatch(text):
            indent, dash, quote, key, given = found.groups()
            name = key if quote else self._names[key]
        elif found := _ITEM.fullmatch(text):
            indent, dash, given = found.groups()
            name = None
        else:
            raise _UnusualError
        form, value = self._value(given)
        if name is None and (form == _NOTHING or not dash):
            raise _UnusualError
        column, inner = len(indent), len(indent) + len(dash) if dash else 0
        size = bool(dash) + 2 * (name is not None) + (len(value) if form == _COLLECTION else 0)
        return column, inner, name, form, value, size

    def _value(self, text: str | None) -> tuple[int, Any]:
        if text is None or text[0] == "#":
            return _NOTHING, None
        if _PLAIN.fullmatch(text):
            return _SCALAR, self._plain(text)
        if found := _QUOTED.fullmatch(text):
            return _SCALAR, found[1] if found[2] is None else found[2]
        if _FLOW.fullmatch(text):
            return _COLLECTION, [self._item(each) for each in _FLOW_ITEMS.findall(text)]
        if _EMPTY_MAPPING.fullmatch(text):
            return _COLLECTION, {}
        if text in _LITERALS:
            return _LITERAL, text
        raise _UnusualError

    def _plain(self, text: str) -> Scalar:
        plain = text.partition(" #")[0].rstrip(" ")
        if ": " in plain or plain[-1] == ":":
            raise _UnusualError
        return self._values[plain]

    def _item(self, text: str) -> Scalar:
        return text[1:-1] if text[0] in "'\"" else self._values[text]


class _Document:
    """A document while it is read: ``top`` is what a line at the column ``level`` belongs to."""

    def __init__(self, text: str) -> None:
        self._written = text.split("\n")
        self._level = -1
        self._top: Any = {}
        self._outer: list[tuple[int, Any]] = []

    def read(self, lines: _Lines) -> tuple[Any, int]:
        """Return the value, and how many values that are."""
        whole, total = self._top, 1
        # The key above, if nothing is said of its value yet.
        waiting: str | None = ""
        for number, line in enumerate(self._written):
            said = lines[line]
            if not said:
                continue
            column, inner, name, form, value, size = said
            total += size
            if inner or column != self._level or self._top.__class__ is list:
                self._move(column, inner, name, waiting)
            if form:
                value = self._made(form, value, number, column if name is None else self._level)
            waiting = name if form == _NOTHING else None
            if name is None:
                self._top.append(value)
            elif name in self._top:
                raise _UnusualError
            else:
                self._top[name] = value
        if not whole:
            raise _UnusualError
        return whole[""], total

    def _move(self, column: int, inner: int, name: str | None, waiting: str | None) -> None:
        """Leave what ends above a line, and begin what begins with it."""
        while column < self._level:
            waiting = None
            self._leave()
        if inner:
            if column > self._level or self._top.__class__ is dict:
                self._begin(column, [], waiting)
            if name is not None:
                item: dict[str, Any] = {}
                self._top.append(item)
                self._enter(inner, item)
        elif column > self._level:
            self._begin(column, {}, waiting)
        elif self._top.__class__ is list:
            self._leave()
            if self._level != column:
                raise _UnusualError

    def _begin(self, column: int, value: Any, waiting: str | None) -> None:
        if waiting is None:
            raise _UnusualError
        self._top[waiting] = value
        self._enter(column, value)

    def _enter(self, column: int, value: Any) -> None:
        self._outer.append((self._level, self._top))
        self._level, self._top = column, value

    def _leave(self) -> None:
        self._level, self._top = self._outer.pop()

    def _made(self, form: int, value: Any, number: int, column: int) -> Any:
        """Return what is more than a scalar; a literal takes the lines below."""
        if form == _LITERAL:
            text = self._literal(number + 1, column)
            return text if value == "|-" else f"{text}\n"
        return value.copy() if form == _COLLECTION else value

    def _literal(self, begin: int, column: int) -> str:
        following = self._written[begin] if begin < len(self._written) else ""
        indent = len(following) - len(following.lstrip(" "))
        if indent <= column or indent == len(following):
            raise _UnusualError
        before, taken = " " * indent, []
        for number in range(begin, len(self._written)):
            line = self._written[number]
            if not line.startswith(before) and line.strip(" "):
                break
            taken.append(line[indent:])
        else:
            if self._written[-1]:
                raise _UnusualError
        self._written[begin : begin + len(taken)] = [""] * len(taken)
        if not "".join(taken).isprintable():
            raise _UnusualError
        return "\n".join(taken).rstrip("\n")
