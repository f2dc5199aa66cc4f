"""The call that is being written at a place: what is called, and which argument comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from k8sgen_lsp.static.bindings import parts_of
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.chains import Member, member_at, word_at
from k8sgen_lsp.static.described import Class, Parameter
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.meanings import Bound, ClassItself, Foreign, Function, Instance, Meaning
from k8sgen_lsp.static.names import Reader

_BRACKET = re.compile(r"[()\[\]{}]")
_KEYWORD = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=(?!=)")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Callee:
    """
    What is called, and the name that it is called by.

    ``receiver`` is the object whose method it is, ``of`` the dotted name of a class that is
    called itself.
    """

    name: str
    parameters: tuple[Parameter, ...]
    signature: str
    documentation: str
    receiver: Instance | None = None
    of: str = ""

    @property
    def owner(self) -> Class | None:
        """The class of the method."""
        return self.receiver.found if self.receiver else None

    def kind(self, catalogue: Catalogue) -> Class | None:
        """Return the class of the method, or the one that is called; a function has none."""
        return catalogue.find(self.of) if self.of else self.owner


@dataclass(frozen=True, slots=True)
class Active:
    """
    The argument at a place.

    ``nested`` has the brackets between the call and the place, as in ``depends_on([``.
    ``given`` are the other arguments, by name or by position. One that is ``by_name`` stands
    behind arguments after which only names can follow.
    """

    callee: Callee
    opening: int
    index: int
    keyword: str | None
    start: int
    nested: str = ""
    given: dict[str | int, tuple[int, int]] = field(default_factory=dict)
    by_name: bool = False

    @property
    def parameter(self) -> Parameter | None:
        """The parameter that takes the argument."""
        position = self.position
        return self.callee.parameters[position] if position is not None else None

    @property
    def position(self) -> int | None:
        """Which of the parameters takes the argument."""
        known = self.callee.parameters
        if self.keyword is not None:
            named = (i for i, each in enumerate(known) if each.name == self.keyword)
            rest = (i for i, each in enumerate(known) if each.kind == "**")
            return next(named, next(rest, None))
        plain = [i for i, each in enumerate(known) if not each.kind and each.only != "name"]
        if self.index < len(plain):
            return plain[self.index]
        return next((i for i, each in enumerate(known) if each.kind == "*"), None)


def active_at(reader: Reader, offset: int) -> Active | None:
    """Return the innermost call of something known whose arguments hold the place."""
    layout = reader.layout
    nested = ""
    for opening in reversed(_opened(layout, offset)):
        mark = layout.code[opening]
        callee = _callee(reader, opening) if mark == "(" else None
        if callee is not None:
            return _active(layout, callee, opening, offset, nested)
        if mark == "(" and _is_called(layout, opening):
            return None
        nested = mark + nested
    return None


def _opened(layout: Layout, offset: int) -> list[int]:
    statement = layout.statement_at(max(offset - 1, 0))
    opened: list[int] = []
    for each in _BRACKET.finditer(layout.code, statement.start if statement else 0, offset):
        if each[0] in "([{":
            opened.append(each.start())
        elif opened:
            opened.pop()
    return opened


def _is_called(layout: Layout, opening: int) -> bool:
    before = layout.code[:opening].rstrip(" \t")[-1:]
    return before.isalnum() or before in ("_", ")", "]")


def _active(layout: Layout, callee: Callee, opening: int, offset: int, nested: str) -> Active:
    end = layout.block_end(opening)
    closing = layout.close_of(opening, end)
    stop = end if closing is None else closing
    index = position = 0
    keyword, start = None, opening + 1
    given: dict[str | int, tuple[int, int]] = {}
    by_name = False
    # Behind a star, which one comes next is known only where all are taken alike.
    forcing = "**" if any(each.kind == "*" for each in callee.parameters) else "*"
    for first, last in parts_of(layout.code, opening + 1, max(stop, offset)):
        named = _KEYWORD.match(layout.code, first, last)
        begin = named.end() if named else first
        holds = first <= offset <= last
        if holds:
            keyword = named["name"] if named and named.end() <= offset else None
            start = begin if keyword else first
            index = position
        else:
            given[named["name"] if named else position] = (begin, last)
        position += named is None
        if last < offset:
            by_name |= named is not None or layout.code[first:last].lstrip().startswith(forcing)
            index, start, keyword = position, last + 1, None
    space = _SPACE.match(layout.code, start, offset)
    start = space.end() if space else start
    return Active(callee, opening, index, keyword, start, nested, given, by_name)


def _callee(reader: Reader, opening: int) -> Callee | None:
    layout = reader.layout
    name_end = len(layout.code[:opening].rstrip(" \t"))
    start, _ = word_at(layout, name_end)
    name = layout.code[start:name_end]
    if not name.isidentifier() or layout.code[:start].rstrip(" \t").endswith(("def", "class")):
        return None
    member: Member | None = member_at(layout, name_end)
    if member is not None:
        found = reader.receiver_at(name_end)
        if found is not None:
            return _method(reader, found[1], name)
    return of_meaning(reader, reader.named_at(start), name)


def _method(reader: Reader, receiver: Instance, name: str) -> Callee | None:
    member = reader.catalogue.members(receiver.found).get(name)
    if member is None or member.is_property:
        return None
    return Callee(name, member.parameters, member.signature, member.documentation, receiver)


def of_meaning(reader: Reader, meaning: Meaning, name: str) -> Callee | None:
    """Return how something is called."""
    if isinstance(meaning, ClassItself):
        found = meaning.found
        return Callee(
            found.name,
            reader.catalogue.constructor(found),
            reader.catalogue.signature(found),
            found.documentation,
            of=found.qualified,
        )
    if isinstance(meaning, Bound) and isinstance(meaning.receiver, Instance):
        return _method(reader, meaning.receiver, meaning.name)
    function = meaning.function if isinstance(meaning, Foreign) else None
    if isinstance(meaning, Function):
        function = reader.function(meaning)
    if function is None:
        return None
    return Callee(name, function.parameters, function.signature, function.documentation)
