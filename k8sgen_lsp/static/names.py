"""What a name stands for where it is used: which class a chain of calls gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from k8sgen_lsp.static.catalogue import Catalogue, Class
from k8sgen_lsp.static.chains import Chain, Member, Step, chain_at, member_at, word_at
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.workspace import DOCUMENT

_AFTER = re.compile(
    r"""
    [ \t]* (?:
        (?P<walrus>:)? = (?!=)  (?P<value>)
      | : [ \t]* (?P<note>[\w.]+)
      | in [ \t]+ [\[(]  (?P<element>)
    )
    """,
    re.VERBOSE,
)
_RETURN = re.compile(r"(?:^|[:;])[ \t]*return\b", re.MULTILINE)
_ARROW = re.compile(r"\s*->\s*")
_ANNOTATION = re.compile(r"[\w.]+")
_DEFINED = re.compile(r"def[ \t]+\Z")
_CLASS = re.compile(r"class[ \t]+\Z")
_FOR = re.compile(r"for[ \t]+\Z")
_DEPTH = 8


class Instance(NamedTuple):
    """An object of a class, and the methods it has been called with."""

    found: Class
    called: frozenset[str] = frozenset()


class ClassItself(NamedTuple):
    """A name that is a class."""

    found: Class


class Function(NamedTuple):
    """A name that is a function of the file."""

    start: int


class Imported(NamedTuple):
    """A name that is a module."""

    name: str


Meaning: TypeAlias = Instance | ClassItself | Function | Imported | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one source with the help of the catalogue."""

    layout: Layout
    catalogue: Catalogue

    def receiver_at(self, offset: int) -> tuple[Member, Instance] | None:
        """Return the member that is written at an offset, and what it is a member of."""
        member = member_at(self.layout, offset)
        meaning = self._chain(member.chain, member.chain_start) if member else None
        if member is None or not isinstance(meaning, Instance):
            return None
        used = self._used(member) if len(member.chain) == 1 else frozenset()
        return member, Instance(meaning.found, meaning.called | used)

    def module_at(self, offset: int) -> str | None:
        """Return the name of the module whose member is written at an offset."""
        member = member_at(self.layout, offset)
        meaning = self._chain(member.chain, member.chain_start) if member else None
        return meaning.name if isinstance(meaning, Imported) else None

    def class_at(self, offset: int) -> Class | None:
        """Return the class that is named at an offset."""
        if not self.layout.is_code(offset):
            return None
        start, end = word_at(self.layout, offset)
        member = member_at(self.layout, end)
        chain = (*(member.chain if member else ()), Step(self.layout.code[start:end], False))
        meaning = self._chain(chain, member.chain_start if member else start)
        return meaning.found if isinstance(meaning, ClassItself) else None

    def _used(self, member: Member) -> frozenset[str]:
        """Return what a variable is called with elsewhere in its function."""
        layout = self.layout
        around = layout.functions_around(member.chain_start)
        chains = (
            chain_at(layout, use, layout.block_end(use))
            for use in layout.uses(member.chain[0].name)
            if use != member.chain_start and layout.functions_around(use) == around
        )
        return frozenset(step.name for chain in chains for step in chain[1:] if step.called)

    def _chain(self, chain: Chain, offset: int, depth: int = 0) -> Meaning:
        """Return what a chain that is written at ``offset`` gives."""
        if not chain or depth > _DEPTH:
            return None
        meaning = self._name(chain[0].name, offset, depth)
        if chain[0].called:
            meaning = self._call(meaning, depth)
        for step in chain[1:]:
            meaning = self._step(meaning, step, depth)
        return meaning

    def _call(self, meaning: Meaning, depth: int) -> Meaning:
        if isinstance(meaning, ClassItself):
            return Instance(meaning.found)
        return self._result(meaning, depth) if isinstance(meaning, Function) else None

    def _step(self, meaning: Meaning, step: Step, depth: int) -> Meaning:
        if isinstance(meaning, Imported):
            found = self._imported(f"{meaning.name}.{step.name}")
            return self._call(found, depth) if step.called else found
        if not isinstance(meaning, Instance):
            return None
        if not step.called:
            return self._attribute(meaning, step.name, depth)
        returned = self.catalogue.returned(meaning.found, step.name)
        if returned is None:
            return None
        same = returned is meaning.found
        return Instance(returned, meaning.called | {step.name} if same else frozenset())

    def _attribute(self, meaning: Instance, name: str, depth: int) -> Meaning:
        """Return what the methods of a class of this file bind ``self.<name>`` to."""
        if meaning.found.module != DOCUMENT:
            return None
        bindings = re.finditer(rf"\bself\.{name}[ \t]*=(?!=)", self.layout.code)
        own = (e for e in bindings if self.layout.class_around(e.start()) == meaning.found.name)
        given = (self._value(each.end(), depth) for each in own)
        return next((each for each in given if each is not None), None)

    def _imported(self, qualified: str) -> Meaning:
        found = self.catalogue.find(qualified)
        if found is not None:
            return ClassItself(found)
        return Imported(qualified) if self.catalogue.module(qualified) else None

    def _name(self, name: str, offset: int, depth: int) -> Meaning:
        """Return what a name stands for: its last binding before, else its first one after."""
        around = self.layout.functions_around(offset)
        uses = self.layout.uses(name)
        before = [use for use in reversed(uses) if use < offset]
        for use in (*before, *(use for use in uses if use > offset)):
            meaning = self._binding(use, use + len(name), around, depth)
            if meaning is not None:
                return meaning
        if name == "self":
            return self._around(offset)
        imported = self.layout.imports.get(name) or self._starred(name)
        return self._imported(imported) if imported else None

    def _around(self, offset: int) -> Meaning:
        """Return the object of the class whose method holds the offset."""
        name = self.layout.class_around(offset)
        found = self.catalogue.find(f"{DOCUMENT}.{name}") if name else None
        return Instance(found) if found else None

    def _starred(self, name: str) -> str | None:
        module = self.layout.imports.get("*")
        return f"{module.removesuffix('*')}{name}" if module else None

    def _binding(self, start: int, end: int, around: tuple[int, ...], depth: int) -> Meaning:
        """Return what a use of a name binds it to, if it does, and is seen in ``around``."""
        layout = self.layout
        line = layout.line_start(start)
        before = layout.code[line:start]
        if _CLASS.search(before):
            found = self.catalogue.find(f"{DOCUMENT}.{layout.code[start:end]}")
            return ClassItself(found) if found else None
        if _DEFINED.search(before):
            return Function(start) if _sees(around, layout.functions_around(line)) else None
        after = _AFTER.match(layout.code, end)
        if after is None or not _sees(around, layout.functions_around(start)):
            return None
        if after["note"] is not None:
            return self._annotated(after["note"], after.start("note"), depth)
        if after["element"] is not None:
            return self._value(after.end(), depth) if _FOR.search(before) else None
        starts_line = not before.strip() or before.rstrip().endswith(";")
        return self._value(after.end(), depth) if starts_line or after["walrus"] else None

    def _value(self, start: int, depth: int) -> Meaning:
        chain = chain_at(self.layout, start, self.layout.block_end(start))
        return self._chain(chain, start, depth + 1)

    def _annotated(self, note: str, offset: int, depth: int) -> Meaning:
        chain = tuple(Step(name, False) for name in note.split("."))
        meaning = self._chain(chain, offset, depth + 1)
        return Instance(meaning.found) if isinstance(meaning, ClassItself) else None

    def _result(self, function: Function, depth: int) -> Meaning:
        """Return what a function of the file returns: by its annotation, else its statements."""
        layout = self.layout
        end = layout.block_end(function.start)
        opening = layout.code.find("(", function.start, end)
        closing = layout.close_of(opening, end) if opening >= 0 else None
        if closing is None:
            return None
        arrow = _ARROW.match(layout.code, closing + 1)
        note = _ANNOTATION.match(layout.code, arrow.end()) if arrow else None
        if note is not None:
            return self._annotated(note[0], note.start(), depth)
        returns = _RETURN.finditer(layout.code, closing, end)
        given = (self._value(each.end(), depth) for each in returns)
        return next((each for each in given if each is not None), None)


def _sees(around: tuple[int, ...], scope: tuple[int, ...]) -> bool:
    """Does code inside the functions ``around`` see what is bound in ``scope``?"""
    return scope == around[: len(scope)]
