"""What a fix is."""

from __future__ import annotations

from typing import NamedTuple

from lsprotocol import types


class Fix(NamedTuple):
    """
    Edits of one document, and what they do.

    A sure one is the only way that makes sense; those are made together by "fix all".
    """

    title: str
    edits: tuple[types.TextEdit, ...]
    is_sure: bool = False
    kind: types.CodeActionKind = types.CodeActionKind.QuickFix
