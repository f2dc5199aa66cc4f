"""Do the calls of a block fit what they call? Names, number of arguments, and literal values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from k8sgen_core.findings import Range
from k8sgen_core.misfits import unknown_method
from k8sgen_core.origin import argument_node
from k8sgen_lsp.static.blocks import Block
from k8sgen_lsp.static.calls import Document, DslCall
from k8sgen_lsp.static.definitions import class_definition, method_definition
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.problems import Problem
from k8sgen_lsp.static.signatures import signature_of

_PLUGIN = "k8sgen_core.plugins.plugin.Plugin"


class DefinedFunction(NamedTuple):
    """A plain function of a class."""

    owner: ast.ClassDef
    node: ast.FunctionDef


def problems_of(document: Document, block: Block, calls: Sequence[DslCall]) -> Iterator[Problem]:
    """Yield what is wrong with the calls of a block, with ranges in its text."""
    guessed = _guessed(block)
    # What is still being typed has not got all its arguments.
    for call in (e for e in calls if block.is_closed(e.node) and id(e.node) not in guessed):
        member = document.lookup.member(call.receiver, call.method)
        if call.is_constructor:
            yield from _constructed(document, block, call)
        elif member is None:
            yield from _unknown(document, block, call)
        elif is_installed(member.owner):
            yield from _tried(block, call)
        elif not member.is_property and not call.is_guarded:
            yield from _unfit(document, block, call)


def _guessed(block: Block) -> set[int]:
    """
    Return the calls that a bracket left open above has made arguments of another call.

    What stands below it may as well go on with the chain.
    """
    opened, _ = block.brackets
    if not opened:
        return set()
    outer = [n for each in block.tree for n in ast.walk(each) if isinstance(n, ast.Call)]
    return {
        id(inner)
        for call in outer
        for argument in (*call.args, *call.keywords)
        for inner in ast.walk(argument)
        if isinstance(inner, ast.Call)
        and (inner.func.end_lineno or 0) > (call.func.end_lineno or call.lineno)
    }


def _constructed(document: Document, block: Block, call: DslCall) -> Iterator[Problem]:
    if is_installed(call.receiver.module):
        yield from _tried(block, call)
        return
    if not call.is_guarded:
        yield from _unfit(document, block, call)


def _unknown(document: Document, block: Block, call: DslCall) -> Iterator[Problem]:
    """Yield that there is no such method, if nothing can have brought it along."""
    stored = document.names.stored
    name = call.method
    if name.startswith(("_", "add_")) or name in stored or None in stored or call.is_guarded:
        return
    if not document.lookup.is_closed(call.receiver):
        return
    known = document.lookup.names(call.receiver)
    rule, message, hint = unknown_method(call.receiver.name, name, known)
    yield Problem(rule, message, block.range(*call.name), hint)


def _tried(block: Block, call: DslCall) -> Iterator[Problem]:
    if any(each.is_spread for each in call.arguments):
        return
    # It loads the builders, which the server needs for nothing else.
    from k8sgen_lsp.static.trial import Given, objections

    given = Given(
        [each.value for each in call.arguments if each.name is None],
        {each.name: each.value for each in call.arguments if each.name is not None},
    )
    for each in objections(_tried_class(call.receiver), call.method, given):
        place = _range(block, call, each.argument)
        yield Problem(each.rule, each.message, place, each.hint, each.severity)


def _tried_class(receiver: Class) -> str:
    """Return the class that has the method: what a plugin inherits is the base's."""
    return receiver.qualified if is_installed(receiver.module) else _PLUGIN


def _range(block: Block, call: DslCall, argument: object) -> Range:
    node = None if argument is None else argument_node(call.node, argument)
    if node is None:
        return block.range(*call.extent)
    return block.range(block.start_of(node), block.end_of(node))


def _unfit(document: Document, block: Block, call: DslCall) -> Iterator[Problem]:
    """Yield what Python says of a call of what a user defined, if nothing changes its signature."""
    if any(each.is_spread for each in call.arguments):
        return
    defined = _definition(document, call)
    if defined is None:
        return
    count = sum(each.name is None for each in call.arguments)
    names = [each.name for each in call.arguments if each.name is not None]
    title = f"{defined.owner.name}.{call.method}"
    said = signature_of(defined.node.args).misfit(title, count, names)
    if said is not None:
        yield Problem("uncaught-exception", said.message, block.range(*call.extent), said.hint)


def _definition(document: Document, call: DslCall) -> DefinedFunction | None:
    """Return the function that a call reaches, if nothing wraps it or is called in its place."""
    catalogue = document.lookup.catalogue
    defined = method_definition(catalogue, call.receiver, call.method, document.text)
    if defined is None or not isinstance(defined.node, ast.FunctionDef):
        return None
    for each in catalogue.ancestry(call.receiver):
        if not is_installed(each.module) and call.is_constructor:
            found = class_definition(catalogue, each, document.text)
            if found is None or _is_special(found.owner):
                return None
    wrapped = defined.node.decorator_list or defined.owner.decorator_list
    return None if wrapped else DefinedFunction(defined.owner, defined.node)


def _is_special(node: ast.ClassDef) -> bool:
    """Can an object of the class be made in another way than its constructor says?"""
    names = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    return bool(node.decorator_list or node.keywords or names & {"__new__", "__call__"})
