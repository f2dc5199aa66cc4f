"""What an expression gives, as far as it can be proven without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from k8sgen_lsp.static.annotations import promised
from k8sgen_lsp.static.bindings import Rest
from k8sgen_lsp.static.catalogue import Catalogue, Class, Module
from k8sgen_lsp.static.expressions import Scope, parsed
from k8sgen_lsp.static.meanings import (
    Bound,
    ClassItself,
    Foreign,
    Function,
    Imported,
    Instance,
    Keyed,
    Meaning,
    Nameless,
    Parts,
    Several,
)
from k8sgen_lsp.static.standard import given_by_python

_DEPTH = 24


class Local(NamedTuple):
    """A scope with the variables of a comprehension."""

    outer: Scope
    names: Mapping[str, Meaning]

    def meaning_of(self, name: str) -> Meaning:
        """Return what the variable, or the name further out, stands for."""
        return self.names[name] if name in self.names else self.outer.meaning_of(name)

    def result_of(self, function: Function) -> Meaning:
        """Return what a function of the document gives."""
        return self.outer.result_of(function)

    def attribute_of(self, owner: Class, name: str) -> Meaning:
        """Return what the document binds an attribute to."""
        return self.outer.attribute_of(owner, name)


class ModuleScope(NamedTuple):
    """The scope of a module, or of a method in it, which ``receiver`` is called on."""

    inference: Inference
    module: Module
    receiver: Instance | None
    document: Scope

    def meaning_of(self, name: str) -> Meaning:
        """Return what a name stands for in the module."""
        if name in ("self", "cls") and self.receiver is not None:
            return self.receiver if name == "self" else ClassItself(self.receiver.found)
        return self.inference.qualified(f"{self.module.name}.{name}", self.document)

    def result_of(self, function: Function) -> Meaning:
        """Return what a function of the document gives."""
        return self.document.result_of(function)

    def attribute_of(self, owner: Class, name: str) -> Meaning:
        """Return what the document binds an attribute to."""
        return self.document.attribute_of(owner, name)


class Inference:
    """Reads expressions with the help of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._depth = 0

    def expression(self, node: ast.expr, scope: Scope) -> Meaning:
        """Return what an expression gives; what leads nowhere, or in circles, gives nothing."""
        if self._depth >= _DEPTH:
            return None
        self._depth += 1
        try:
            return self._chain(node, scope)
        finally:
            self._depth -= 1

    def _chain(self, node: ast.expr, scope: Scope) -> Meaning:
        # Chains are long, so they are followed by a loop: a call in a call would be too deep.
        steps: list[ast.Call | ast.Attribute | ast.Subscript] = []
        while True:
            if isinstance(node, ast.Call):
                steps.append(node)
                node = node.func
            elif isinstance(node, ast.Attribute | ast.Subscript):
                steps.append(node)
                node = node.value
            elif isinstance(node, ast.Await | ast.NamedExpr | ast.Starred):
                node = node.value
            else:
                break
        meaning = self._start(node, scope)
        if meaning is None and steps:
            meaning = self._known(steps, scope)
        for step in reversed(steps):
            meaning = self._step(meaning, step, scope)
            if meaning is None:
                return None
        return meaning

    def _known(
        self, steps: list[ast.Call | ast.Attribute | ast.Subscript], scope: Scope
    ) -> Meaning:
        """Return what a call of a function of Python's own gives, and take it off the steps."""
        call = next((each for each in steps[-2:][::-1] if isinstance(each, ast.Call)), None)
        if call is None:
            return None
        name = ast.unparse(call.func)
        while steps.pop() is not call:
            pass
        return given_by_python(self, name, call, scope)

    def _start(self, node: ast.expr, scope: Scope) -> Meaning:
        if isinstance(node, ast.Name):
            return scope.meaning_of(node.id)
        if isinstance(node, ast.IfExp):
            return self.joined(self.expression(e, scope) for e in (node.body, node.orelse))
        if isinstance(node, ast.BoolOp):
            return self.joined(self.expression(each, scope) for each in node.values)
        if isinstance(node, ast.BinOp):
            return self.expression(node.left, scope) or self.expression(node.right, scope)
        if isinstance(node, ast.Lambda):
            taken = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            within = Local(scope, {each.arg: None for each in taken})
            return Nameless(self.expression(node.body, within))
        return self._display(node, scope)

    def _display(self, node: ast.expr, scope: Scope) -> Meaning:
        if isinstance(node, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in node.elts):
            return Parts(tuple(self.expression(each, scope) for each in node.elts))
        if isinstance(node, ast.List | ast.Set | ast.Tuple):
            return Several(self.joined(self._elements(node.elts, scope)))
        if isinstance(node, ast.Dict):
            return Keyed(self.joined(self.expression(each, scope) for each in node.values))
        return self._comprehension(node, scope)

    def _comprehension(self, node: ast.expr, scope: Scope) -> Meaning:
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            return Several(self.expression(node.elt, self._inside(node.generators, scope)))
        if isinstance(node, ast.DictComp):
            return Keyed(self.expression(node.value, self._inside(node.generators, scope)))
        return None

    def _elements(self, nodes: Iterable[ast.expr], scope: Scope) -> Iterator[Meaning]:
        for each in nodes:
            meaning = self.expression(each, scope)
            yield self.element(meaning) if isinstance(each, ast.Starred) else meaning

    def _inside(self, generators: list[ast.comprehension], scope: Scope) -> Scope:
        for each in generators:
            given = self.element(self.expression(each.iter, scope))
            scope = Local(scope, dict(self._taken_apart(each.target, given)))
        return scope

    def _taken_apart(self, target: ast.expr, given: Meaning) -> Iterator[tuple[str, Meaning]]:
        if isinstance(target, ast.Name):
            yield target.id, given
        elif isinstance(target, ast.Tuple | ast.List):
            for index, each in enumerate(target.elts):
                yield from self._taken_apart(each, self.part(given, index))

    def _step(
        self, meaning: Meaning, step: ast.Call | ast.Attribute | ast.Subscript, scope: Scope
    ) -> Meaning:
        if isinstance(step, ast.Attribute):
            return self.attribute(meaning, step.attr, scope)
        if isinstance(step, ast.Call):
            if isinstance(meaning, ClassItself):
                return Instance(meaning.found, name=self._name(meaning.found, step))
            return self.call(meaning, scope)
        if isinstance(meaning, Keyed):
            return meaning.value
        if isinstance(step.slice, ast.Slice):
            return meaning
        index = step.slice.value if isinstance(step.slice, ast.Constant) else None
        if isinstance(step.slice, ast.UnaryOp) and isinstance(step.slice.operand, ast.Constant):
            index = -int(step.slice.operand.value)  # type: ignore[arg-type]
        return self.part(meaning, index) if isinstance(index, int) else self.element(meaning)

    def _name(self, made: Class, call: ast.Call) -> str:
        """Return the name that a constructor is given, if that is a text."""
        given = [each.value for each in call.keywords if each.arg == "name"]
        for parameter, argument in zip(self.catalogue.constructor(made), call.args, strict=False):
            if parameter.name == "name":
                given.append(argument)
        texts = (each.value for each in given if isinstance(each, ast.Constant))
        return next((each for each in texts if isinstance(each, str)), "")

    def attribute(self, meaning: Meaning, name: str, scope: Scope) -> Meaning:
        """Return what stands behind a dot."""
        if isinstance(meaning, Imported):
            return self.qualified(f"{meaning.name}.{name}", scope)
        if isinstance(meaning, ClassItself):
            return self._of_class(meaning.found, name, scope)
        if isinstance(meaning, Instance):
            return self._attribute(meaning, name, scope)
        return Bound(meaning, name) if isinstance(meaning, Several | Keyed | Parts) else None

    def _of_class(self, found: Class, name: str, scope: Scope) -> Meaning:
        """Return a method of a class, or what its body binds a name to."""
        member = self.catalogue.members(found).get(name)
        is_field = member.is_field if member else not found.is_dynamic
        bound = self._attribute(Instance(found), name, scope) if is_field else None
        return bound or Bound(Instance(found), name)

    def _attribute(self, receiver: Instance, name: str, scope: Scope) -> Meaning:
        member = self.catalogue.members(receiver.found).get(name)
        if name == "__class__":
            return ClassItself(receiver.found)
        if member is not None and not member.is_property:
            return Bound(receiver, name)
        bound = scope.attribute_of(receiver.found, name)
        if bound is not None:
            return bound
        if member is not None and not member.is_field:
            return self.told(member.returns, self._within(member.owner, receiver, scope))
        for each in self.catalogue.ancestry(receiver.found):
            if name in each.fields:
                return self.told(each.fields[name], self._within(each.qualified, receiver, scope))
        is_dynamic = any(each.is_dynamic for each in self.catalogue.ancestry(receiver.found))
        return Bound(receiver, name) if is_dynamic and not name.startswith("_") else None

    def _within(self, owner: str, receiver: Instance | None, scope: Scope) -> Scope:
        module = self.catalogue.module(owner.rpartition(".")[0] if receiver else owner)
        return ModuleScope(self, module or Module(""), receiver, scope)

    def call(self, meaning: Meaning, scope: Scope) -> Meaning:
        """Return what calling something gives."""
        if isinstance(meaning, ClassItself):
            return Instance(meaning.found)
        if isinstance(meaning, Function):
            return scope.result_of(meaning)
        if isinstance(meaning, Foreign):
            within = self._within(meaning.function.owner, None, scope)
            return self.told(meaning.function.returns, within)
        if isinstance(meaning, Bound):
            return self._method(meaning, scope)
        if isinstance(meaning, Nameless):
            return meaning.gives
        return None

    def _method(self, bound: Bound, scope: Scope) -> Meaning:
        receiver, name = bound
        if not isinstance(receiver, Instance):
            return self._of_container(receiver, name)
        member = self.catalogue.members(receiver.found).get(name)
        if member is None:
            # Whatever a plugin makes up when it is asked for is a setter of it.
            return receiver._replace(called=receiver.called | {name})
        found = self.catalogue.returned(receiver.found, name)
        if found is None:
            given = self.told(member.returns, self._within(member.owner, receiver, scope))
        else:
            given = receiver if found is receiver.found else Instance(found)
        if isinstance(given, Instance) and given.found is receiver.found:
            return given._replace(called=given.called | {name})
        return given

    def _of_container(self, meaning: Meaning, name: str) -> Meaning:
        if isinstance(meaning, Keyed):
            if name == "items":
                return Several(Parts((None, meaning.value)))
            if name == "values":
                return Several(meaning.value)
            return meaning if name == "copy" else meaning.value
        return meaning if name == "copy" else self.element(meaning) if name == "pop" else None

    def qualified(self, dotted: str, scope: Scope) -> Meaning:
        """Return what a dotted name stands for, wherever it is defined."""
        holder = self.catalogue.holder(dotted)
        if holder is None:
            return Imported(dotted) if self.catalogue.module(dotted) else self._aliased(dotted)
        module, name = holder
        if name in module.classes:
            return ClassItself(module.classes[name])
        if name in module.functions:
            return Foreign(module.functions[name])
        within = ModuleScope(self, module, None, scope)
        return self.told(module.variables[name], within)

    def _aliased(self, dotted: str) -> Meaning:
        """Return the module that a module has imported under a name."""
        module_name, _, name = dotted.rpartition(".")
        module = self.catalogue.module(module_name) if module_name else None
        source = module.imports.get(name) if module else None
        return Imported(source) if source and self.catalogue.module(source) else None

    def told(self, told: str, scope: Scope) -> Meaning:
        """Return what the index remembers of what something gives."""
        if told == "Self":
            return scope.meaning_of("self")
        node = parsed(told.removeprefix("="))
        if node is None:
            return None
        return self.expression(node, scope) if told[0] == "=" else promised(self, node, scope)

    def element(self, meaning: Meaning) -> Meaning:
        """Return what a loop over something gives."""
        if isinstance(meaning, Several):
            return meaning.element
        return self.joined(meaning.elements) if isinstance(meaning, Parts) else None

    def part(self, meaning: Meaning, index: int | Rest) -> Meaning:
        """Return one part of what is taken apart, or what is left of it."""
        if isinstance(index, Rest):
            left = meaning.elements[slice(*index)] if isinstance(meaning, Parts) else ()
            return Several(self.joined(left) if left else self.element(meaning))
        if isinstance(meaning, Parts):
            known = -len(meaning.elements) <= index < len(meaning.elements)
            return meaning.elements[index] if known else None
        return self.element(meaning)

    def joined(self, meanings: Iterable[Meaning]) -> Meaning:
        """Return what all of these are: of builders of several classes what they share."""
        known = [each for each in meanings if each is not None]
        instances = [each for each in known if isinstance(each, Instance)]
        if not known or len(instances) < len(known):
            return known[0] if known else None
        lines = [self.catalogue.ancestry(each.found) for each in instances]
        shared = next((e for e in lines[0] if all(e in line for line in lines)), None)
        called = frozenset.intersection(*(each.called for each in instances))
        names = {each.name for each in instances}
        return Instance(shared, called, names.pop() if len(names) == 1 else "") if shared else None

    def entered(self, meaning: Meaning, scope: Scope) -> Meaning:
        """Return what ``with`` gives."""
        if not isinstance(meaning, Instance):
            return self.element(meaning)
        line = self.catalogue.ancestry(meaning.found)
        owner = next((each for each in line if each.entered), None)
        if owner is None:
            return meaning
        return self.told(owner.entered, self._within(owner.qualified, meaning, scope))
