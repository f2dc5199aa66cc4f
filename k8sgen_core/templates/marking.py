"""Prepares the syntax tree of a template: which text is its own, which line it comes from."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from k8sgen_core.templates.layout import MARK, mark, note

# What the function of this name is called inside, for a value of the context has its name.
NAMESPACE = "_namespace"
_NAMING = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


def _filter(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=getattr(node, "lineno", 1))


class Marking(NodeTransformer):
    """Marks lines, literals and blocks, so that rendering can tell them from values."""

    def __init__(self, file: int, source: str) -> None:
        self._file = file
        self._lines = source.splitlines()

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Leave the names of other templates as they are."""
        if isinstance(node, _NAMING):
            return node
        return super().generic_visit(node, *args, **kwargs)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """Note where a line begins with a value."""
        marked: list[nodes.Expr] = []
        for child in node.nodes:
            if not isinstance(child, nodes.TemplateData) and self._begins(child, marked):
                place = note(self._file, child.lineno)
                marked.append(nodes.TemplateData(place, lineno=child.lineno))
            marked.append(child)
        node.nodes = marked
        return self.generic_visit(node)

    def _begins(self, child: nodes.Expr, before: list[nodes.Expr]) -> bool:
        """Does the output of an expression begin a line?"""
        last = before[-1] if before else None
        line = self._lines[child.lineno - 1] if child.lineno <= len(self._lines) else ""
        is_first = line.lstrip().startswith("{{")
        if isinstance(last, nodes.TemplateData):
            _, newline, rest = last.data.rpartition("\n")
            return not rest.strip() and (bool(newline) or (is_first and len(before) == 1))
        return last is None and is_first

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        """Note where each line of the template's own text begins."""
        if node.data.startswith(MARK):
            return node
        first = node.data.split("\n", 1)[0].strip()
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        starts = bool(first) and line.lstrip().startswith(first)
        node.data = mark(node.data, self._file, node.lineno, starts=starts)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        """Let a literal stay the template's own text."""
        return _filter(node, "_text") if isinstance(node.value, str) else node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Let ``namespace(...)`` be Jinja's, though ``namespace`` is the workload's."""
        if isinstance(node.node, nodes.Name) and node.node.name == "namespace":
            node.node.name = NAMESPACE
        return self.generic_visit(node)

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        """Let ``{{ ", " if more }}`` write nothing otherwise."""
        if node.expr2 is None:
            node.expr2 = nodes.Const("", lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """Let ``~`` keep the origins, and the size within limits."""
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_joined")

    def visit_For(self, node: nodes.For) -> nodes.Node:
        """Count what loops do."""
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_counted")
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:
        """Let the text of ``{% set %}`` stay the template's own."""
        self.generic_visit(node)
        node.filter = _based(node.filter)
        return node

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.Node:
        """Let what ``{% filter %}`` makes be written like any other value."""
        self.generic_visit(node)
        node.filter = _filter(_based(node.filter), "_written")
        return node


def _based(chain: nodes.Filter | None) -> nodes.Filter:
    """Return the filters of a block, applied to its text."""
    if chain is None:
        return _filter(None, "_text")
    innermost: Any = chain
    while innermost.node is not None:
        innermost = innermost.node
    innermost.node = _filter(None, "_text")
    return chain
