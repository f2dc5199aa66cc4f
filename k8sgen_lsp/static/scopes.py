"""What a block binds its names to, and where it calls something: facts of the syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from k8sgen_lsp.static.blocks import Block
from k8sgen_lsp.static.walking import FunctionNode

_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_MANY = 64


class Kind(Enum):
    """How a name gets its meaning."""

    VALUE = "value"
    NOTE = "annotation"
    IMPORT = "import"
    CLASS = "class"
    FUNCTION = "function"
    OTHER = "something else"


@dataclass(eq=False, slots=True)
class Scope:
    """A module's part in one block, a class or a function; ``returns`` is what it gives."""

    kind: Kind
    outer: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    returns: list[ast.expr] = field(default_factory=list)
    note: ast.expr | None = None
    # A decorated function, a generator and a coroutine give something else when called.
    is_plain: bool = True


@dataclass(eq=False, slots=True)
class Binding:
    """
    One place that gives a name a meaning.

    ``is_sure`` if it is a statement of the scope itself, which runs whenever the scope does.
    """

    kind: Kind
    scope: Scope
    place: tuple[int, int]
    is_sure: bool
    value: ast.expr | None = None
    source: str = ""
    inner: Scope | None = None


class Site(NamedTuple):
    """A call; a guarded one may fail without anybody noticing."""

    node: ast.Call
    scope: Scope
    is_guarded: bool


@dataclass(slots=True)
class Facts:
    """What a block binds and calls, the calls in the order in which they end."""

    scope: Scope
    sites: Sequence[Site] = ()
    stars: list[str] = field(default_factory=list)
    # Attributes that are assigned: more can be called than classes say; ``None`` is any name.
    stored: set[str | None] = field(default_factory=set)
    has_classes: bool = False


_known: WeakKeyDictionary[Block, Facts] = WeakKeyDictionary()


def facts_of(block: Block) -> Facts:
    """Return the facts of a block; they are worked out once."""
    found = _known.get(block)
    if found is None:
        found = _known[block] = _Walk().facts(block.tree)
    return found


class _Place(NamedTuple):
    """Where the walk is: in which scope, whether that always runs, whether failures are caught."""

    scope: Scope
    is_sure: bool = True
    is_guarded: bool = False

    @property
    def maybe(self) -> _Place:
        return self._replace(is_sure=False)


