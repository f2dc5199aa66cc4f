"""What a function holds: several questions are asked of it, and it is gone through once."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TypeAlias

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# Whether a name is read or bound is told by where it stands.
_CONTEXT = "ctx"


@lru_cache(maxsize=256)
def held(function: FunctionNode) -> tuple[ast.AST, ...]:
    """Return the function and all nodes in it, those above before those inside of them."""
    found: list[ast.AST] = [function]
    for node in found:
        found += _inside(node)
    return tuple(found)


@lru_cache(maxsize=256)
def own(function: FunctionNode) -> tuple[ast.AST, ...]:
    """
    Return what runs when the function does, in the order of the text.

    What functions and classes inside of it hold is left out.
    """
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
            waiting += reversed(_inside(node))
    return tuple(found)


def _inside(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST) and name != _CONTEXT:
            found.append(value)
    return found


def forget() -> None:
    """Let go of the functions that were looked at."""
    held.cache_clear()
    own.cache_clear()
