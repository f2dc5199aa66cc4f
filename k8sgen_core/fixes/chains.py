"""The chains of calls in a DSL file, found in its syntax tree, and how one is extended."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from k8sgen_core.columns import from_bytes, lines_of
from k8sgen_core.findings import Position, Range
from k8sgen_core.fixes.brackets import Brackets, Layout
from k8sgen_core.fixes.edits import Edit
from k8sgen_core.fixes.values import written
from k8sgen_core.kubernetes.metadata import NAME_LABEL

# What follows these is said of something else than the resource.
_ENDS = frozenset(("generate", "for_environment", "build"))
Node: TypeAlias = ast.expr | ast.keyword
Literal: TypeAlias = ast.Dict | ast.List | ast.Set | ast.Tuple
_ADDED = re.compile(r"\.(?P<method>\w+)\((?P<arguments>.*)\)\Z", re.DOTALL)


class Source:
    """The text of a DSL file and its syntax tree."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.lines = lines_of(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._parents: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
        }
        self._calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(text: str) -> Source | None:
        """Return the source; ``None`` if it is not valid Python."""
        try:
            return Source(text, ast.parse(text))
        except (SyntaxError, ValueError, RecursionError):
            return None

    def range_of(self, node: Node) -> Range:
        """Return where a node is."""
        start = self._position(node.lineno, node.col_offset)
        return Range(start, self._position(node.end_lineno or 0, node.end_col_offset or 0))

    def _position(self, line: int, column: int) -> Position:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Position(line - 1, from_bytes(text, column))

    def text_of(self, node: ast.expr) -> str:
        """Return what is written for a node, of several lines the first."""
        place = self.range_of(node)
        end = place.end.character if place.start.line == place.end.line else None
        return self.lines[place.start.line][place.start.character : end]

    def node_at(self, place: Range) -> Node | None:
        """Return the node that is exactly at a place."""
        return self._nodes.get(place)

    @cached_property
    def _nodes(self) -> dict[Range, Node]:
        found: dict[Range, Node] = {}
        for node in self._parents:
            if isinstance(node, ast.expr | ast.keyword):
                found.setdefault(self.range_of(node), node)
        return found

    def parent_of(self, node: ast.AST) -> ast.AST | None:
        """Return the node that a node is part of."""
        return self._parents.get(node)

    def bound(self, name: str) -> Sequence[ast.AST]:
        """Return what a name is bound to anywhere in the file: values, definitions, imports."""
        return self._bound.get(name, ())

    @cached_property
    def _bound(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for node in self._parents:
            for name, value in _bindings(node, self._parents[node]):
                found.setdefault(name, []).append(value)
        return found

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self.lines)

    def statement_of(self, node: ast.AST) -> ast.AST | None:
        """Return the statement that a node is part of."""
        found: ast.AST | None = node
        while found is not None and not isinstance(found, ast.stmt):
            found = self.parent_of(found)
        return found

    def line_after(self, statement: ast.stmt, added: str) -> Edit:
        """Return the edit that adds a statement below another, as far to the right."""
        first = self.lines[statement.lineno - 1]
        indentation = first[: len(first) - len(first.lstrip())]
        end = Position((statement.end_lineno or 1) - 1, 0)
        end = end._replace(character=len(self.lines[end.line]))
        return Edit(Range(end, end), f"{self.newline}{indentation}{added}")

    def without_statement(self, statement: ast.stmt) -> tuple[Edit, ...]:
        """Return the edit that takes away a statement that has its lines for itself."""
        above = self.parent_of(statement)
        suites = [getattr(above, name, ()) for name in ("body", "orelse", "finalbody")]
        suite = next((s for s in suites if isinstance(s, list) and statement in s), [])
        first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno)
        others = [each for each in suite if each is not statement]
        shared = any(each.lineno <= last and first < (each.end_lineno or 0) for each in others)
        if not others or shared or last >= len(self.lines):
            return ()
        return (Edit(Range(Position(first, 0), Position(last, 0)), ""),)

    def imported(self, name: str) -> tuple[Edit, ...]:
        """Return the edit that adds a name to what is imported from k8s_gen, if it needs one."""
        for node in self._parents:
            if isinstance(node, ast.ImportFrom) and node.module == "k8s_gen":
                names = [each.name for each in node.names]
                if name in names or "*" in names:
                    return ()
                last = node.names[-1]
                end = self._position(last.end_lineno or 0, last.end_col_offset or 0)
                return (Edit(Range(end, end), f", {name}"),)
        return ()

    def brackets_of(self, node: Node) -> Brackets | None:
        """Return the brackets that a call, or a literal with items, ends with."""
        place = self.range_of(node)
        found = self._layout.ending(place.end)
        is_tuple = isinstance(node, ast.Tuple)
        return None if is_tuple and found and found.start != place.start else found

    def named_range(self, call: ast.Call) -> Range:
        """Return where a call is, from the name of what is called on."""
        start, end = self.range_of(call)
        if isinstance(call.func, ast.Attribute):
            after = self.range_of(call.func).end
            start = Position(after.line, after.character - len(call.func.attr))
        return Range(start, end)

    def chain_at(self, place: Range) -> Chain | None:
        """Return the chain of the innermost call that holds the place."""
        around = [(self.named_range(call), call) for call in self._calls]
        holding = [
            (found, call)
            for found, call in around
            if found.start <= place.start and place.end <= found.end
        ]
        if not holding:
            return None
        _, call = max(holding, key=lambda each: (each[0].start, _reversed(each[0].end)))
        return Chain(self, call, self._last(call))

    def _last(self, call: ast.Call) -> ast.Call:
        """Return the last call of a chain that says something of the same resource."""
        for outer in self._outer(call):
            if isinstance(outer.func, ast.Attribute) and outer.func.attr in _ENDS:
                break
            call = outer
        return call

    def _outer(self, call: ast.Call) -> Iterator[ast.Call]:
        while True:
            attribute = self._parents.get(call)
            outer = self._parents.get(attribute) if attribute is not None else None
            is_chained = isinstance(attribute, ast.Attribute) and isinstance(outer, ast.Call)
            if not is_chained or not isinstance(outer, ast.Call) or outer.func is not attribute:
                return
            call = outer
            yield call


