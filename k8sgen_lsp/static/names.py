"""What a name stands for where it is used: which class a chain of calls gives."""

from __future__ import annotations

import bisect
import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from k8sgen_lsp.static.annotations import promised
from k8sgen_lsp.static.bindings import Binding, Kind
from k8sgen_lsp.static.brackets import Local, local_at
from k8sgen_lsp.static.catalogue import Catalogue, Class
from k8sgen_lsp.static.chains import Chain, Member, chain_at, member_at, word_at
from k8sgen_lsp.static.described import Member as Described
from k8sgen_lsp.static.describing import described
from k8sgen_lsp.static.expressions import parsed
from k8sgen_lsp.static.inference import Inference
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.layout import Scope as Holder
from k8sgen_lsp.static.meanings import (
    ClassItself,
    Function,
    Imported,
    Instance,
    Keyed,
    Meaning,
    Several,
)
from k8sgen_lsp.static.tolerant import definitions_in
from k8sgen_lsp.static.workspace import DOCUMENT

_RETURN = re.compile(r"(?P<word>return|yield(?:[ \t]+from)?)\b")
_ARROW = re.compile(r"\s*->\s*")


class At(NamedTuple):
    """A place in the document, as the scope of what is written there."""

    reader: Reader
    offset: int

    def meaning_of(self, name: str) -> Meaning:
        """Return what a name stands for there."""
        return self.reader.meaning_of(name, self.offset)

    def result_of(self, function: Function) -> Meaning:
        """Return what a function of the document gives."""
        return self.reader.result_of(function)

    def attribute_of(self, owner: Class, name: str) -> Meaning:
        """Return what the document binds an attribute of one of its classes to."""
        return self.reader.attribute_of(owner, name)


