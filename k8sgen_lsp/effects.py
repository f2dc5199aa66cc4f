"""What a call made: the lines of an up-to-date preview that are its own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = dict[str, Any]

_MOST = 24


class Effect(NamedTuple):
    """Lines of a file that a call made: where each begins a new stretch, others are left out."""

    path: str
    numbers: tuple[int, ...]
    text: str


def effects_at(preview: Mapping[str, Any], uri: str, start: Mapping[str, int]) -> list[Effect]:
    """Return what the calls made whose name begins at a place, directly or by what they call."""
    found: list[Effect] = []
    for file in preview["files"]:
        made = {n for n, each in enumerate(file["origins"]) if _is_at(each, uri, start)}
        numbers = sorted({line for line, origin in file["lines"] if origin in made})
        if numbers:
            found.append(Effect(file["path"], tuple(numbers), _excerpt(file["text"], numbers)))
    return found


def _is_at(origin: Json, uri: str, start: Mapping[str, int]) -> bool:
    places = (origin, *origin["via"])
    return any(each.get("uri") == uri and each["range"]["start"] == start for each in places)


def _excerpt(text: str, numbers: list[int]) -> str:
    lines = text.split("\n")
    groups = (textwrap.dedent("\n".join(group)) for group in _stretches(lines, numbers[:_MOST]))
    shown = "\n# ...\n".join(groups)
    rest = len(numbers) - _MOST
    return f"{shown}\n# ... and {rest} more lines" if rest > 0 else shown


def _stretches(lines: list[str], numbers: list[int]) -> Iterator[list[str]]:
    group: list[str] = []
    for position, number in enumerate(numbers):
        if group and number != numbers[position - 1] + 1:
            yield group
            group = []
        group.append(lines[number])
    yield group


def shown(effects: list[Effect]) -> str:
    """Return what a call made as Markdown."""
    return "\n\n".join(
        f"`{each.path}`, {_lines(each.numbers)}\n\n```yaml\n{each.text}\n```" for each in effects
    )


def _lines(numbers: tuple[int, ...]) -> str:
    count = len(numbers)
    return f"line {numbers[0] + 1}" if count == 1 else f"{count} lines from {numbers[0] + 1} on"
