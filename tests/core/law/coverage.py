"""Which lines of some modules a program runs, with what Python has of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any


class Reached:
    """Notes the lines of these files that run while it is entered."""

    def __init__(self, files: list[Path]) -> None:
        self._lines: dict[str, set[int]] = {str(file): set() for file in files}
        self._before: Any = None

    def __enter__(self) -> None:
        self._before = sys.gettrace()
        sys.settrace(self._called)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _called(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        lines = self._lines.get(frame.f_code.co_filename)
        if lines is None:
            return None

        def line(here: FrameType, what: str, _: Any) -> Any:
            lines.add(here.f_lineno)
            return line

        lines.add(frame.f_lineno)
        return line

    def missing(self) -> list[str]:
        """Return the lines of functions that did not run: ``pods.py _spec: return spec``."""
        return [
            f"{Path(file).name} {line}"
            for file, reached in self._lines.items()
            for number, line in _lines_of_functions(Path(file))
            if number not in reached
        ]


def _lines_of_functions(file: Path) -> Iterator[tuple[int, str]]:
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    for code in _functions(compile(source, str(file), "exec")):
        numbers = {number for _, _, number in code.co_lines() if number}
        for number in sorted(numbers - {code.co_firstlineno}):
            yield number, f"{code.co_qualname}: {lines[number - 1].strip()}"


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & 0x02:  # A function has fast locals; a class body has not.
                yield constant
            yield from _functions(constant)
