"""The DSL calls of a document: on what, with which arguments, for which resource, exactly where."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from k8sgen_lsp.static.blocks import Block, Placed, blocks_of
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.certain import ClassItself, Made, Meanings, Method, Names
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.lookup import Lookup, is_installed
from k8sgen_lsp.static.scopes import Facts, Site
from k8sgen_lsp.static.workspace import WorkspaceCatalogue

CONSTRUCTOR = "__init__"
SPREAD = "**"


class Unknown:
    """The value of what is not written as a literal."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN = Unknown()


class Extent(NamedTuple):
    """A part of a block's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, and its value if that is written; ``name`` is a keyword, ``**`` for several."""

    name: str | None
    node: ast.expr
    extent: Extent
    value: Any

    @property
    def is_spread(self) -> bool:
        """Does it stand for any number of arguments?"""
        return self.name == SPREAD or isinstance(self.node, ast.Starred)


class Resource(NamedTuple):
    """What a constructor describes: its class, and its name if that is written there."""

    kind: Class
    name: str | None
    call: ast.Call


@dataclass(frozen=True, slots=True)
class DslCall:
    """
    A call of the DSL; all extents are in the text of its block.

    ``extent`` is the range of findings: from the name of the method or class to the closing
    parenthesis. ``whole`` begins where the chain does.
    """

    method: str
    receiver: Class
    name: Extent
    extent: Extent
    whole: Extent
    arguments: tuple[Argument, ...]
    resource: Resource | None
    node: ast.Call
    is_guarded: bool

    @property
    def is_constructor(self) -> bool:
        """Does it make the resource?"""
        return self.method == CONSTRUCTOR

    @property
    def title(self) -> str:
        """How the call is named in findings and origins."""
        kind = self.receiver.name
        return kind if self.is_constructor else f"{kind}.{self.method}"

    def argument(self, name: str, position: int) -> Argument | None:
        """Return the argument of a parameter, given by its name or at its position."""
        named = next((each for each in self.arguments if each.name == name), None)
        plain = [each for each in self.arguments if each.name is None]
        if named is not None or position >= len(plain):
            return named
        is_clear = not any(each.is_spread for each in plain[: position + 1])
        return plain[position] if is_clear else None


@dataclass(eq=False, frozen=True)
class Reading:
    """The calls of a block, and what of the document and the catalogue that depended on."""

    calls: tuple[DslCall, ...]
    asked: frozenset[str]
    state: tuple[object, ...]
    mark: tuple[object, ...]

    @cached_property
    def methods(self) -> frozenset[str]:
        """The names of the methods that are called."""
        return frozenset(each.method for each in self.calls)


class Document:
    """A text with its DSL calls."""

    def __init__(self, text: str, catalogue: Catalogue) -> None:
        self.text = text
        self.lookup = Lookup(catalogue)
        self.blocks = blocks_of(text)
        self.names = Names(self.blocks)
        self.mark = mark_of(self.names, self.blocks, catalogue)

    def readings(self) -> Iterator[tuple[Placed, Reading]]:
        """Yield each block with its calls; those that nothing changed for are kept."""
        for number, placed in enumerate(self.blocks):
            yield placed, self._reading(number, placed.block)

    def calls(self) -> Iterator[tuple[Placed, DslCall]]:
        """Yield all calls in the order in which they end."""
        for placed, reading in self.readings():
            for call in reading.calls:
                yield placed, call

    def _reading(self, number: int, block: Block) -> Reading:
        known = _readings.get(block)
        if known is not None and self._holds(known, number):
            return known
        made = self._read(number, block, self.names.facts[number])
        _readings[block] = made
        return made

    def _holds(self, known: Reading, number: int) -> bool:
        return known.mark == self.mark and known.state == self.names.state(known.asked, number)

    def _read(self, number: int, block: Block, facts: Facts) -> Reading:
        meanings = Meanings(self.names, self.lookup)
        reader = _BlockReader(block, meanings, number)
        calls = tuple(filter(None, map(reader.call, facts.sites)))
        asked = frozenset(meanings.asked)
        return Reading(calls, asked, self.names.state(asked, number), self.mark)


_readings: WeakKeyDictionary[Block, Reading] = WeakKeyDictionary()


