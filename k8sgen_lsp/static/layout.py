"""
A source as its layout shows it: what strings and comments say is blanked.

Text is incomplete while it is typed, so nothing here needs it to be valid Python. Every
offset means the same in the source and in its layout.
"""

from __future__ import annotations

import bisect
import re
from functools import cached_property, lru_cache

_QUOTED = re.compile(
    r'''
    \#[^\n]*
    | """ [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* (?: """ )?
    | \'\'\' [^'\\]* (?: (?: \\. | '(?!\'\') ) [^'\\]* )* (?: \'\'\' )?
    | " [^"\\\n]* (?: \\. [^"\\\n]* )* "?
    | ' [^'\\\n]* (?: \\. [^'\\\n]* )* '?
    ''',
    re.VERBOSE | re.DOTALL,
)
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[\w.]+)[ \t]+import\b[ \t]*(?P<names>\([^)]*|[^\n(]*)"
    r"|import[ \t]+(?P<modules>[^\n]+))",
    re.MULTILINE,
)
_DEFINITION = re.compile(r"^[ \t]*(?:async[ \t]+)?def\b", re.MULTILINE)
_CLASS = re.compile(r"^[ \t]*class[ \t]+(?P<name>\w+)", re.MULTILINE)
_BRACKET = re.compile(r"[()\[\]{}]")
_JOINED = re.compile(r"[\w.]")
_INDENTATION = re.compile(r"[ \t]*")


class Layout:
    """The code of a source, and how it is nested."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []
        self._ends: list[int] = []
        self.code = _QUOTED.sub(self._blanked, text)

    def _blanked(self, found: re.Match[str]) -> str:
        quoted = found[0]
        mark = quoted[0]
        if mark == "#":
            self._starts.append(found.start())
            self._ends.append(found.end())
            return " " * len(quoted)
        delimiter = 3 * mark if quoted.startswith(3 * mark) else mark
        closed = quoted.endswith(delimiter) and len(quoted) >= 2 * len(delimiter)
        self._starts.append(found.start())
        self._ends.append(found.end() - closed)
        inner = "\n".join(" " * len(line) for line in quoted[1 : len(quoted) - closed].split("\n"))
        return mark + inner + mark * closed

    def is_code(self, offset: int) -> bool:
        """Is the place between two characters neither in a string nor in a comment?"""
        index = bisect.bisect_left(self._starts, offset) - 1
        return index < 0 or offset > self._ends[index]

    def close_of(self, opening: int, end: int) -> int | None:
        """Return where the bracket at ``opening`` is closed, if that is before ``end``."""
        depth = 0
        for bracket in _BRACKET.finditer(self.code, opening, end):
            depth += 1 if bracket[0] in "([{" else -1
            if not depth:
                return bracket.start()
        return None

    def open_of(self, closing: int) -> int | None:
        """Return where the bracket that ``closing`` closes was opened."""
        depth = 0
        for offset in range(closing, -1, -1):
            character = self.code[offset]
            if character in ")]}":
                depth += 1
            elif character in "([{":
                depth -= 1
                if not depth:
                    return offset
        return None

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self.code.rfind("\n", 0, offset) + 1

    def block_end(self, offset: int) -> int:
        """
        Return where the statement on the line of ``offset`` ends, with all that is below it.

        A line that is not indented further ends it, whether or not its brackets are closed.
        """
        indentation = _INDENTATION.match(self.code, self.line_start(offset))
        width = len(indentation[0]) if indentation else 0
        newline = self.code.find("\n", offset)
        found = _dedent(width).search(self.code, newline) if newline >= 0 else None
        return found.start() if found else len(self.code)

    def functions_around(self, offset: int) -> tuple[int, ...]:
        """Return where the functions begin that hold the offset, the outermost first."""
        return tuple(start for start, end in self._functions if start < offset <= end)

    def class_around(self, offset: int) -> str | None:
        """Return the name of the innermost class that holds the offset."""
        around = [
            each["name"]
            for each in _CLASS.finditer(self.code, 0, offset)
            if offset <= self.block_end(each.start("name"))
        ]
        return around[-1] if around else None

    @cached_property
    def _functions(self) -> list[tuple[int, int]]:
        starts = (each.start() for each in _DEFINITION.finditer(self.code))
        return [(start, self.block_end(start)) for start in starts]

    def uses(self, name: str) -> list[int]:
        """Return where a name stands that is not an attribute of another."""
        # A pattern that begins with a literal is found much faster than one with a condition.
        starts = (each.start() for each in re.finditer(rf"{name}\b", self.code))
        return [start for start in starts if not _JOINED.match(self.code, max(start - 1, 0), start)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """The imported names and what each stands for, with dots: ``{"A": "k8s_gen.App"}``."""
        found: dict[str, str] = {}
        for statement in _IMPORT.finditer(self.code):
            module, names, modules = statement.group("module", "names", "modules")
            for name, alias in _aliases(names.lstrip("(") if modules is None else modules):
                if modules is None:
                    found[alias or name] = f"{module}.{name}"
                else:
                    top = name.partition(".")[0]
                    found[alias or top] = name if alias else top
        return found


def _aliases(names: str) -> list[tuple[str, str]]:
    pairs = (each.split() for each in names.replace("\\", " ").split(","))
    return [(words[0], words[2] if len(words) > 2 else "") for words in pairs if words]


@lru_cache(maxsize=64)
def _dedent(width: int) -> re.Pattern[str]:
    return re.compile(rf"\n(?=[ \t]{{0,{width}}}[^\s)\]}}#.])")


@lru_cache(maxsize=16)
def layout_of(text: str) -> Layout:
    """Return the layout of a source; those of the texts that were asked for last are kept."""
    return Layout(text)
