"""One thing that can be written at a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Sort(IntEnum):
    """What an editor shows as the icon; the numbers are the protocol's."""

    TEXT = 1
    METHOD = 2
    FUNCTION = 3
    FIELD = 5
    VARIABLE = 6
    CLASS = 7
    MODULE = 9
    PROPERTY = 10
    UNIT = 11
    VALUE = 12
    KEYWORD = 14
    SNIPPET = 15
    FILE = 17
    REFERENCE = 18
    FOLDER = 19
    ENUM_MEMBER = 20
    CONSTANT = 21


@dataclass(frozen=True, slots=True)
class Edit:
    """A change elsewhere in the text, as an import that a name needs."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What is offered; ``inserted`` replaces the text from ``start`` to ``end``.

    Without them the editor replaces the word at the cursor by the label. ``rank`` orders what
    is offered; ``data`` is what the documentation is found by when it is asked for.
    """

    label: str
    sort: Sort
    detail: str = ""
    rank: str = ""
    inserted: str = ""
    start: int | None = None
    end: int | None = None
    is_snippet: bool = False
    is_deprecated: bool = False
    data: Any = None
    edits: tuple[Edit, ...] = field(default=())
