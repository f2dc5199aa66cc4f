"""
Judges what a preview says of origins, by running programs again with one thing changed.

What users see is judged: the lines of files, and the ranges of the calls that each line is
attributed to. A line is known by its file, its object and its path of fields in it.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TypeAlias

import yaml

from k8sgen_core.formats import OutputFile
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.pipeline import Build, build
from k8sgen_core.preview import Shown
from k8sgen_core.session import Collecting, Session, activate
from tests.core.law.programs import Literal, Program
from tests.core.law.vocabulary import CALLS

# A call is known by where its range starts, which what is written behind it does not move.
Start: TypeAlias = tuple[str, int, int]
SETTERS = {word for forms in CALLS.values() for form in forms for word in form.split("(")[:1]}
SETTERS |= {"host", "path"}


class Line(NamedTuple):
    """Where an output line is."""

    path: str
    number: int


class Made(NamedTuple):
    """The calls of a line: those it is attributed to, and the calls that led there."""

    calls: frozenset[Start]
    via: frozenset[Start]


@dataclass
class Run:
    """What one text of a program gives."""

    texts: Mapping[str, str]
    root: Path
    built: Build
    refused: bool

    @cached_property
    def files(self) -> dict[str, OutputFile]:
        return {str(file.path): file for file in self.built.files()}

    @cached_property
    def _shown(self) -> Shown:
        texts = {str(self.root / path): text for path, text in self.texts.items()}
        return Shown(Locator(self.root, Sources(texts)), "utf-8")

    @cached_property
    def _made(self) -> dict[str, list[Made]]:
        return {}

    def made(self, line: Line) -> Made:
        """Return the calls of a line, as a preview shows them."""
        if line.path not in self._made:
            shown = self._shown.file(self.files[line.path])
            found: list[tuple[set[Start], set[Start]]] = [
                (set(), set()) for _ in shown["text"].splitlines()
            ]
            for number, index in shown["lines"]:
                origin = shown["origins"][index]
                found[number][0].add(start_of(origin))
                found[number][1].update(map(start_of, origin["via"]))
            self._made[line.path] = [Made(frozenset(a), frozenset(b)) for a, b in found]
        return self._made[line.path][line.number]

    def text(self, line: Line) -> str:
        return self.files[line.path].text.splitlines()[line.number]


def start_of(place: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Start:
    start = place["range"]["start"]
    return (str(place["path"]), start["line"], start["character"])


def run(texts: Mapping[str, str], root: Path, environment: str | None) -> Run | None:
    """Return what a program gives, ``None`` if it is not valid."""
    session = Collecting(root)
    activate(session)
    helper = ModuleType("helper")
    before = sys.modules.get("helper")
    sys.modules["helper"] = helper
    try:
        exec(compile(texts["helper.py"], str(root / "helper.py"), "exec"), helper.__dict__)
        names = {"__name__": "__main__"}
        exec(compile(texts["app.py"], str(root / "app.py"), "exec"), names)
        built = build(session.roots(), environment)
    finally:
        activate(Session())
        del sys.modules["helper"]
        if before is not None:
            sys.modules["helper"] = before
    return Run(texts, root, built, bool(session.refusals))
