"""
A change of a whole folder that happens or does not happen, whenever the process is killed.

All new files are staged inside the folder itself (the only place that is surely on the same file
system and writable), in a folder of their own that exists only while a change is under way. The
renaming of the journal is the moment at which the change has happened: before it, what is staged
is dropped; after it, whoever comes next completes the steps that the journal lists.
"""

import contextlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from k8sgen_core.disk import durable
from k8sgen_core.disk.paths import (
    TRANSACTION,
    check_collisions,
    checked,
    is_kind,
    read_regular,
    refuse_links,
)


class BadJournal(ValueError):
    """What an interrupted run left behind was not written by us, or was changed since."""


class WriteFailed(OSError):
    """The file system refused a write; the message says what became of the folder."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file to put in place."""

    path: PurePosixPath
    content: bytes = field(repr=False)
    mode: int


@dataclass(frozen=True, slots=True)
class _Steps:
    put: tuple[PurePosixPath, ...]
    remove: tuple[PurePosixPath, ...]


def pending(folder: Path) -> bool:
    """Return whether a change of ``folder`` is under way or was interrupted."""
    return os.path.lexists(folder / TRANSACTION)


def recover(folder: Path) -> None:
    """Complete or drop what a killed process left in ``folder``; waits for one that is alive."""
    if pending(folder):
        with transaction(folder):
            pass


@contextlib.contextmanager
def transaction(folder: Path) -> Iterator[None]:
    """Be the only one who changes ``folder``, in a state that is not half of anything."""
    state = folder / TRANSACTION
    if state.is_symlink() or state.is_file():
        raise BadJournal(f"{state} is not a folder that k8s-gen made: remove it")
    try:
        with durable.locked(state / "lock", temporary=True):
            _settle(folder)
            try:
                yield
            finally:
                _drop_staged(state)
    finally:
        # What somebody still needs, or has just made, keeps the folder from going.
        with contextlib.suppress(OSError):
            state.rmdir()


def commit(folder: Path, put: Sequence[Staged], remove: Sequence[PurePosixPath]) -> None:
    """Replace and remove files of ``folder``, all or none; call it inside its transaction."""
    steps = _Steps(tuple(file.path for file in put), tuple(remove))
    try:
        _stage(folder / TRANSACTION, put, steps)
    except OSError as error:
        raise WriteFailed(f"cannot write to {folder}: {error}; nothing was changed") from error
    _replay(folder, steps)


def _stage(state: Path, put: Sequence[Staged], steps: _Steps) -> None:
    stage = state / "stage"
    stage.mkdir()
    for index, file in enumerate(put):
        durable.create(stage / str(index), file.content, file.mode)
    durable.sync_folder(stage)
    durable.create(state / "journal.new", _text_of(steps), 0o600)
    os.replace(state / "journal.new", state / "journal")


def _settle(folder: Path) -> None:
    journal = folder / TRANSACTION / "journal"
    if os.path.lexists(journal):
        _replay(folder, _read(folder, journal))
    _drop_staged(folder / TRANSACTION)


def _replay(folder: Path, steps: _Steps) -> None:
    """Do what is not done yet: each step may already be done, by us or by a killed process."""
    state = folder / TRANSACTION
    try:
        durable.sync_folder(state)
        _remove(folder, steps.remove)
        _put(folder, steps.put)
    except OSError as error:
        raise WriteFailed(
            f"cannot put the new files in place: {error}; once the cause is gone, "
            f"the next k8sgen command on {folder} completes it"
        ) from error
    (state / "journal").unlink()


def _remove(folder: Path, paths: Sequence[PurePosixPath]) -> None:
    for path in paths:
        # A folder of that name may have been put in place by a killed process.
        if is_kind(folder / path, stat.S_IFREG):
            (folder / path).unlink()
        for parent in path.parents[:-1]:
            # Not empty, or removed with an earlier path.
            with contextlib.suppress(OSError):
                (folder / parent).rmdir()


def _put(folder: Path, paths: Sequence[PurePosixPath]) -> None:
    parents = {folder: True}
    for index, path in enumerate(paths):
        staged = folder / TRANSACTION / "stage" / str(index)
        target = folder / path
        if staged.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, target)
            parents[target.parent] = True
    for parent in parents:
        durable.sync_folder(parent)


def _drop_staged(state: Path) -> None:
    """Remove what is staged, unless a journal still needs it."""
    if os.path.lexists(state / "journal"):
        return
    (state / "journal.new").unlink(missing_ok=True)
    stage = state / "stage"
    if stage.is_symlink():
        raise BadJournal(f"{stage} is a symbolic link, which k8s-gen did not make: remove it")
    if stage.exists():
        for file in stage.iterdir():
            file.unlink()
        stage.rmdir()


def _text_of(steps: _Steps) -> bytes:
    put, remove = ([str(path) for path in paths] for paths in (steps.put, steps.remove))
    return json.dumps({"version": 1, "put": put, "remove": remove}).encode()


def _read(folder: Path, journal: Path) -> _Steps:
    try:
        steps = _parsed(json.loads(read_regular(journal)))
        check_collisions(steps.put)
        for path in (*steps.put, *steps.remove):
            refuse_links(folder, path)
        _check_staged(journal.parent / "stage", len(steps.put))
    except (ValueError, RecursionError) as error:
        raise BadJournal(
            f"{journal} is not a journal that k8s-gen can follow: {error}; nothing was touched, "
            f"remove {journal.parent} and generate again"
        ) from error
    return steps


def _parsed(document: object) -> _Steps:
    match document:
        case {"version": 1, "put": [*put], "remove": [*remove]}:
            return _Steps(tuple(map(_path, put)), tuple(map(_path, remove)))
    raise ValueError('it lacks "version": 1, "put" or "remove"')


def _path(item: object) -> PurePosixPath:
    match item:
        case str():
            return checked(PurePosixPath(item))
    raise ValueError(f"{item!r} is no path")


def _check_staged(stage: Path, count: int) -> None:
    if os.path.lexists(stage) and not is_kind(stage, stat.S_IFDIR):
        raise ValueError("its stage is no folder")
    for index in range(count):
        file = stage / str(index)
        if os.path.lexists(file) and not is_kind(file, stat.S_IFREG):
            raise ValueError(f"the staged {file.name} is no regular file")