def mark_of(names: Names, blocks: Sequence[Placed], catalogue: Catalogue) -> tuple[object, ...]:
    """
    Return what the meaning of classes depends on: the modules they come from, as read now.

    Installed ones do not change, and classes of the document are what defines them: its text,
    as a block that its own reading holds is never forgotten.
    """
    modules: dict[str, object] = {}
    wanted = list(names.imported())
    while wanted:
        name = wanted.pop()
        for part in (name, name.rpartition(".")[0]):
            if part and part not in modules and not is_installed(part):
                found = catalogue.module(part)
                if found is not None:
                    modules[part] = found.digest or frozenset(found.classes)
                    wanted += found.imports.values()
    numbered = enumerate(names.facts)
    own = [blocks[number].block.text for number, facts in numbered if facts.has_classes]
    introspected = catalogue.introspected if isinstance(catalogue, WorkspaceCatalogue) else {}
    loaded = frozenset((name, each["digest"]) for name, each in introspected.items())
    return (*modules.items(), *own, frozenset(names.stored), loaded)


class _BlockReader:
    def __init__(self, block: Block, meanings: Meanings, number: int) -> None:
        self._block = block
        self._meanings = meanings
        self._number = number

    def call(self, site: Site) -> DslCall | None:
        node = site.node
        meaning = self._meanings.of(node.func, site.scope, self._number)
        made: Made | None
        if isinstance(meaning, ClassItself):
            receiver, method, made = meaning.found, CONSTRUCTOR, Made(node, meaning.found)
        elif isinstance(meaning, Method):
            receiver, method, made = meaning.receiver.found, meaning.name, meaning.receiver.made
        else:
            return None
        if not is_dsl(receiver, self._meanings.lookup.catalogue):
            return None
        whole = self._extent(node)
        name = self._name(node.func)
        return DslCall(
            method=method,
            receiver=receiver,
            name=name,
            extent=Extent(name.start, whole.end),
            whole=whole,
            arguments=tuple(self._arguments(node)),
            resource=made and self._resource(made),
            node=node,
            is_guarded=site.is_guarded,
        )

    def _name(self, function: ast.expr) -> Extent:
        start, end = self._extent(function)
        written = function.attr if isinstance(function, ast.Attribute) else None
        return Extent(start if written is None else end - len(written), end)

    def _arguments(self, node: ast.Call) -> Iterator[Argument]:
        for each in node.args:
            yield Argument(None, each, self._extent(each), literal(each))
        for word in node.keywords:
            name = SPREAD if word.arg is None else word.arg
            yield Argument(name, word.value, self._extent(word.value), literal(word.value))

    def _extent(self, node: ast.expr) -> Extent:
        return Extent(self._block.start_of(node), self._block.end_of(node))

    def _resource(self, made: Made) -> Resource:
        position = self._meanings.lookup.name_position(made.found)
        return Resource(made.found, _written_name(made.call, position), made.call)


def is_dsl(found: Class, catalogue: Catalogue) -> bool:
    """Is the class one of ours, or derived from ``Plugin``?"""
    return is_installed(found.module) or catalogue.is_plugin(found)


def _written_name(call: ast.Call, position: int | None) -> str | None:
    """Return the name that a constructor is given, if it is written there as text."""
    given = next((word.value for word in call.keywords if word.arg == "name"), None)
    if given is None and position is not None and position < len(call.args):
        given = call.args[position]
    value = given.value if isinstance(given, ast.Constant) else None
    return value if isinstance(value, str) else None


def literal(node: ast.expr) -> Any:
    """Return the value that is written, with ``UNKNOWN`` for those parts of it that are not."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        if any(isinstance(each, ast.Starred) for each in node.elts):
            return UNKNOWN
        values = [literal(each) for each in node.elts]
        return values if isinstance(node, ast.List) else tuple(values)
    if isinstance(node, ast.Dict):
        keys = [each.value if isinstance(each, ast.Constant) else UNKNOWN for each in node.keys]
        return (
            UNKNOWN if UNKNOWN in keys else dict(zip(keys, map(literal, node.values), strict=True))
        )
    return _signed(node) if isinstance(node, ast.UnaryOp) else UNKNOWN


def _signed(node: ast.UnaryOp) -> Any:
    value = node.operand.value if isinstance(node.operand, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return UNKNOWN
    return -value if isinstance(node.op, ast.USub) else UNKNOWN


def is_written(value: Any) -> bool:
    """Is every part of a value known?"""
    if isinstance(value, dict):
        return all(map(is_written, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_written, value))
    return value is not UNKNOWN
