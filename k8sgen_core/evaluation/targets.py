"""Which files of an evaluation go into which folder: as it was asked for, else as the file says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from k8sgen_core.evaluation.result import Evaluation, RenderedFile


class Target(NamedTuple):
    """A folder, and what one DSL file puts there."""

    folder: Path
    files: Sequence[RenderedFile]


class PathConflict(ValueError):
    """Two files would be written to one path."""

    def __init__(self, path: Path, sources: tuple[Path, Path]) -> None:
        first, second = (source.name for source in sources)
        super().__init__(f"{path} would be written by {first} and by {second}")
        self.path = path
        self.sources = sources


def targets_of(evaluation: Evaluation) -> list[Target]:
    """Return where the files of an evaluation go."""
    root = evaluation.request.root
    if not evaluation.requests:
        return [Target(_below(root, evaluation.request.folder), evaluation.render())]
    # Of one format, each folder is written once.
    found: dict[tuple[Path, str], list[RenderedFile]] = {}
    for each in evaluation.requests:
        found.setdefault((_below(root, each.folder), each.format), []).extend(each.files)
    return [Target(folder, files) for (folder, _), files in found.items()]


def _below(root: Path, folder: str) -> Path:
    """Return a folder without the way to it: the root of a project has no links in it."""
    return Path(os.path.normpath(root / folder))


def check_conflicts(found: Iterable[Target]) -> None:
    """Raise :class:`PathConflict` for the first path that two files would be written to."""
    sources: dict[Path, Path] = {}
    for folder, files in found:
        for file in files:
            path = (folder / file.path).resolve()
            if path in sources:
                raise PathConflict(path, (sources[path], file.request.path))
            sources[path] = file.request.path
