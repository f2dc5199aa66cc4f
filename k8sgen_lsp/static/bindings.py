"""What gives a meaning to names in a statement: assignments, loops, parameters, imports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple, TypeAlias

from k8sgen_lsp.static.logical import Statement

_NAME = re.compile(r"[^\W\d]\w*")
_DEFINED = re.compile(r"(?:async[ \t]+)?(?P<word>def|class)[ \t]+(?P<name>[^\W\d]\w*)")
_TARGET = re.compile(r"(?:async[ \t]+)?for\b(?P<targets>.*?)\bin\b", re.DOTALL)
_WALRUS = re.compile(r"\b(?P<name>[^\W\d]\w*)[ \t]*:=")
_CHECKED = re.compile(r"\bisinstance\([ \t]*(?P<name>\w+)[ \t]*,[ \t]*(?P<note>[\w.]+)[ \t]*\)")
_ENTERED = re.compile(r"\bas[ \t]+(?P<name>[^\W\d]\w*)")
_IMPORT = re.compile(
    r"from[ \t]+(?P<module>[\w.]+)[ \t]+import\b[ \t]*\(?(?P<names>[^)]*)"
    r"|import[ \t]+(?P<modules>[^\n]+)"
)
_IMPORTED = re.compile(r"([\w.]+|\*)(?:\s+as\s+(\w+))?")
_STARS = re.compile(r"[\s*]*")
_MARK = re.compile(r"[-+*/%&|^@<>!=:]+=|[()\[\]{},:=;]|\blambda\b")
_PLAIN = re.compile(r"[\w\s,()\[\]*.]*\Z")


class Kind(Enum):
    """How a name comes by its meaning."""

    VALUE = auto()
    ELEMENT = auto()
    ENTERED = auto()
    NOTE = auto()
    FUNCTION = auto()
    CLASS = auto()
    IMPORT = auto()
    UNKNOWN = auto()


class Rest(NamedTuple):
    """What a star takes of a value that is taken apart: from one part to another."""

    first: int
    last: int | None


Path: TypeAlias = tuple[int | Rest, ...]


class Binding(NamedTuple):
    """
    A name, where it stands, and which part of the text says what it is.

    ``path`` leads to its part of a value that is taken apart; ``inside`` says that it is a
    parameter, which the function itself sees and its surroundings do not.
    """

    name: str
    start: int
    kind: Kind
    text: tuple[int, int] = (0, 0)
    path: Path = ()
    indentation: int = 0
    inside: bool = False
    imported: str = ""

    def moved(self, by: int) -> Binding:
        """Return the binding as it is counted from the beginning of the source."""
        start, end = self.text
        return self._replace(start=self.start + by, text=(start + by, end + by))


def bindings_of(code: str, statement: Statement) -> Iterator[Binding]:
    """Yield what a statement binds, comprehensions and lambdas left out."""
    yield from _BY_WORD.get(statement.word, _nothing)(code, statement)
    yield from _walruses(code, statement)
    if statement.word in ("if", "elif", "while") or code.startswith("assert", statement.start):
        yield from _narrowed(code, statement)


def _nothing(code: str, statement: Statement) -> Iterator[Binding]:
    yield from ()


def _walruses(code: str, statement: Statement) -> Iterator[Binding]:
    for found in _WALRUS.finditer(code, statement.start, statement.end):
        part = (found.end(), _part_end(code, found.end(), statement.end))
        width = statement.indentation
        yield Binding(found["name"], found.start("name"), Kind.VALUE, part, (), width)


def _narrowed(code: str, statement: Statement) -> Iterator[Binding]:
    """Yield what ``isinstance`` makes sure of: under a header, and after an assertion."""
    width = statement.indentation + bool(statement.word)
    for found in _CHECKED.finditer(code, statement.start, statement.end):
        yield Binding(found["name"], found.start("name"), Kind.NOTE, found.span("note"), (), width)


def _caught(code: str, statement: Statement) -> Iterator[Binding]:
    for found in _ENTERED.finditer(code, statement.start, statement.end):
        start, width = found.start("name"), statement.indentation
        yield Binding(found["name"], start, Kind.UNKNOWN, indentation=width)


def _simple(code: str, statement: Statement) -> Iterator[Binding]:
    imported = _IMPORT.match(code, statement.start, statement.end)
    if imported is not None:
        yield from _imports(imported, statement.indentation)
    else:
        yield from _assigned(code, statement)


def _definition(code: str, statement: Statement) -> Iterator[Binding]:
    start, end, width, word = statement
    found = _DEFINED.match(code, start, end)
    if found is None:
        return
    kind = Kind.CLASS if word == "class" else Kind.FUNCTION
    yield Binding(found["name"], found.start("name"), kind, (start, end), (), width)
    opening = code.find("(", found.end(), end)
    if word == "def" and opening >= 0:
        for part in parts_of(code, opening + 1, end):
            yield from _parameter(code, part, width)


def _parameter(code: str, part: tuple[int, int], width: int) -> Iterator[Binding]:
    stars = _STARS.match(code, part[0], part[1])
    name = _NAME.match(code, stars.end() if stars else part[0], part[1])
    if name is None:
        return
    marks = [each for each in top_marks(code, name.end(), part[1]) if code[each] in ":="]
    kind, text = Kind.UNKNOWN, (0, 0)
    if marks and "*" not in code[part[0] : name.start()]:
        kind = Kind.NOTE if code[marks[0]] == ":" else Kind.VALUE
        last = marks[1] if kind is Kind.NOTE and len(marks) > 1 else part[1]
        text = (marks[0] + 1, last)
    yield Binding(name[0], name.start(), kind, text, (), width, inside=True)


def _loop(code: str, statement: Statement) -> Iterator[Binding]:
    found = _TARGET.match(code, statement.start, statement.end)
    if found is None:
        return
    text = (found.end(), statement.end)
    for name, start, path in targets(code, *found.span("targets")):
        yield Binding(name, start, Kind.ELEMENT, text, path, statement.indentation)


def _entered(code: str, statement: Statement) -> Iterator[Binding]:
    first = code.find("with", statement.start) + 4
    opening = re.compile(r"[ \t]*\(").match(code, first, statement.end)
    parts = list(parts_of(code, first, statement.end))
    if opening and len(parts) == 1:
        parts = list(parts_of(code, opening.end(), statement.end))
    for start, end in parts:
        found = _ENTERED.search(code, start, end)
        if found is not None:
            text = (start, found.start())
            yield Binding(
                found["name"], found.start("name"), Kind.ENTERED, text, (), statement.indentation
            )


def _imports(found: re.Match[str], width: int) -> Iterator[Binding]:
    module, names, modules = found.group("module", "names", "modules")
    first = found.start("names" if modules is None else "modules")
    for each in re.finditer(
        r"([\w.]+|\*)(?:\s+as\s+(\w+))?", names if modules is None else modules
    ):
        name, alias = each.groups()
        top = name.partition(".")[0]
        imported = (name if alias else top) if modules is not None else f"{module}.{name}"
        bound = alias or (top if modules is not None else name)
        start = first + each.start(2 if alias else 1)
        yield Binding(bound, start, Kind.IMPORT, indentation=width, imported=imported)


def _assigned(code: str, statement: Statement) -> Iterator[Binding]:
    start, end, width, _ = statement
    marks = [each for each in top_marks(code, start, end) if code[each] in ":="]
    if not marks:
        return
    if code[marks[0]] == ":":
        name = _NAME.match(code, start, marks[0])
        if name is not None and not code[name.end() : marks[0]].strip():
            last = marks[1] if len(marks) > 1 else end
            yield Binding(name[0], start, Kind.NOTE, (marks[0] + 1, last), (), width)
        return
    for first, last in zip([start, *(mark + 1 for mark in marks)], marks, strict=False):
        if _PLAIN.match(code, first, last):
            for name_, at, path in targets(code, first, last):
                yield Binding(name_, at, Kind.VALUE, (marks[-1] + 1, end), path, width)


def targets(code: str, start: int, end: int) -> Iterator[tuple[str, int, Path]]:
    """Yield the names that a value is taken apart into, and the way to the part of each."""
    parts = list(parts_of(code, start, end))
    # A comma, even one at the end, makes it a tuple.
    is_tuple = len(parts) > 1 or code[start:end].rstrip().endswith(",")
    star = next((i for i, part in enumerate(parts) if code[slice(*part)].lstrip()[:1] == "*"), None)
    for index, (first, last) in enumerate(parts):
        path = (_part(index, len(parts), star),) if is_tuple else ()
        inner = code[first:last].strip()
        begin = first + len(code[first:last]) - len(code[first:last].lstrip())
        if inner[:1] in ("(", "[") and inner[-1:] in (")", "]"):
            nested = targets(code, begin + 1, begin + len(inner) - 1)
            yield from ((name, at, (*path, *below)) for name, at, below in nested)
        elif inner.lstrip("* ").isidentifier():
            name = inner.lstrip("* ")
            yield name, begin + len(inner) - len(name), path


def _part(index: int, count: int, star: int | None) -> int | Rest:
    """Return which part of a value a target gets; those behind a star count from the end."""
    if star is None or index < star:
        return index
    behind = index - count
    return behind if index > star else Rest(index, behind + 1 or None)


def parts_of(code: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what commas separate, up to the bracket that closes or the end."""
    for mark in top_marks(code, start, end):
        if code[mark] == ",":
            yield start, mark
            start = mark + 1
        elif code[mark] in ")]}":
            end = mark
            break
    if code[start:end].strip():
        yield start, end


def top_marks(code: str, start: int, end: int) -> Iterator[int]:
    """
    Yield where commas, colons and single equals signs stand that no bracket encloses.

    Those of the parameters of a lambda are its own.
    """
    depth = lambdas = 0
    for found in _MARK.finditer(code, start, end):
        mark = found[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
            if depth < 0:
                yield found.start()
                return
        elif not depth and (lambdas or mark == "lambda"):
            lambdas += (mark == "lambda") - (mark == ":")
        elif not depth and mark in {",", ":", "=", ";"}:
            yield found.start()


def _part_end(code: str, start: int, end: int) -> int:
    for mark in top_marks(code, start, end):
        if code[mark] in ",:;)]}":
            return mark
    return end


_BY_WORD = {
    "": _simple,
    "def": _definition,
    "class": _definition,
    "for": _loop,
    "with": _entered,
    "except": _caught,
    "case": _caught,
}
