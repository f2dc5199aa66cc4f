"""Runs a program in this process, and says what a preview shows of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.pipeline import Build, build
from k8sgen_core.secrets import Checksum, Generated, Reference, SecretText
from k8sgen_core.session import Collecting, Session, activate
from k8sgen_core.shown import Shown
from tests.core.law.comparing import Line

# A call is known by where its range starts: what is written behind it does not move that.
Start: TypeAlias = tuple[str, int, int]


@dataclass(eq=False)
class Run:
    """What one text of a program gives."""

    texts: Mapping[str, str]
    root: Path
    built: Build
    refused: bool
    _made: dict[str, list[tuple[set[Start], set[Start]]]] = field(default_factory=dict)

    @cached_property
    def _files(self) -> dict[str, Any]:
        return {str(file.path): file for file in self.built.files(shown)}

    @cached_property
    def files(self) -> dict[str, str]:
        """The text of every file."""
        return {path: file.text for path, file in self._files.items()}

    @cached_property
    def problems(self) -> set[tuple[str, str]]:
        """The rules that the program breaks, and how."""
        return {(problem.rule, problem.message) for problem in self.built.problems}

    @cached_property
    def _shown(self) -> Shown:
        texts = {str(self.root / path): text for path, text in self.texts.items()}
        return Shown(Locator(self.root, Sources(texts)), "utf-8")

    def calls(self, line: Line) -> set[Start]:
        """Return the calls that a line is attributed to."""
        return self._lines(line.path)[line.number][0]

    def stack(self, line: Line) -> set[Start]:
        """Return these calls with those that led to them."""
        calls, via = self._lines(line.path)[line.number]
        return calls | via

    def _lines(self, path: str) -> list[tuple[set[Start], set[Start]]]:
        if path not in self._made:
            shown = self._shown.file(self._files[path])
            found: Any = [(set(), set()) for _ in shown["text"].splitlines()]
            for number, index in shown["lines"]:
                origin = shown["origins"][index]
                found[number][0].add(start_of(origin))
                found[number][1].update(map(start_of, origin["via"]))
            self._made[path] = found
        return self._made[path]

    def text(self, line: Line) -> str:
        """Return a line of output."""
        return self.files[line.path].splitlines()[line.number]


def shown(value: SecretText, _: int) -> str:
    """Return what changes when the secret value does, which a mask hides."""
    return sha256(repr(told(value.reference)).encode()).hexdigest()[:8]


def told(reference: Reference) -> object:
    """Return what a program says of a value; for which object it is kept is no part of that."""
    if isinstance(reference, Checksum):
        return [(key, told(part)) for key, part in reference.parts]
    if isinstance(reference, Generated):
        return (reference.length, reference.charset)
    return reference.text


def start_of(place: Mapping[str, Any]) -> Start:
    start = place["range"]["start"]
    return (str(place["path"]), start["line"], start["character"])


def run(texts: Mapping[str, str], root: Path, environment: str | None) -> Run:
    """Run ``app.py`` as the tool would, with the other text as the module that it imports."""
    session = Collecting(root)
    activate(session)
    helper = sys.modules["helper"] = ModuleType("helper")
    try:
        exec(compile(texts["helper.py"], str(root / "helper.py"), "exec"), helper.__dict__)
        names = {"__name__": "__main__"}
        exec(compile(texts["app.py"], str(root / "app.py"), "exec"), names)
        built = build(session.roots(), environment)
    finally:
        activate(Session())
        del sys.modules["helper"]
    return Run(texts, root, built, bool(session.refusals) or _has_twins(built))


def _has_twins(built: Build) -> bool:
    """Are two objects the same one? That is an error which a rule reports."""
    names = [
        (each.object["kind"], each.object["apiVersion"], meta.get("namespace"), meta.get("name"))
        for each in built.lowered
        if (meta := each.object["metadata"])
    ]
    return len(set(names)) < len(names)
