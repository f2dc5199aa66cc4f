"""
Which class an expression gives, where the syntax of the document leaves no doubt.

A name counts only if every statement that can give it its value gives the same class. What is
left open is not guessed: findings are made of this.
"""

from __future__ import annotations

import ast
import bisect
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias, TypeGuard

from k8sgen_core.grammar import proposals
from k8sgen_core.misfits import unknown_method
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.lookup import Lookup
from k8sgen_lsp.static.scopes import Binding, Facts, Kind, Scope, facts_of
from k8sgen_lsp.static.workspace import DOCUMENT

_DEPTH = 24
_Numbered: TypeAlias = tuple[int, Binding]


class ClassItself(NamedTuple):
    """A name that is a class."""

    found: Class


class Imported(NamedTuple):
    """A name that is a module."""

    name: str


class Made(NamedTuple):
    """The call of a constructor, and its class."""

    call: ast.Call
    found: Class


class Object(NamedTuple):
    """An object of a class; ``made`` is the call of a constructor that it goes back to."""

    found: Class
    made: Made | None


class Method(NamedTuple):
    """A method of an object, not called yet."""

    receiver: Object
    name: str


class Function(NamedTuple):
    """A function of the document: its scope, and the number of its block."""

    scope: Scope
    block: int


Meaning: TypeAlias = Object | Method | ClassItself | Imported | Function | None


class Names:
    """The names that the blocks of a document bind at its top."""

    def __init__(self, blocks: Sequence[Placed]) -> None:
        self.facts: Sequence[Facts] = [facts_of(each.block) for each in blocks]
        self.stars: list[str] = []
        self.stored: set[str | None] = set()
        self._bound: dict[str, list[_Numbered]] = {}
        self._states: dict[frozenset[str], tuple[list[int], tuple[object, ...]]] = {}
        for number, facts in enumerate(self.facts):
            self.stars += facts.stars
            self.stored |= facts.stored
            for name, bindings in facts.scope.bindings.items():
                self._bound.setdefault(name, []).extend((number, each) for each in bindings)

    def bound(self, name: str) -> Sequence[_Numbered]:
        """Return what binds a name at the top, each with the number of its block."""
        return self._bound.get(name, ())

    def imported(self) -> Iterable[str]:
        """Yield what the document imports, with dots."""
        for bindings in self._bound.values():
            yield from (each.source for _, each in bindings if each.kind is Kind.IMPORT)
        yield from self.stars

    def state(self, asked: frozenset[str], home: int) -> tuple[object, ...]:
        """Return what binds some names, and how much of it stands before the block that asked."""
        known = self._states.get(asked)
        if known is None:
            bound = [each for name in asked for each in self.bound(name)]
            bound.sort(key=lambda each: (each[0], each[1].place))
            bindings = (*(each for _, each in bound), *self.stars)
            known = self._states[asked] = ([number for number, _ in bound], bindings)
        numbers, bindings = known
        return bindings, bisect.bisect_left(numbers, home)


