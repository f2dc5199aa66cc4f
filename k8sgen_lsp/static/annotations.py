"""What annotations promise."""

from __future__ import annotations

import ast

from k8sgen_lsp.static.expressions import Reading, Scope, parsed
from k8sgen_lsp.static.meanings import ClassItself, Instance, Keyed, Meaning, Parts, Several

# fmt: off
_SEQUENCES = frozenset({
    "list", "List", "tuple", "Tuple", "set", "Set", "frozenset", "FrozenSet", "Sequence", "deque",
    "MutableSequence", "Iterable", "Iterator", "Collection", "Generator", "AsyncIterator",
    "AsyncIterable", "AsyncGenerator", "AbstractSet",
})
_MAPPINGS = frozenset({
    "dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict",
})
_WRAPPERS = frozenset({
    "Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "Awaitable",
    "AbstractContextManager", "ContextManager",
})
# fmt: on


def promised(reading: Reading, node: ast.expr, scope: Scope) -> Meaning:
    """Return what an annotation promises."""
    if isinstance(node, ast.Constant):
        inner = parsed(node.value) if isinstance(node.value, str) else None
        return promised(reading, inner, scope) if inner is not None else None
    if isinstance(node, ast.BinOp):
        return promised(reading, node.left, scope) or promised(reading, node.right, scope)
    if isinstance(node, ast.Subscript):
        return _generic(reading, node, scope)
    if isinstance(node, ast.Name) and node.id == "Self":
        return scope.meaning_of("self")
    meaning = reading.expression(node, scope)
    return Instance(meaning.found) if isinstance(meaning, ClassItself) else None


def _generic(reading: Reading, node: ast.Subscript, scope: Scope) -> Meaning:
    name = ast.unparse(node.value).rpartition(".")[2]
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name in ("Union", "Coroutine"):
        given = (promised(reading, each, scope) for each in inner)
        return next((each for each in given if each is not None), None)
    if name in ("tuple", "Tuple") and len(inner) > 1 and not _is_ellipsis(inner[-1]):
        return Parts(tuple(promised(reading, each, scope) for each in inner))
    if name in _MAPPINGS:
        return Keyed(promised(reading, inner[-1], scope))
    return _of_one(name, promised(reading, inner[0], scope)) or promised(reading, node.value, scope)


def _of_one(name: str, inner: Meaning) -> Meaning:
    if name in _SEQUENCES:
        return Several(inner)
    if name in ("type", "Type") and isinstance(inner, Instance):
        return ClassItself(inner.found)
    return inner if name in _WRAPPERS else None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
