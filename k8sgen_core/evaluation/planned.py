"""The headless interface: what writing the files of an evaluation would do, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from k8sgen_core.disk.secret_store import SecretSpec
from k8sgen_core.disk.tree import Plan, Producer, plan
from k8sgen_core.disk.tree import write as write_plan
from k8sgen_core.evaluation.result import RenderedFile, source_name
from k8sgen_core.writing import Revealed, project_of


@dataclass(frozen=True, slots=True)
class Writing:
    """What writing some files would do, and what secret values it made for that."""

    plan: Plan
    created: tuple[SecretSpec, ...]


def planned(
    files: Sequence[RenderedFile], folder: Path, *, force: bool = False, dry: bool = False
) -> Writing:
    """
    Return what writing these files of one evaluation into a folder would do.

    With ``dry`` nothing is written at all, new secret values included.

    Raises:
        ForeignFile: for a file in the folder that is not K8s-Gen's own.
        SecretNotStored: for a generated secret that has no value, in CI.
        ValueError: if there are no files, which is no wish to remove all that there were.
    """
    if not files:
        raise ValueError("there is nothing to write: the description has no resources")
    found = revealed(files, dry=dry)
    request = files[0].request
    project = project_of(folder, request.root)
    producer = Producer(source_name(request), files[0].format, project=project)
    return Writing(plan(folder, found.files, producer, force=force), found.created)


def revealed(files: Sequence[RenderedFile], *, dry: bool = False) -> Revealed:
    """Return the files of one evaluation with their secret values, for the disk session."""
    request = files[0].request
    environment = request.environment or "default"
    return Revealed([each.draft for each in files], request.root, environment, dry=dry)


def write(files: Sequence[RenderedFile], folder: str | Path, *, force: bool = False) -> Plan:
    """
    Write the files of one evaluation into a folder: all of them, or nothing.

    Files that an earlier run of the same DSL file wrote and that are no longer generated
    are removed.

    Args:
        files: What :meth:`Evaluation.render` returned.
        folder: The folder.
        force: Overwrite files that are not K8s-Gen's own, or were edited.

    Raises:
        ForeignFile: for a file in the folder that is not K8s-Gen's own.
        SecretNotStored: for a generated secret that has no value, in CI.
        ValueError: if there are no files.
    """
    writing = planned(files, Path(folder), force=force)
    write_plan(writing.plan)
    return writing.plan