class _Walk:
    """Visits a tree without recursion: a chain of calls is as deep as it is long."""

    def __init__(self) -> None:
        self._sites: list[Site] = []
        self._facts = Facts(Scope(Kind.OTHER, None))
        self._scopes = [self._facts.scope]
        self._todo: list[tuple[ast.AST, _Place]] = []

    def facts(self, tree: Iterable[ast.AST]) -> Facts:
        self._push(tree, _Place(self._facts.scope))
        while self._todo:
            node, place = self._todo.pop()
            visit = _VISITS.get(type(node))
            if visit is None:
                self._push(ast.iter_child_nodes(node), place)
            else:
                visit(self, node, place)
        for scope in self._scopes:
            for bindings in scope.bindings.values():
                bindings.sort(key=lambda each: each.place)
        self._sites.sort(key=lambda each: (each.node.end_lineno, each.node.end_col_offset))
        self._facts.sites = self._sites
        return self._facts

    def _push(self, nodes: Iterable[ast.AST | None], place: _Place) -> None:
        self._todo += [(node, place) for node in nodes if node is not None]

    def _scope(self, kind: Kind, outer: Scope) -> Scope:
        made = Scope(kind, outer)
        self._scopes.append(made)
        return made

    def _bind(self, name: str, binding: Binding) -> None:
        binding.scope.bindings.setdefault(name, []).append(binding)

    def _target(self, target: ast.expr, value: ast.expr | None, place: _Place) -> None:
        """Bind what stands before ``=``; each of several names gets its part of the value."""
        if isinstance(target, ast.Name):
            kind = Kind.OTHER if value is None else Kind.VALUE
            binding = Binding(kind, place.scope, _after(value or target), place.is_sure, value)
            self._bind(target.id, binding)
        elif isinstance(target, ast.Tuple | ast.List):
            parts: Sequence[ast.expr | None] = [None] * len(target.elts)
            starred = any(isinstance(each, ast.Starred) for each in target.elts)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts):
                parts = parts if starred else value.elts
            for each, part in zip(target.elts, parts, strict=True):
                self._target(each, part, place)
        elif isinstance(target, ast.Starred):
            self._target(target.value, None, place)
        else:
            if isinstance(target, ast.Attribute):
                self._facts.stored.add(target.attr)
            self._push((target,), place)

    def call(self, node: ast.Call, place: _Place) -> None:
        self._sites.append(Site(node, place.scope, place.is_guarded))
        function = node.func
        if isinstance(function, ast.Name) and function.id in ("setattr", "delattr"):
            named = node.args[1] if len(node.args) > 1 else None
            written = named.value if isinstance(named, ast.Constant) else None
            self._facts.stored.add(written if isinstance(written, str) else None)
        self._push(ast.iter_child_nodes(node), place)

    def assign(self, node: ast.Assign, place: _Place) -> None:
        for target in node.targets:
            self._target(target, node.value, place)
        self._push((node.value,), place)

    def annotated(self, node: ast.AnnAssign, place: _Place) -> None:
        if isinstance(node.target, ast.Name):
            kind = Kind.NOTE if node.value is None else Kind.VALUE
            value = node.value or node.annotation
            binding = Binding(kind, place.scope, _after(value), place.is_sure, value)
            self._bind(node.target.id, binding)
        self._push((node.value,), place)

    def augmented(self, node: ast.AugAssign, place: _Place) -> None:
        self._target(node.target, None, place)
        self._push((node.value,), place)

    def walrus(self, node: ast.NamedExpr, place: _Place) -> None:
        self._target(node.target, node.value, place.maybe)
        self._push((node.value,), place)

    def deleted(self, node: ast.Delete, place: _Place) -> None:
        for target in node.targets:
            self._target(target, None, place.maybe)

    def imported(self, node: ast.Import, place: _Place) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self._import(alias, alias.asname or top, alias.name if alias.asname else top, place)

    def imported_from(self, node: ast.ImportFrom, place: _Place) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self._facts.stars.append(module)
            else:
                self._import(alias, alias.asname or alias.name, f"{module}.{alias.name}", place)

    def _import(self, alias: ast.alias, name: str, source: str, place: _Place) -> None:
        where = (alias.lineno, alias.col_offset)
        binding = Binding(Kind.IMPORT, place.scope, where, place.is_sure, source=source)
        self._bind(name, binding)

    def function(self, node: FunctionNode, place: _Place) -> None:
        inner = self._scope(Kind.FUNCTION, place.scope)
        inner.note = node.returns
        inner.is_plain = not node.decorator_list and isinstance(node, ast.FunctionDef)
        where = (node.lineno, node.col_offset)
        binding = Binding(Kind.FUNCTION, place.scope, where, place.is_sure, inner=inner)
        self._bind(node.name, binding)
        self._parameters(node.args, inner)
        self._push((*node.decorator_list, *_defaults(node.args)), place)
        self._push(node.body, _Place(inner))

    def _parameters(self, args: ast.arguments, inner: Scope) -> None:
        for each in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if each is not None:
                plain = each is not args.vararg and each is not args.kwarg
                kind = Kind.NOTE if each.annotation is not None and plain else Kind.OTHER
                where = (each.lineno, each.col_offset)
                self._bind(each.arg, Binding(kind, inner, where, True, each.annotation))

    def anonymous(self, node: ast.Lambda, place: _Place) -> None:
        inner = self._scope(Kind.FUNCTION, place.scope)
        self._parameters(node.args, inner)
        self._push(_defaults(node.args), place)
        self._push((node.body,), _Place(inner, is_guarded=place.is_guarded))

    def a_class(self, node: ast.ClassDef, place: _Place) -> None:
        self._facts.has_classes = True
        inner = self._scope(Kind.CLASS, place.scope)
        where = (node.lineno, node.col_offset)
        binding = Binding(Kind.CLASS, place.scope, where, place.is_sure, source=node.name)
        self._bind(node.name, binding)
        self._push((*node.decorator_list, *node.bases, *node.keywords), place)
        self._push(node.body, _Place(inner))

    def returned(self, node: ast.Return, place: _Place) -> None:
        # One without a value is a result as well.
        place.scope.returns.append(node.value or ast.Constant(None))
        self._push((node.value,), place)

    def yielded(self, node: ast.Yield | ast.YieldFrom, place: _Place) -> None:
        place.scope.is_plain = False
        self._push((node.value,), place)

    def loop(self, node: ast.For | ast.AsyncFor, place: _Place) -> None:
        for element in _elements(node.iter):
            self._target(node.target, element, place.maybe)
        self._push((node.iter,), place)
        self._push((*node.body, *node.orelse), place.maybe)

    def comprehension(self, node: _Comprehension, place: _Place) -> None:
        inner = place._replace(scope=self._scope(Kind.FUNCTION, place.scope))
        for each in node.generators:
            for element in _elements(each.iter):
                self._target(each.target, element, inner.maybe)
        self._push(ast.iter_child_nodes(node), inner)

    def generator(self, node: ast.comprehension, place: _Place) -> None:
        self._push((node.iter, *node.ifs), place)

    def branch(self, node: ast.AST, place: _Place) -> None:
        self._push(ast.iter_child_nodes(node), place.maybe)

    def attempt(self, node: ast.Try | ast.TryStar, place: _Place) -> None:
        guarded = place.maybe._replace(is_guarded=place.is_guarded or bool(node.handlers))
        self._push(node.body, guarded)
        self._push((*node.handlers, *node.orelse, *node.finalbody), place.maybe)

    def handler(self, node: ast.ExceptHandler, place: _Place) -> None:
        if node.name:
            where = (node.lineno, node.col_offset)
            self._bind(node.name, Binding(Kind.OTHER, place.scope, where, False))
        self._push((node.type, *node.body), place)

    def context(self, node: ast.With | ast.AsyncWith, place: _Place) -> None:
        for item in node.items:
            self._push((item.context_expr,), place)
            if item.optional_vars is not None:
                self._target(item.optional_vars, None, place.maybe)
        self._push(node.body, place._replace(is_sure=False, is_guarded=True))

    def declared(self, node: ast.Global | ast.Nonlocal, place: _Place) -> None:
        where = (node.lineno, node.col_offset)
        for name in node.names:
            for scope in (place.scope, self._facts.scope):
                self._bind(name, Binding(Kind.OTHER, scope, where, False))

    def captured(self, node: ast.MatchAs | ast.MatchStar, place: _Place) -> None:
        if node.name:
            where = (node.lineno, node.col_offset)
            self._bind(node.name, Binding(Kind.OTHER, place.scope, where, False))
        self._push(ast.iter_child_nodes(node), place)


