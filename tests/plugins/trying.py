"""DSL texts with plugins, run as the tool runs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from k8sgen_core.findings import Finding
from k8sgen_core.kubernetes.lowered import problem_of
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.pipeline import finding_of
from k8sgen_core.shown import Shown
from tests.core.described import Described, described

SHADOWING = "self-shadowing"


@dataclass
class Tried:
    """A DSL text after its run, with what was found beside it."""

    run: Described
    root: Path

    @property
    def objects(self) -> list[dict[str, Any]]:
        return self.run.objects

    @property
    def titles(self) -> list[str]:
        return [f"{each['kind']}/{each['metadata']['name']}" for each in self.objects]

    @property
    def files(self) -> dict[str, str]:
        return self.run.files

    def object(self, title: str) -> dict[str, Any]:
        return self.objects[self.titles.index(title)]

    @cached_property
    def locator(self) -> Locator:
        return Locator(self.root, Sources({str(self.run.path): self.run.source}))

    @property
    def findings(self) -> list[Finding]:
        notes = [finding_of(problem_of(note), self.locator) for note in self.run.session.notes]
        return [*notes, *self.run.findings]

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """
        Return of every finding its rule, its message, and the text that is underlined.

        Names that are a setter and a value are what many of these plugins are about.
        """
        return [
            (each.rule, each.message, self.underlined(each))
            for each in self.findings
            if each.rule != SHADOWING
        ]

    @property
    def shadowed(self) -> list[str]:
        """Return what is underlined of names that are a setter and a value."""
        return [self.underlined(each) for each in self.findings if each.rule == SHADOWING]

    def underlined(self, finding: Finding) -> str:
        assert finding.place is not None
        path = Path(finding.place.path)
        is_main = path == self.run.path
        text = self.run.source if is_main else path.read_text(encoding="utf-8")
        start, end = finding.place.range
        line = text.split("\n")[start.line]
        part = line[start.character : end.character if end.line == start.line else None]
        return part if is_main else f"{path.name}: {part}"

    def calls(self) -> dict[str, list[tuple[str, set[str]]]]:
        """Return for every file its lines, each with the calls that it is attributed to."""
        shown = Shown(self.locator)
        found = {}
        for file in self.run.built.files():
            told = shown.file(file)
            lines: list[tuple[str, set[str]]] = [(text, set()) for text in told["text"].split("\n")]
            for number, index in told["lines"]:
                lines[number][1].add(told["origins"][index]["call"])
            found[str(file.path)] = lines[:-1]
        return found


def tried(source: str, root: Path, environment: str | None = None) -> Tried:
    return Tried(described(source, root, environment), root)
