"""What a DSL file came to, and whether it would still come to the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_core.formats import FORMATS
from k8sgen_core.preview import nothing
from k8sgen_lsp.context import Stamp, Text, stamp_of
from k8sgen_lsp.convert import path_of
from k8sgen_lsp.documents import text_of_file

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A file to evaluate, for one environment; without a format in what it asks for itself."""

    path: Path
    environment: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a file came to, and the texts and files that came of."""

    subject: Subject
    open: Mapping[Path, Text]
    findings: tuple[Json, ...]
    preview: Json | None = None
    imports: Mapping[Path, Stamp | None] = field(default_factory=dict)
    is_complete: bool = False
    objects: tuple[Json, ...] = ()
    # What these are called, and where they were described: of files that are judged together.
    described: tuple[Json, ...] = ()
    # Are these all findings, or only those that are known before the file is judged?
    has_all: bool = True

    def is_of(self, texts: Mapping[Path, Text]) -> bool:
        """Do the open documents still say what was evaluated?"""
        concerned = {self.subject.path, *self.imports} & {*self.open, *texts}
        return all(
            path in texts and path in self.open and texts[path].version == self.open[path].version
            for path in concerned
        )

    def is_current(self, texts: Mapping[Path, Text]) -> bool:
        """Would it come out the same, for all that is known of the files it read?"""
        closed = {path: stamp for path, stamp in self.imports.items() if path not in texts}
        return self.is_of(texts) and is_unchanged(closed)

    def texts(self) -> dict[Path, str]:
        """Return the texts that its findings are about."""
        named = (path_of(each.get("uri", "")) for each in self.findings)
        closed = {path for path in named if path is not None and path not in self.open}
        read = {path: text_of_file(path) for path in closed}
        return {**read, **{path: each.text for path, each in self.open.items()}}


def is_unchanged(read: Mapping[Path, Stamp | None]) -> bool:
    """Are the files still what they were when they were read?"""
    return all(stamp_of(path) == stamp for path, stamp in read.items())


def empty_preview(subject: Subject, findings: list[Json]) -> Json:
    """Return the preview of a file that has not been good yet."""
    return nothing(subject.format or FORMATS[0], subject.environment or "default", findings)
