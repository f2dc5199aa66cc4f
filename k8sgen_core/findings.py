"""
What is wrong, where, and what to do.

Every front end shows the same finding. Positions here are lines from 0 and columns in
code points; the front end converts the columns.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Position(NamedTuple):
    """A place in a text: line and column from 0, the column in code points."""

    line: int
    character: int


class Range(NamedTuple):
    """From a position up to, not including, another."""

    start: Position
    end: Position


class Place(NamedTuple):
    """A range of a file; ``path`` is absolute."""

    path: str
    range: Range


class Related(NamedTuple):
    """Another place that a finding speaks of."""

    message: str
    place: Place


class Finding(NamedTuple):
    """One problem at one place."""

    rule: str
    message: str
    place: Place | None
    severity: Severity = "error"
    hint: str | None = None
    object: str | None = None
    field: str | None = None
    related: tuple[Related, ...] = ()
