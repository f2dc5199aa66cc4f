"""
Findings of an earlier text in the text of now: moved with their lines, or left out.

What is said of a line that has changed since may be wrong, so it is not said. Lines are
compared, never guessed: an edit that is undone brings everything back.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, TypeAlias

from k8sgen_core.columns import lines_of

Json: TypeAlias = dict[str, Any]


class Movement:
    """Where the lines of an old text are in a new one."""

    def __init__(self, old: str, new: str) -> None:
        before, after = lines_of(old), lines_of(new)
        shorter = min(len(before), len(after))
        start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
        most = shorter - start
        end = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
        between = before[start : len(before) - end], after[start : len(after) - end]
        # From which line of the old text on, up to which, and how far they moved.
        self._same = [(0, start, 0)]
        if all(between):
            for old_start, new_start, size in SequenceMatcher(None, *between).get_matching_blocks():
                first = start + old_start
                self._same.append((first, first + size, new_start - old_start))
        self._same.append((len(before) - end, len(before), len(after) - len(before)))

    def by(self, first: int, last: int) -> int | None:
        """Return how far these lines moved; ``None`` if one of them is no longer the same."""
        for start, end, by in self._same:
            if start <= first and last < end:
                return by
        return None


@lru_cache(maxsize=16)
def movement(old: str, new: str) -> Movement | None:
    """Return how lines moved between two texts; ``None`` if they are one text."""
    return None if old == new else Movement(old, new)


Moves: TypeAlias = Callable[[Json], Movement | None]


def moved(place: Json, moves: Moves) -> Json | None:
    """
    Return something that has a range, where it is now; ``None`` if its text has changed.

    ``moves`` tells by the ``uri`` of a place how the lines of its file moved.
    """
    span = place.get("range")
    how = None if span is None else moves(place)
    if span is None or how is None:
        return place
    by = how.by(span["start"]["line"], span["end"]["line"])
    if by is None:
        return None
    sides = ("start", "end")
    return {
        **place,
        "range": {side: {**span[side], "line": span[side]["line"] + by} for side in sides},
    }


def moved_finding(finding: Json, moves: Moves) -> Json | None:
    """Return a finding where it is now, with those related places that still are what they were."""
    found = moved(finding, moves)
    if found is None or not found["related"]:
        return found
    related = (moved(each, moves) for each in found["related"])
    return {**found, "related": [each for each in related if each is not None]}
