"""Which files go into which folder: as the command line says, else as the DSL file says."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Exit, Failure, disk_failures
from k8sgen_core.cli.options import configuration
from k8sgen_core.cli.report import shown_path
from k8sgen_core.formats import FORMATS

if TYPE_CHECKING:
    from k8sgen_core.evaluation.planned import Writing
    from k8sgen_core.evaluation.result import Evaluation
    from k8sgen_core.evaluation.targets import Target


def targets(evaluations: Iterable[Evaluation]) -> list[Target]:
    """Return where everything goes; no two files may go to one path."""
    from k8sgen_core.evaluation.targets import PathConflict, check_conflicts, targets_of

    found = [target for each in evaluations for target in targets_of(each)]
    for folder, _ in found:
        if (other := _in_the_way(folder)) is not None:
            raise Failure("output-folder", f"{shown_path(other)} is no folder", "name a folder")
    try:
        check_conflicts(found)
    except PathConflict as error:
        first, second = map(shown_path, error.sources)
        raise Failure(
            "output-path-conflict",
            f"{shown_path(error.path)} would be written by {first} and by {second}",
            "rename one of the resources, or give the files different folders",
            Exit.FINDINGS,
        ) from None
    return found


def _in_the_way(folder: Path) -> Path | None:
    """Return what is no folder, and would have to be one."""
    first = next((each for each in (folder, *folder.parents) if os.path.exists(each)), None)
    return None if first is None or first.is_dir() else first


def wanted_formats(chosen: argparse.Namespace) -> list[str | None]:
    """Return the formats that were chosen; ``None`` stands for what the file asks for."""
    given = chosen.format if isinstance(chosen.format, list) else [chosen.format]
    named = list(dict.fromkeys(name for name in given if name))
    return [*named] or [FORMATS[0] if chosen.output else None]


def folder_for(path: Path, chosen: argparse.Namespace, name: str | None) -> str:
    """Return the folder that a format of a DSL file is written to, from the project root."""
    config = configuration(path)
    folder = Path(chosen.output).absolute() if chosen.output else config.root / config.output
    if len(wanted_formats(chosen)) > 1:
        folder /= str(name)
    try:
        return Path(os.path.relpath(folder, config.root)).as_posix()
    except ValueError:  # Another drive of Windows.
        return folder.as_posix()


def planned(found: Iterable[Target], *, force: bool, dry: bool) -> list[Writing]:
    """Return what writing would do; with ``dry`` not even a secret value is made."""
    from k8sgen_core.evaluation.planned import planned as planned_in

    with disk_failures():
        return [planned_in(files, folder, force=force, dry=dry) for folder, files in found]