class Meanings:
    """
    Finds out what the expressions of one block give.

    ``asked`` has the names of the document that this depended on.
    """

    def __init__(self, names: Names, lookup: Lookup) -> None:
        self.names = names
        self.lookup = lookup
        self._catalogue = lookup.catalogue
        self.asked: set[str] = set()
        self._known: dict[int, Meaning] = {}
        self._open: set[int] = set()

    def of(self, node: ast.expr, scope: Scope, block: int) -> Meaning:
        """Return what an expression in a block gives."""
        steps: list[ast.Call | ast.Attribute] = []
        while id(node) not in self._known and isinstance(node, ast.Call | ast.Attribute):
            steps.append(node)
            node = node.func if isinstance(node, ast.Call) else node.value
        meaning = self._known.get(id(node))
        if meaning is None and isinstance(node, ast.Name):
            meaning = self._name(node, scope, block)
        elif meaning is None and isinstance(node, ast.NamedExpr):
            meaning = self._nested(node.value, scope, block)
        for step in reversed(steps):
            meaning = self._known[id(step)] = self._step(step, meaning)
        return meaning

    def _nested(self, node: ast.expr, scope: Scope, block: int) -> Meaning:
        """Return what another expression gives, which does not depend on this one."""
        if id(node) in self._open or len(self._open) > _DEPTH:
            return None
        self._open.add(id(node))
        try:
            return self.of(node, scope, block)
        finally:
            self._open.discard(id(node))

    def _step(self, node: ast.Call | ast.Attribute, before: Meaning) -> Meaning:
        if isinstance(node, ast.Attribute):
            if isinstance(before, Object):
                return Method(before, node.attr)
            return self._imported(f"{before.name}.{node.attr}") if _is_module(before) else None
        if isinstance(before, Method):
            returned = self.lookup.returned(before.receiver.found, before.name)
            returned = returned or self._meant(before.receiver.found, before.name)
            return Object(returned, before.receiver.made) if returned else None
        if isinstance(before, ClassItself):
            return Object(before.found, Made(node, before.found))
        return self._result(before) if isinstance(before, Function) else None

    def _meant(self, found: Class, name: str) -> Class | None:
        """Return what a misspelt method gives, if all that it may be is a setter."""
        if self.lookup.member(found, name) is not None or {name, None} & self.names.stored:
            return None
        if name.startswith(("_", "add_")) or not self.lookup.is_closed(found):
            return None
        said = unknown_method(found.name, name, self.lookup.names(found))
        options = proposals(said.hint or "")
        is_setter = all(self.lookup.returned(found, each) is found for each in options)
        return found if options and is_setter else None

    def _imported(self, qualified: str) -> Meaning:
        found = self._catalogue.find(qualified)
        if found is not None:
            return ClassItself(found)
        return Imported(qualified) if self._catalogue.module(qualified) else None

    def _result(self, function: Function) -> Meaning:
        scope = function.scope
        if not scope.is_plain:
            return None
        return _agreed([self._nested(each, scope, function.block) for each in scope.returns])

    def _name(self, node: ast.Name, scope: Scope, block: int) -> Meaning:
        at = (block, (node.lineno, node.col_offset))
        around: Scope | None = scope
        while around is not None and around.outer is not None:
            # What a class binds is not seen by its methods.
            if node.id in around.bindings and (around is scope or around.kind is not Kind.CLASS):
                bound = [(block, each) for each in around.bindings[node.id]]
                return self._bound(bound, at if around is scope else None)
            around = around.outer
        self.asked.add(node.id)
        found = self.names.bound(node.id)
        return self._bound(found, at if scope is around else None) or self._starred(node.id)

    def _bound(
        self, bindings: Sequence[_Numbered], at: tuple[int, tuple[int, int]] | None
    ) -> Meaning:
        """Return what a name is bound to, at a place in the scope that binds it."""
        if sum(each.kind is Kind.CLASS for _, each in bindings) > 1:
            return None
        if at is not None and all(each.is_sure for _, each in bindings):
            bindings = [each for each in bindings if (each[0], each[1].place) < at][-1:]
        return _agreed([self._binding(each, number) for number, each in bindings])

    def _binding(self, binding: Binding, block: int) -> Meaning:
        if binding.kind is Kind.IMPORT:
            return self._imported(binding.source)
        if binding.kind is Kind.CLASS and binding.scope.outer is None:
            found = self._catalogue.find(f"{DOCUMENT}.{binding.source}")
            return ClassItself(found) if found else None
        if binding.inner is not None and binding.scope.kind is not Kind.CLASS:
            return Function(binding.inner, block)
        if binding.kind is Kind.VALUE and binding.value is not None:
            return self._nested(binding.value, binding.scope, block)
        return None

    def _starred(self, name: str) -> Meaning:
        if len(self.names.stars) != 1 or self.names.bound(name):
            return None
        return self._imported(f"{self.names.stars[0]}.{name}")


def _is_module(meaning: Meaning) -> TypeGuard[Imported]:
    return isinstance(meaning, Imported)


def _agreed(meanings: Sequence[Meaning]) -> Meaning:
    """Return what all of these are; of objects it is enough if their class is the same."""
    first = meanings[0] if meanings else None
    if all(each == first for each in meanings):
        return first
    found = {each.found if isinstance(each, Object) else None for each in meanings}
    only = next(iter(found)) if len(found) == 1 else None
    return None if only is None else Object(only, None)
