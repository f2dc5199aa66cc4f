"""
Block YAML as people write it, and for every line what it was made of.

A line notes the key, the value and the container around it; :func:`line_origins` turns
these notes into calls when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from k8sgen_core.carriers import Origin, Str, causes, each
from k8sgen_core.secrets import SecretText
from k8sgen_core.yaml.spelling import SCALARS, Level, Spelling, Texts, scalar

if TYPE_CHECKING:
    from k8sgen_core.origin import Call

Note: TypeAlias = "tuple[Header | None, object, object]"


def _empty(value: object) -> str:
    return "{}" if isinstance(value, dict) else "[]"


def _hidden(secret: Callable[[SecretText], str], texts: Texts, value: SecretText) -> str:
    shown = secret(value)
    return texts[shown] or scalar(shown)


class Emitter:
    """
    Collects lines of text and, beside each, the note of what it was made of.

    Without ``noting`` there are lines only; the notes can be had later, of the same value.
    """

    def __init__(
        self,
        secret: Callable[[SecretText], str] = repr,
        spelling: Spelling | None = None,
        *,
        noting: bool = True,
    ) -> None:
        self.lines: list[str] = []
        self.notes: list[Note | Header] = []
        self._add = self.lines.append
        self._noting = noting
        spelling = spelling or Spelling()
        self._outermost = spelling.outermost
        texts = spelling.texts
        text = texts.__getitem__
        scalars: dict[type, Callable[[Any], str | None]] = {**SCALARS, str: text, Str: text}
        # Without itself in it, the emitter is gone as soon as nobody has it.
        scalars[SecretText] = partial(_hidden, secret, texts)
        self._writer = scalars.get
        # A mapping needs all of these, and there is one for every third line.
        self._tools = (self._add, noting, texts, self._writer)

    @property
    def text(self) -> str:
        """All the lines, each with its newline."""
        return "\n".join(self.lines) + "\n" if self.lines else ""

    def clear(self) -> None:
        """Forget the lines, for the next file with the same spelling."""
        self.lines.clear()
        self.notes.clear()

    def document(self, value: Mapping[str, Any] | Sequence[Any]) -> tuple[int, int]:
        """Write one document and return its first line and the line after its last."""
        if self.lines:
            self._line("---", (None, None, None))
        start = len(self.lines)
        whole = Header(None, None, value) if self._noting else UNNOTED
        outermost = self._outermost
        if not value:
            self._line(_empty(value), (whole, None, None))
        elif isinstance(value, Mapping):
            self._mapping(value, outermost, outermost, whole)
        else:
            self._sequence(value, outermost, outermost, whole)
        return start, len(self.lines)

    def _line(self, text: str, note: Note | Header) -> None:
        self._add(text)
        if self._noting:
            self.notes.append(note)

    def _mapping(
        self, mapping: Mapping[Any, Any], first: Level, level: Level, outer: Header
    ) -> None:
        """
        Write a mapping's entries: the innermost loop, once for each line of a run.

        ``first`` is the level of the first key, which may stand behind a dash.
        """
        add, noting, texts, writer = self._tools
        for key, value in mapping.items():
            kind = type(value)
            if kind is Str or kind is str:
                text = texts[value]
            else:
                write = writer(kind)
                if write is None and value:
                    add(first.opening[key])
                    header = self._opened(outer, key, value) if noting else outer
                    if kind is dict or isinstance(value, dict):
                        first = level.inner
                        self._mapping(value, first, first, header)
                    else:
                        self._sequence(value, level, level, header)
                    if noting:
                        header.end = len(self.lines)
                    first = level
                    continue
                text = _empty(value) if write is None else write(value)
            if text is None:
                self._block(first.opening[key], (outer, key, value), level)
            else:
                add(first.telling[key] + text)
                if noting:
                    self.notes.append((outer, key, value))
            first = level

    def _opened(self, outer: Header, key: object, value: Any) -> Header:
        header = Header(outer, key, value)
        self.notes.append(header)
        return header

    def _sequence(self, items: Sequence[Any], first: Level, level: Level, outer: Header) -> None:
        if not isinstance(items, (list, tuple)):
            raise TypeError(f"{items!r} is not something that YAML can say")
        for item in items:
            write = self._writer(type(item))
            if write is None and item:
                header = Header(outer, None, item) if self._noting else outer
                inside = self._mapping if isinstance(item, dict) else self._sequence
                inside(item, first.item, level.inner, header)
            else:
                head = f"{first.lead}-"
                text = _empty(item) if write is None else write(item)
                if text is None:
                    self._block(head, (outer, None, item), level)
                else:
                    self._line(f"{head} {text}", (outer, None, item))
            first = level

    def _block(self, head: str, note: Note, level: Level) -> None:
        """Write a block scalar, of which every line reads back the same."""
        value = str.__str__(cast("str", note[2]))
        lines = value.split("\n")
        tail = len(value) - len(value.rstrip("\n"))
        # Where the text itself begins with blanks, or with an empty line, loaders have to be told
        # by how much the block is indented.
        indent = "2" if value[0] in "\n \t" else ""
        self._line(f"{head} |{indent}{'-' if not tail else '' if tail == 1 else '+'}", note)
        for line in lines[:-1] if tail else lines:
            self._line(f"{level.lead}  {line}" if line else "", note)


class Title(str):
    """A key that names what is in it: its origin counts for its own line only."""

    origin: object
    __slots__ = ("origin",)

    def __new__(cls, name: str) -> Title:
        """Return a name with the origin that it has."""
        title = super().__new__(cls, str.__str__(name))
        title.origin = getattr(name, "origin", None)
        return title


class Header:
    """
    The note of a line that only opens a mapping or a list.

    There is one for every third line: ``end`` and ``chain`` are set only where they are used.
    """

    end: int
    chain: tuple[Origin, ...]
    __slots__ = ("chain", "end", "key", "outer", "value")

    def __init__(self, outer: Header | None, key: object, value: Any) -> None:
        self.outer = outer
        self.key = key
        self.value = value

    @property
    def stands(self) -> bool:
        """Is it there whoever gives what is in it? Without that there is other content."""
        return getattr(self.value, "origin", None) == ()


UNNOTED = Header(None, None, None)


def emit(documents: Iterable[Mapping[str, Any] | Sequence[Any]]) -> str:
    """Return the documents as one YAML text."""
    emitter = Emitter()
    for document in documents:
        emitter.document(document)
    return emitter.text


def line_origins(notes: Sequence[Note | Header]) -> list[tuple[Origin, ...]]:
    """
    Return for each line the arguments and calls that made it.

    A line that only opens a mapping or a list belongs to the calls that all of its
    content belongs to; a constructor only gives a name, and owns no such line.
    """
    reasons = _reasons(notes)
    made: list[tuple[Origin, ...]] = [()] * len(notes)
    for index in range(len(notes) - 1, -1, -1):
        note = notes[index]
        if isinstance(note, Header):
            named = _origins(note.key) if type(note.key) is Title else ()
            shared = [] if note.stands else _shared(reasons[index + 1 : note.end])
            made[index] = _distinct([*shared, *named, *_chain(note)])
        else:
            outer, key, value = note
            made[index] = _distinct([*_origins(value), *_origins(key), *_chain(outer)])
    return made


# The calls by which a line is there at all, by where in the text they stand: in a loop, one
# call is made many times.
Reason: TypeAlias = "dict[tuple[int, int], list[Call]]"


def _reasons(notes: Sequence[Note | Header]) -> list[Reason | None]:
    """Return why each line is there; nothing for one that is there because of what it opens."""
    places: dict[Call, tuple[int, int]] = {}
    found: list[Reason | None] = []
    for note in notes:
        if isinstance(note, Header):
            if not note.stands:
                found.append(None)
                continue
            note = (note.outer, note.key, note.value)
        reason: Reason = {}
        for origin in _cause(note):
            call = origin[0]
            place = places.get(call)
            if place is None:
                place = places[call] = call.place
            reason.setdefault(place, []).append(call)
        found.append(reason)
    return found


def _shared(reasons: Sequence[Reason | None]) -> list[Origin]:
    """Return the calls by which all of the lines are there."""
    told = [reason for reason in reasons if reason is not None]
    common = set(told[0]) if told else set()
    for reason in told:
        common.intersection_update(reason)
        if not common:
            return []
    calls = {
        call: None
        for reason in told
        for place, made in reason.items()
        if place in common
        for call in made
    }
    return [Origin((call, None)) for call in calls if call.method != "__init__"]


def _cause(note: Note) -> tuple[Origin, ...]:
    """Return why a line is there at all: its key, where that was given, else its value."""
    outer, key, value = note
    given = getattr(key, "origin", None)
    made = _origins(value) if given is None else each(given)
    return (*each(causes(made)), *_chain(outer))


def _origins(value: object) -> tuple[Origin, ...]:
    return each(getattr(value, "origin", None))


def _chain(header: Header | None) -> tuple[Origin, ...]:
    """Return the origins of the containers around a line, from the innermost outwards."""
    if header is None:
        return ()
    if not hasattr(header, "chain"):
        named = () if type(header.key) is Title else _origins(header.key)
        header.chain = (*_origins(header.value), *named, *_chain(header.outer))
    return header.chain


def _distinct(origins: list[Origin]) -> tuple[Origin, ...]:
    """Keep each once, and the call as such only where none of its arguments is named."""
    if len(origins) < 2:
        return tuple(origins)
    narrow = {call for call, argument in origins if argument is not None}
    return tuple(dict.fromkeys(o for o in origins if o[1] is not None or o[0] not in narrow))
