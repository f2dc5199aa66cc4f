"""Docstrings as Markdown, which is what editors show."""

from __future__ import annotations

import re
from itertools import groupby

_SECTION = re.compile(r"(?:Args|Raises|Returns|Yields|Example|Examples):$")
_ENTRY = re.compile(r"    (\*{0,2}\w+): (.*)")


def markdown(docstring: str) -> str:
    """Return a docstring as Markdown: its sections become lists."""
    parts: list[str] = []
    in_section = False
    for blank, lines in groupby(docstring.split("\n"), lambda line: not line.strip()):
        if blank:
            continue
        block = list(lines)
        in_section = bool(_SECTION.match(block[0])) or (in_section and block[0].startswith(" "))
        parts.append(_section(block) if in_section else "\n".join(block))
    return "\n\n".join(parts)


def _section(lines: list[str]) -> str:
    shown: list[str] = []
    for line in lines:
        entry = _ENTRY.match(line)
        if entry:
            shown.append(f"- `{entry[1]}`: {entry[2]}")
        elif _SECTION.match(line):
            shown += [f"**{line.removesuffix(':')}**", ""]
        else:
            shown.append(f"  {line.strip()}" if shown and shown[-1] else line.strip())
    return "\n".join(shown)


def about_parameter(docstring: str, name: str) -> str:
    """Return what the section of arguments says of one of them."""
    found = re.search(
        rf"^\s*\*{{0,2}}{re.escape(name)}(?: \([^)]*\))?: *(.*(?:\n(?:\s{{6,}}\S.*))*)",
        docstring,
        re.MULTILINE,
    )
    return " ".join(line.strip() for line in found[1].splitlines()) if found else ""


def listed_values(docstring: str, name: str) -> list[str]:
    """Return the values that the description of an argument puts in quotes."""
    return re.findall(r"``\"([^`\"]+)\"``", about_parameter(docstring, name))