# Each method takes the nodes that it stands for.
_VISITS: dict[type[ast.AST], Callable[[_Walk, Any, _Place], None]] = {
    ast.Call: _Walk.call,
    ast.Assign: _Walk.assign,
    ast.AnnAssign: _Walk.annotated,
    ast.AugAssign: _Walk.augmented,
    ast.NamedExpr: _Walk.walrus,
    ast.Delete: _Walk.deleted,
    ast.Import: _Walk.imported,
    ast.ImportFrom: _Walk.imported_from,
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.Lambda: _Walk.anonymous,
    ast.ClassDef: _Walk.a_class,
    ast.Return: _Walk.returned,
    ast.Yield: _Walk.yielded,
    ast.YieldFrom: _Walk.yielded,
    ast.For: _Walk.loop,
    ast.AsyncFor: _Walk.loop,
    ast.ListComp: _Walk.comprehension,
    ast.SetComp: _Walk.comprehension,
    ast.DictComp: _Walk.comprehension,
    ast.GeneratorExp: _Walk.comprehension,
    ast.comprehension: _Walk.generator,
    ast.If: _Walk.branch,
    ast.While: _Walk.branch,
    ast.Match: _Walk.branch,
    ast.Try: _Walk.attempt,
    ast.TryStar: _Walk.attempt,
    ast.ExceptHandler: _Walk.handler,
    ast.With: _Walk.context,
    ast.AsyncWith: _Walk.context,
    ast.Global: _Walk.declared,
    ast.Nonlocal: _Walk.declared,
    ast.MatchAs: _Walk.captured,
    ast.MatchStar: _Walk.captured,
}


def _after(node: ast.expr) -> tuple[int, int]:
    """Return the place behind which a name has its value: the value itself sees the old one."""
    return (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)


def _defaults(args: ast.arguments) -> Iterable[ast.expr | None]:
    return (*args.defaults, *args.kw_defaults)


def _elements(iterated: ast.expr) -> Sequence[ast.expr | None]:
    """Return the elements of what is iterated, if all of them are written there."""
    if isinstance(iterated, ast.List | ast.Tuple | ast.Set) and len(iterated.elts) <= _MANY:
        return iterated.elts
    return (None,)