class Reader:
    """Reads one source with the help of the catalogue."""

    def __init__(self, layout: Layout, catalogue: Catalogue) -> None:
        self.layout = layout
        self.catalogue = catalogue
        self.inference = Inference(catalogue)
        self._bound: dict[Binding, Meaning] = {}
        self._results: dict[Function, Meaning] = {}

    def receiver_at(self, offset: int) -> tuple[Member, Instance] | None:
        """Return the member that is written at an offset, and what it is a member of."""
        member = member_at(self.layout, offset)
        meaning = self._before(member) if member else None
        if member is None or not isinstance(meaning, Instance):
            return None
        before = self.layout.code[member.chain_start : member.start].rstrip(" \t.")
        used = self._used(member) if before.isidentifier() else frozenset()
        return member, meaning._replace(called=meaning.called | used)

    def module_at(self, offset: int) -> str | None:
        """Return the name of the module whose member is written at an offset."""
        member = member_at(self.layout, offset)
        meaning = self._before(member) if member else None
        return meaning.name if isinstance(meaning, Imported) else None

    def class_before(self, offset: int) -> Class | None:
        """Return the class itself of which the name at an offset is a member."""
        member = member_at(self.layout, offset)
        meaning = self._before(member) if member else None
        return meaning.found if isinstance(meaning, ClassItself) else None

    def class_at(self, offset: int) -> Class | None:
        """Return the class that is named at an offset."""
        meaning = self.named_at(offset)
        return meaning.found if isinstance(meaning, ClassItself) else None

    def named_at(self, offset: int) -> Meaning:
        """Return what the name at an offset stands for, with what is before its dots."""
        if not self.layout.is_code(offset):
            return None
        start, end = word_at(self.layout, offset)
        member = member_at(self.layout, end)
        name = self.layout.code[start:end]
        if member is None:
            return self.value(start, end) if name.isidentifier() else None
        at = At(self, member.chain_start)
        return self.inference.attribute(self._before(member), name, at)

    def variables(self, offset: int, most: int) -> Iterator[tuple[str, Meaning]]:
        """Yield the variables of the file that were bound last before a place."""
        last = self.layout.piece_at(offset)
        names: dict[str, None] = {}
        for piece in reversed(self.layout.pieces[: last + 1]):
            bound = (each for found in piece.bindings.values() for each in found)
            names |= {each.name: None for each in bound if each.kind is Kind.VALUE}
            if len(names) >= most:
                break
        for name in list(names)[:most]:
            yield name, self.meaning_of(name, offset)

    def _before(self, member: Member) -> Meaning:
        """Return what the chain before a member gives."""
        dot = self.layout.code.rindex(".", member.chain_start, member.start)
        return self.value(member.chain_start, dot)

    def value(self, start: int, end: int) -> Meaning:
        """Return what an expression of the text gives."""
        text = self.layout.text[start:end].lstrip()
        start = end - len(text)
        node = parsed(text)
        if node is not None:
            return self.inference.expression(node, At(self, start))
        return self._chain(chain_at(self.layout, start, end), start)

    def _chain(self, chain: Chain, offset: int) -> Meaning:
        """Return what a chain gives of which the arguments need not be valid."""
        at = At(self, offset)
        meaning: Meaning = None
        for index, step in enumerate(chain):
            given = at.meaning_of(step.name) if not index else None
            meaning = given if not index else self.inference.attribute(meaning, step.name, at)
            meaning = self.inference.call(meaning, at) if step.called else meaning
        return meaning

    def _used(self, member: Member) -> frozenset[str]:
        """Return what a variable is called with elsewhere in its function."""
        found: set[str] = set()
        for use in self.uses(member.chain[0].name, member.chain_start):
            if use != member.chain_start:
                chain = chain_at(self.layout, use, self.layout.block_end(use))
                found.update(step.name for step in chain[1:] if step.called)
        return frozenset(found)

    def uses(self, name: str, offset: int) -> Iterator[int]:
        """Yield where a function uses a variable that means what it means at an offset."""
        holders = self.layout.scopes_around(offset)
        first, last = self._reach(name, offset, holders)
        uses = self.layout.uses(name)
        for use in uses[bisect.bisect_left(uses, first) : bisect.bisect_left(uses, last)]:
            if self.layout.scopes_around(use) == holders:
                yield use

    def _reach(self, name: str, offset: int, holders: tuple[Holder, ...]) -> tuple[int, int]:
        """Return from where to where a variable means what it means at an offset."""
        first, last = 0, len(self.layout.code)
        for each in self.layout.bindings(name):
            if self.layout.scopes_around(each.start) != holders:
                continue
            if each.start <= offset:
                first = each.start
            else:
                return first, each.start
        return first, last

    def meaning_of(self, name: str, offset: int) -> Meaning:
        """Return what a name stands for where it is used."""
        local = local_at(self.layout, name, offset)
        if local is not None:
            return self._looped(local) if local.text else None
        known = self.layout.bindings(name)
        holders = self.layout.scopes_around(offset)
        for depth in range(len(holders), -1, -1):
            inside = holders[:depth]
            if depth < len(holders) and inside and inside[-1].is_class:
                # What a class binds is not seen in its methods.
                continue
            mine = [each for each in known if self._is_of(each, inside)]
            if mine:
                return self._nearest(mine, offset)
        return self._elsewhere(name, offset, holders)

    def _is_of(self, binding: Binding, inside: tuple[Holder, ...]) -> bool:
        around = self.layout.scopes_around(binding.start)
        if binding.inside:
            statement = self.layout.statement_at(binding.start)
            start = statement.start if statement else 0
            return bool(inside) and inside[-1].start == start and inside[:-1] == around
        return around == inside

    def _nearest(self, known: list[Binding], offset: int) -> Meaning:
        """Return what the last binding before gives, else the first one after."""
        statement = self.layout.statement_at(offset)
        depth = statement.indentation if statement else 0
        before = [each for each in reversed(known) if self._is_before(each, offset)]
        for each in (*before, *(each for each in known if each not in before)):
            meaning = self._of(each)
            # What may not have happened leaves what was before it possible.
            if meaning is not None or (each.indentation <= depth and not self._is_none(each)):
                return meaning
        return None

    @staticmethod
    def _is_before(binding: Binding, offset: int) -> bool:
        first, last = binding.text
        return binding.start < offset and not first <= offset < last

    def _is_none(self, binding: Binding) -> bool:
        return self.layout.code[slice(*binding.text)].strip() in ("None", "")

    def _of(self, binding: Binding) -> Meaning:
        """Return what a binding gives; one that leads back to itself gives nothing."""
        if binding not in self._bound:
            self._bound[binding] = None
            self._bound[binding] = self._given(binding)
        return self._bound[binding]

    def _given(self, binding: Binding) -> Meaning:
        at = At(self, binding.start)
        match binding.kind:
            case Kind.IMPORT:
                return self.inference.qualified(binding.imported.removeprefix("."), at)
            case Kind.FUNCTION:
                return Function(binding.start)
            case Kind.CLASS:
                found = self.catalogue.find(f"{DOCUMENT}.{binding.name}")
                return ClassItself(found) if found else None
            case Kind.NOTE:
                return self._noted(*binding.text)
            case Kind.UNKNOWN:
                return self._receiver(binding) if binding.inside else None
        return self._assigned(binding, at)

    def _assigned(self, binding: Binding, at: At) -> Meaning:
        meaning = self.value(*binding.text)
        if binding.kind is Kind.ELEMENT:
            meaning = self.inference.element(meaning)
        if binding.kind is Kind.ENTERED:
            meaning = self.inference.entered(meaning, at)
        for index in binding.path:
            meaning = self.inference.part(meaning, index)
        return self._filled(binding) if meaning in (Several(None), Keyed(None)) else meaning

    def _filled(self, binding: Binding) -> Meaning:
        """Return what is put later into a list or mapping that is empty at first."""
        layout = self.layout
        put = re.compile(
            rf"\b{binding.name}\.(?:append|add|insert)\((?:[^(),]*,)?()|"
            rf"\b{binding.name}\[[^\]\n]*\][ \t]*=(?!=)()"
        )
        values = []
        for each in put.finditer(layout.code, binding.start):
            end = layout.block_end(each.start())
            if each[1] is not None:
                closing = layout.close_of(layout.code.index("(", each.start()), end)
                end = end if closing is None else closing
            values.append(self.value(each.end(), end))
        meaning = self.inference.joined(values)
        is_mapping = layout.code[slice(*binding.text)].lstrip().startswith(("{", "dict"))
        return Keyed(meaning) if is_mapping else Several(meaning)

    def _noted(self, start: int, end: int) -> Meaning:
        node = parsed(self.layout.text[start:end])
        return promised(self.inference, node, At(self, start)) if node is not None else None

    def _looped(self, local: Local) -> Meaning:
        meaning = self.inference.element(self.value(*local.text))
        for index in local.path:
            meaning = self.inference.part(meaning, index)
        return meaning

    def _receiver(self, binding: Binding) -> Meaning:
        """Return what the first parameter of a method is."""
        code = self.layout.code
        statement = self.layout.statement_at(binding.start)
        is_first = (
            statement and not code[code.find("(", statement.start) + 1 : binding.start].strip()
        )
        around = self._around(self.layout.scopes_around(binding.start)) if is_first else None
        if isinstance(around, Instance) and binding.name == "cls":
            return ClassItself(around.found)
        return around

    def _elsewhere(self, name: str, offset: int, holders: tuple[Holder, ...]) -> Meaning:
        if name == "self":
            return self._around(holders)
        starred = (each.imported for each in self.layout.bindings("*") if each.start < offset)
        for module in starred:
            meaning = self.inference.qualified(module[:-1] + name, At(self, offset))
            if meaning is not None:
                return meaning
        return None

    def _around(self, holders: tuple[Holder, ...]) -> Meaning:
        """Return the object of the class whose method holds the place."""
        names = [each.name for each in holders if each.is_class]
        found = self.catalogue.find(f"{DOCUMENT}.{names[-1]}") if names else None
        return Instance(found) if found else None

    def result_of(self, function: Function) -> Meaning:
        """Return what a function of the file returns: by its annotation, else its statements."""
        if function not in self._results:
            self._results[function] = None
            self._results[function] = self._result(function)
        return self._results[function]

    def _result(self, function: Function) -> Meaning:
        layout = self.layout
        end = layout.block_end(function.start)
        opening = layout.code.find("(", function.start, end)
        closing = layout.close_of(opening, end) if opening >= 0 else None
        header = layout.statement_at(function.start)
        if closing is None or header is None:
            return None
        arrow = _ARROW.match(layout.code, closing + 1)
        if arrow is not None:
            return self._noted(arrow.end(), header.end)
        given = list(self._returned(header.end, end, layout.scopes_around(function.start)))
        meaning = self.inference.joined(value for _, value in given)
        is_generator = any(word.startswith("yield") for word, _ in given)
        return Several(meaning) if is_generator else meaning

    def function(self, function: Function) -> Described | None:
        """Return a function of the file as the index describes one."""
        layout = self.layout
        header = layout.statement_at(function.start)
        if header is None:
            return None
        block = layout.text[header.start : layout.block_end(header.start)]
        for text in (textwrap.dedent(block), f"{layout.text[header.start : header.end]}: ..."):
            found = described(DOCUMENT, definitions_in(text)).functions
            if found:
                return next(iter(found.values()))
        return None

    def _returned(
        self, start: int, end: int, around: tuple[Holder, ...]
    ) -> Iterator[tuple[str, Meaning]]:
        for each in _RETURN.finditer(self.layout.code, start, end):
            if len(self.layout.scopes_around(each.start())) != len(around) + 1:
                continue
            statement = self.layout.statement_at(each.start())
            meaning = self.value(each.end(), statement.end if statement else end)
            is_part = each["word"].endswith("from")
            yield each["word"], self.inference.element(meaning) if is_part else meaning

    def attribute_of(self, owner: Class, name: str) -> Meaning:
        """Return what the methods of a class of this file bind ``self.<name>`` to."""
        if owner.module != DOCUMENT:
            return None
        layout = self.layout
        pattern = re.compile(rf"\bself\.{name}[ \t]*(?P<mark>:(?!=)|=(?!=))")
        for each in pattern.finditer(layout.code):
            statement = layout.statement_at(each.start())
            if statement is None or layout.class_around(each.start()) != owner.name:
                continue
            meaning = (self._noted if each["mark"] == ":" else self.value)(
                each.end(), self._until_assigned(each.end(), statement.end, each["mark"])
            )
            if meaning is not None:
                return meaning
        return None

    def _until_assigned(self, start: int, end: int, mark: str) -> int:
        at = self.layout.code.find("=", start, end) if mark == ":" else -1
        return at if at >= 0 else end
