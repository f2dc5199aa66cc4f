"""Expressions, and the places that say what the names in them mean."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.meanings import Function, Meaning


class Scope(Protocol):
    """Where an expression stands."""

    def meaning_of(self, name: str) -> Meaning:
        """Return what a name stands for there."""

    def result_of(self, function: Function) -> Meaning:
        """Return what a function of the document gives."""

    def attribute_of(self, owner: Class, name: str) -> Meaning:
        """Return what the document binds an attribute of one of its classes to."""


class Reading(Protocol):
    """Reads expressions."""

    def expression(self, node: ast.expr, scope: Scope) -> Meaning:
        """Return what an expression gives."""

    def element(self, meaning: Meaning) -> Meaning:
        """Return what a loop over something gives."""

    def joined(self, meanings: Iterable[Meaning]) -> Meaning:
        """Return what all of these are."""


@lru_cache(maxsize=512)
def parsed(text: str) -> ast.expr | None:
    """Return an expression, whichever lines it goes over; ``None`` if it is not valid."""
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
