"""Where a document names resources: in their constructors, and where others are told of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from k8sgen_core.builders import NAMES
from k8sgen_lsp.static.blocks import Block, Placed
from k8sgen_lsp.static.calls import CONSTRUCTOR, Document, DslCall, Extent
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.lookup import Lookup

ANY = "Builder"
_LITERAL = re.compile(r"""[rRuU]?(?P<quotes>\"{3}|'{3}|"|')(?P<text>.*)(?P=quotes)""", re.DOTALL)
_CLAIM = "claim:"


class Named(NamedTuple):
    """
    A name of a resource, as text in a document.

    ``extent`` is the text between the quotes. ``kinds`` are the classes that it can mean;
    of a definition it is the one that it makes.
    """

    name: str
    placed: Placed
    extent: Extent
    kinds: frozenset[str]
    is_definition: bool
    call: DslCall

    def means(self, kind: str) -> bool:
        """Can it stand for a resource of this class?"""
        return kind in self.kinds or ANY in self.kinds or kind not in NAMES


def names_in(document: Document) -> Iterator[Named]:
    """Yield the names of resources in a document, in the order in which their calls end."""
    for placed, call in document.calls():
        yield from _defined(document.lookup, placed, call)
        for argument, kinds in _naming(document.lookup, call):
            for node in _texts(argument):
                yield from _named(placed, call, node, kinds)


def _defined(lookup: Lookup, placed: Placed, call: DslCall) -> Iterator[Named]:
    position = lookup.name_position(call.receiver) if call.is_constructor else None
    given = None if position is None else call.argument("name", position)
    if given is not None:
        kinds = frozenset((call.receiver.name,))
        for named in _named(placed, call, given.node, kinds):
            yield named._replace(is_definition=True)


def _naming(lookup: Lookup, call: DslCall) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """Yield the arguments that can be the name of a resource, each with the classes it can be."""
    if call.method == "volumes":
        for argument in call.arguments:
            yield argument.node, frozenset(("PersistentVolumeClaim",))
        return
    parameters = _parameters(signature(lookup, call.receiver, call.method))
    places = [each for each in parameters if each.position is not None]
    plain = [each for each in call.arguments if each.name is None]
    for index, argument in enumerate(plain):
        if argument.is_spread:
            break
        at = places[min(index, len(places) - 1)] if places else None
        if at and at.kinds and (at.position == index or at.is_rest):
            yield argument.node, at.kinds
    for argument in call.arguments:
        found = next((each for each in parameters if each.name == argument.name), None)
        if found is not None and found.kinds:
            yield argument.node, found.kinds


def signature(lookup: Lookup, receiver: Class, method: str) -> str:
    """Return how a method or constructor is called."""
    if method == CONSTRUCTOR:
        return lookup.catalogue.signature(receiver)
    member = lookup.member(receiver, method)
    return member.signature if member else ""


class _Parameter(NamedTuple):
    name: str
    position: int | None
    is_rest: bool
    kinds: frozenset[str]


@lru_cache(maxsize=512)
def _parameters(written: str) -> tuple[_Parameter, ...]:
    """Return the parameters of a signature; those that take a resource or its name have kinds."""
    name, _, rest = written.partition("(")
    try:
        [node] = ast.parse(f"def {name}({rest}: ...").body
    except (SyntaxError, ValueError, RecursionError):
        return ()
    if not isinstance(node, ast.FunctionDef):
        return ()
    args = node.args
    placed = (*args.posonlyargs, *args.args)
    found = [_Parameter(a.arg, i, False, _kinds(a.annotation)) for i, a in enumerate(placed)]
    if args.vararg is not None:
        kinds = _kinds(args.vararg.annotation)
        found.append(_Parameter("*", len(placed), True, kinds))
    return (
        *found,
        *(_Parameter(a.arg, None, False, _kinds(a.annotation)) for a in args.kwonlyargs),
    )


def _kinds(annotation: ast.expr | None) -> frozenset[str]:
    """Return the builders that an annotation allows besides text."""
    if annotation is None:
        return frozenset()
    names = {each.id for each in ast.walk(annotation) if isinstance(each, ast.Name)}
    return frozenset(names & {ANY, *NAMES}) if "str" in names else frozenset()


def _texts(node: ast.expr) -> Iterator[ast.Constant]:
    """Yield the texts in an argument: itself, or the elements of a list or a mapping."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from _texts(element)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            if isinstance(value, ast.Constant):
                yield from _texts(value)


def _named(placed: Placed, call: DslCall, node: ast.expr, kinds: frozenset[str]) -> Iterator[Named]:
    value = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(value, str):
        return
    prefix = _CLAIM if call.method == "volumes" else ""
    extent = content(placed.block, node, value)
    if extent is not None and value.startswith(prefix):
        start = extent.start + len(prefix)
        name = value.removeprefix(prefix)
        yield Named(name, placed, Extent(start, extent.end), kinds, False, call)


def content(block: Block, node: ast.expr, value: str) -> Extent | None:
    """Return the text between the quotes of a literal, if it is written as what it means."""
    start, end = block.start_of(node), block.end_of(node)
    found = _LITERAL.fullmatch(block.text, start, end)
    if found is None or found["text"] != value:
        return None
    return Extent(*found.span("text"))


def constants(document: Document, wanted: str) -> Iterator[tuple[Placed, Extent, str]]:
    """Yield the texts of a document that hold a word, each with its whole extent."""
    for placed in document.blocks:
        block = placed.block
        for statement in block.tree if wanted in block.text else ():
            for node in ast.walk(statement):
                value = node.value if isinstance(node, ast.Constant) else None
                if isinstance(value, str) and wanted in value and isinstance(node, ast.Constant):
                    yield placed, Extent(block.start_of(node), block.end_of(node)), value
