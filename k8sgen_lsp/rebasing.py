"""
Findings of an earlier text in the text of now: moved with their lines, or left out.

What is said of a line that has changed since may be wrong, so it is not said. Lines are
compared, never guessed: an edit that is undone brings everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_core.columns import lines_of
from k8sgen_lsp.convert import path_of

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


class Moves:
    """How the lines of files moved between two times."""

    def __init__(self, texts: Mapping[Path, str], current: Mapping[Path, str]) -> None:
        self._texts = texts
        self._current = current
        self._known: dict[str, Movement | None] = {}

    def __call__(self, place: Json) -> Movement | None:
        """Return how they moved in the file of a place; ``None`` if not at all."""
        uri = place.get("uri", "")
        if uri not in self._known:
            self._known[uri] = self._of(path_of(uri))
        return self._known[uri]

    def _of(self, path: Path | None) -> Movement | None:
        if path is None or path not in self._texts or path not in self._current:
            return None
        return movement(self._texts[path], self._current[path])


How: TypeAlias = Callable[[Json], Movement | None]


def moved(place: Json, moves: How) -> Json | None:
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


def moved_finding(finding: Json, moves: How) -> Json | None:
    """Return a finding where it is now, with those related places that still are what they were."""
    found = moved(finding, moves)
    if found is None or not found["related"]:
        return found
    related = (moved(each, moves) for each in found["related"])
    return {**found, "related": [each for each in related if each is not None]}


def moved_preview(preview: Json, moves: How) -> Json:
    """Return a preview whose origins are where they are now; a line that lost its has none."""
    return {
        **preview,
        "files": [_moved_file(each, moves) for each in preview["files"]],
        "objects": [
            {**each, "origin": each["origin"] and _moved_origin(each["origin"], moves)}
            for each in preview["objects"]
        ],
    }


def _moved_file(file: Json, moves: How) -> Json:
    found = [_moved_origin(each, moves) for each in file["origins"]]
    kept = [index for index, each in enumerate(found) if each is not None]
    if len(kept) == len(found) and found == file["origins"]:
        return file
    numbers = {index: number for number, index in enumerate(kept)}
    lines = [[line, numbers[index]] for line, index in file["lines"] if index in numbers]
    return {**file, "origins": [found[index] for index in kept], "lines": lines}


def _moved_origin(origin: Json, moves: How) -> Json | None:
    found = moved(origin, moves)
    if found is None or not found["via"]:
        return found
    via = (moved(each, moves) for each in found["via"])
    return {**found, "via": [each for each in via if each is not None]}
