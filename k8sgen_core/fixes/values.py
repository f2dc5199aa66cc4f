"""Values of a DSL file, written as those are whose place they take."""

from __future__ import annotations

import ast
import re

_QUOTES = re.compile(r"[rRuU]?(?P<quotes>\"\"\"|'''|\"|')")


def written(value: str, old: ast.expr, segment: str) -> str | None:
    """
    Return a value as Python writes it, in the type and with the quotes of a literal.

    ``None`` if what stands there is no literal, is of another type, or has quotes that do not fit.
    """
    if not isinstance(old, ast.Constant):
        return None
    if isinstance(old.value, str):
        return _quoted(value, segment)
    is_number = type(old.value) is int and value.isascii() and value.isdecimal()
    return str(int(value)) if is_number else None


def _quoted(value: str, segment: str) -> str | None:
    found = _QUOTES.match(segment)
    if found is None or found["quotes"][0] in value or "\\" in value or not value.isprintable():
        return None
    return f"{found['quotes']}{value}{found['quotes']}"