def _bindings(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that a node binds, each with what it is bound to, or how."""
    if isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0], node
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, node
    elif isinstance(node, ast.arg):
        yield node.arg, node
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        whole = isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr) and parent.value
        yield node.id, whole or parent


def _reversed(position: Position) -> tuple[int, int]:
    return (-position.line, -position.character)


@dataclass(frozen=True)
class Chain:
    """A call, and the last one of the chain that it is part of."""

    source: Source
    call: ast.Call
    last: ast.Call

    def with_call(self, added: str) -> tuple[Edit, ...]:
        """Return the edits that add a call like ``.resources(cpu="100m")`` to the chain."""
        found = _ADDED.match(added)
        same = None if found is None else self._call_of(found["method"])
        if found is not None and same is not None and _takes_more(same, found["arguments"]):
            return (self._extended(same, found["arguments"]),)
        at = self.source.range_of(self.last).end
        return (Edit(Range(at, at), f"{self._separator()}{added}"),)

    def _calls(self) -> Iterator[ast.Call]:
        call: ast.expr = self.last
        while isinstance(call, ast.Call):
            yield call
            call = call.func.value if isinstance(call.func, ast.Attribute) else call.func

    def _call_of(self, method: str) -> ast.Call | None:
        """Return the one call of a method in the chain."""
        found = [
            call
            for call in self._calls()
            if isinstance(call.func, ast.Attribute) and call.func.attr == method
        ]
        return found[0] if len(found) == 1 else None

    def _extended(self, call: ast.Call, arguments: str) -> Edit:
        at = max(self.source.range_of(each).end for each in _arguments(call))
        return Edit(Range(at, at), f", {arguments}")

    def _separator(self) -> str:
        """Return what stands between the calls: a new line where each has its own."""
        func = self.last.func
        if not isinstance(func, ast.Attribute):
            return ""
        before = self.source.range_of(func.value).end
        name = self.source.named_range(self.last).start
        if before.line == name.line:
            return ""
        line = self.source.lines[name.line]
        indentation = line[: len(line) - len(line.lstrip())]
        continued = " \\" if self.source.lines[before.line].rstrip().endswith("\\") else ""
        return f"{continued}{self.source.newline}{indentation}"

    def followed_by(self, added: str) -> tuple[Edit, ...]:
        """
        Return the edits that add a statement of its own after that of the chain.

        In ``added``, ``{name}`` stands for the name that the constructor is given, and ``{it}``
        for the variable that has the resource, or else for the labels of its pods.
        """
        statement = self.source.statement_of(self.last)
        *_, first = self._calls()
        name = first.args[0] if first.args else None
        if not isinstance(statement, ast.Expr | ast.Assign) or statement.value is not self.last:
            return ()
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return ()
        if not isinstance(first.func, ast.Name):
            # What is added is called by its name too.
            return ()
        written_name = self.source.text_of(name)
        it = f'{{"{NAME_LABEL}": {written_name}}}'
        if isinstance(statement, ast.Assign):
            [*others, target] = statement.targets
            if others or not isinstance(target, ast.Name):
                return ()
            it = target.id
        call = added.replace("{name}", written_name).replace("{it}", it)
        return (
            *self.source.imported(call.partition("(")[0]),
            self.source.line_after(statement, call),
        )

    def with_value(self, place: Range, value: str) -> tuple[Edit, ...]:
        """Return the edit that puts a value where a literal of its type is."""
        return self._written(value, self.source.node_at(place))

    def with_key(self, place: Range, key: str) -> tuple[Edit, ...]:
        """Return the edit that renames the key of the value at a place."""
        node, holder = self._held(place)
        if not isinstance(holder, ast.Dict) or node not in holder.values:
            return ()
        if any(isinstance(each, ast.Constant) and each.value == key for each in holder.keys):
            return ()
        return self._written(key, holder.keys[holder.values.index(node)])

    def _written(self, value: str, old: ast.AST | None) -> tuple[Edit, ...]:
        if not isinstance(old, ast.expr):
            return ()
        new = written(value, old, self.source.text_of(old))
        return () if new is None else (Edit(self.source.range_of(old), new),)

    def _held(self, place: Range) -> tuple[Node | None, ast.AST | None]:
        """Return the node at a place and what it is part of."""
        node = self.source.node_at(place)
        return node, None if node is None else self.source.parent_of(node)

    def without(self, place: Range) -> tuple[Edit, ...]:
        """
        Return the edits that take away what is at a place.

        That is a pair or an item of a literal, or an argument. Where nothing else is left the
        literal goes too, or the call.
        """
        arguments = map(self.source.range_of, _arguments(self.call))
        if not any(each.start <= place.start and place.end <= each.end for each in arguments):
            return self._without_call()
        node = self.source.node_at(place)
        return () if node is None else self._without_node(node)

    def without_idle(self, place: Range) -> tuple[Edit, ...]:
        """Return the edits that take away a call that changes nothing, or its whole statement."""
        given = (node for argument in _arguments(self.call) for node in ast.walk(argument))
        does_more = any(isinstance(each, ast.Call | ast.Await | ast.NamedExpr) for each in given)
        if does_more or self.source.named_range(self.call) != place:
            return ()
        statement, func = self.source.parent_of(self.call), self.call.func
        is_alone = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name)
        if is_alone and isinstance(statement, ast.Expr):
            return self.source.without_statement(statement)
        return self._without_call()

    def without_mapping(self, place: Range) -> tuple[Edit, ...]:
        """Return the edits that take away the whole mapping that a place is a value of."""
        _, holder = self._held(place)
        return self._without_node(holder) if isinstance(holder, ast.Dict) else ()

    def _without_node(self, node: Node) -> tuple[Edit, ...]:
        arguments = _arguments(self.call)
        while node not in arguments:
            holder = self.source.parent_of(node)
            if not isinstance(holder, Literal | ast.keyword):
                return ()
            number = 1 if isinstance(holder, ast.keyword) else len(_items(holder))
            if number > 1:
                return self._without_part(holder, node, number)
            node = holder
        return self._without_argument(arguments.index(node))

    def _without_argument(self, index: int) -> tuple[Edit, ...]:
        arguments, positional = _arguments(self.call), len(self.call.args)
        if len(arguments) == 1 or (index == 0 < positional):
            # Without its first argument, which says of what it speaks, a call says nothing.
            return self._without_call()
        if index < positional - 1:
            # What follows would take its place.
            return ()
        return self._without_part(self.call, arguments[index], len(arguments))

    def _without_part(self, holder: Node, node: Node, number: int) -> tuple[Edit, ...]:
        brackets = self.source.brackets_of(holder)
        start = self.source.range_of(node).start
        if brackets is None or len(brackets.parts) != number:
            return ()
        index = max(n for n, each in enumerate(brackets.parts) if each.start <= start)
        last = brackets.parts[-1]
        if isinstance(holder, ast.Tuple) and number == 2 and last.after == last.end:
            # A tuple of one would need a comma that is not there.
            return ()
        return (Edit(brackets.without(index), ""),)

    def _without_call(self) -> tuple[Edit, ...]:
        func = self.call.func
        if not isinstance(func, ast.Attribute):
            return ()
        start = self.source.range_of(func.value).end
        name = self.source.named_range(self.call).start
        if name.line > start.line:
            # What stands between the calls, as comments do, belongs to the one before.
            start = Position(name.line - 1, len(self.source.lines[name.line - 1]))
        return (Edit(Range(start, self.source.range_of(self.call).end), ""),)


def _arguments(call: ast.Call) -> list[Node]:
    return [*call.args, *call.keywords]


def _items(literal: Literal) -> list[ast.expr]:
    return literal.values if isinstance(literal, ast.Dict) else literal.elts


def _takes_more(call: ast.Call, arguments: str) -> bool:
    """Can keyword arguments be added to a call that has others already?"""
    parsed = ast.parse(f"f({arguments})", mode="eval").body
    new = parsed.keywords if isinstance(parsed, ast.Call) and not parsed.args else []
    names = {each.arg for each in new}
    given = {each.arg for each in call.keywords}
    has_some = bool(call.keywords or call.args)
    return bool(new) and has_some and None not in given and not names & given
