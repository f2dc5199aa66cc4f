"""``textDocument/foldingRange``: chains of calls, blocks, imports and comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from lsprotocol import types

from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import Shown, shown
from k8sgen_lsp.static.blocks import Block

_COMMENTS = re.compile(r"^[ \t]*#.*(?:\n[ \t]*#.*)+", re.MULTILINE)
_FOLDED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor),
    *(ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match, ast.Call),
    *(ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Constant),
)
# A line of the block, a last line of it, and what it is.
_Fold = tuple[int, int, types.FoldingRangeKind | None]
_known: WeakKeyDictionary[Block, tuple[_Fold, ...]] = WeakKeyDictionary()


def register(server: K8sGenServer) -> None:
    """Say what can be folded in a DSL file."""

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding(ls: K8sGenServer, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        return folds_in(shown(ls, params.text_document.uri))


def folds_in(document: Shown) -> list[types.FoldingRange]:
    """Return what can be folded; in a document without DSL calls that is another's business."""
    if next(document.document.calls(), None) is None:
        return []
    found = []
    for placed in document.document.blocks:
        for first, last, kind in _folds(placed.block):
            found.append(types.FoldingRange(placed.line + first, placed.line + last, kind=kind))
    return [*_imports(document), *found]


def _folds(block: Block) -> tuple[_Fold, ...]:
    """Return the folds of a block; of those that begin on one line, the longest."""
    if block not in _known:
        longest: dict[int, int] = {}
        for statement in block.tree:
            for node in ast.walk(statement):
                if isinstance(node, _FOLDED):
                    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
                    longest[first] = max(longest.get(first, 0), last)
        folds = [(first, last, None) for first, last in longest.items() if last > first]
        _known[block] = (*folds, *_comments(block))
    return _known[block]


def _comments(block: Block) -> Iterator[_Fold]:
    for found in _COMMENTS.finditer(block.text.replace("\r\n", "\n").replace("\r", "\n")):
        first = found.string.count("\n", 0, found.start())
        yield first, first + found[0].count("\n"), types.FoldingRangeKind.Comment


def _imports(document: Shown) -> Iterator[types.FoldingRange]:
    """Yield the lines of imports that follow one another."""
    lines = [
        (placed.line + node.lineno - 1, placed.line + (node.end_lineno or node.lineno) - 1)
        for placed in document.document.blocks
        for node in placed.block.tree
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    start = end = -2
    for first, last in [*lines, (-9, -9)]:
        if first != end + 1:
            if end > start:
                kind = types.FoldingRangeKind.Imports
                yield types.FoldingRange(start, end, kind=kind)
            start = first
        end = last
