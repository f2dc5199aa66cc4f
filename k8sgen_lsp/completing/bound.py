"""What a template itself binds at a place: by ``set``, by loops, by macros."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_TAG = re.compile(
    r"""\{\#.*?(?P<comment>\#\}|\Z)
    | \{%-?\s*raw\s*-?%\}.*?(?P<raw>\{%-?\s*endraw\s*-?%\}|\Z)
    | \{%-?\s*(?P<word>\w+)(?P<rest>.*?)(?:-?%\}|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_MACRO = re.compile(r"\s*(?P<name>\w+)\s*\((?P<taken>.*)\)", re.DOTALL)
_TAKEN = re.compile(r"(?:\A|,)\s*(\w+)")
_LOOP = re.compile(r"\s*(?P<targets>[\w\s,()]+?)\s+in\s+(?P<of>\w+)?", re.DOTALL)
_LONGEST = 500
_WORD = re.compile(r"\w+")
# These are seen from everywhere below, also where they stand further down.
_EVERYWHERE = re.compile(r"\{%-?\s*(?:set|macro)\s+(\w+)(?:\s*,\s*(\w+))?")


class Bound(NamedTuple):
    """
    The names that are bound, and what the loops run over by the names of their variables.

    What is raw is text.
    """

    names: tuple[str, ...]
    loops: Mapping[str, str]
    is_raw: bool = False


class _Block(NamedTuple):
    """A loop or a macro that is not ended; a macro runs over nothing."""

    end: str
    names: tuple[str, ...]
    of: str | None


def bound_at(text: str, offset: int) -> Bound | None:
    """Return what is bound at a place; ``None`` in a comment."""
    blocks: list[_Block] = []
    for each in _TAG.finditer(text, 0, offset):
        word = each["word"]
        if each["comment"] == "":
            return None
        if each["raw"] == "":
            return Bound((), {}, is_raw=True)
        if word in ("for", "macro"):
            rest = each["rest"][:_LONGEST]
            blocks.append(_loop(rest) if word == "for" else _macro(rest))
        elif blocks and word == blocks[-1].end:
            blocks.pop()
    everywhere = (name for found in _EVERYWHERE.findall(text) for name in found if name)
    inside = (name for block in blocks for name in block.names)
    loops = {name: block.of for block in blocks if block.of is not None for name in block.names}
    return Bound(tuple(dict.fromkeys((*everywhere, *inside))), loops)


def _loop(rest: str) -> _Block:
    found = _LOOP.match(rest)
    names = _WORD.findall(found["targets"]) if found else []
    # What is taken apart is no element any more.
    of = found["of"] if found and len(names) == 1 else None
    return _Block("endfor", ("loop", *names), of or "")


def _macro(rest: str) -> _Block:
    found = _MACRO.match(rest)
    return _Block("endmacro", tuple(_TAKEN.findall(found["taken"])) if found else (), None)
