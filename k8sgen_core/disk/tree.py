"""What writing some files into a folder would change there, and doing it."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from k8sgen_core.disk import journal, ownership
from k8sgen_core.disk.ownership import RECORD, Entry
from k8sgen_core.disk.paths import check_collisions, checked, is_kind, refuse_links

_OTHERS = 0o077


class ForeignFile(ValueError):
    """A file that stands in the way and is not ours to replace or remove."""

    def __init__(self, path: Path, problem: str, hint: str) -> None:
        super().__init__(f"{path} {problem}")
        self.path = path
        self.hint = hint


class EditedFile(ForeignFile):
    """A file of ours that somebody edited."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file to write; ``root`` is the name of the builder that it belongs to."""

    path: PurePosixPath
    content: bytes = field(repr=False)
    root: str
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Producer:
    """
    Who writes: a DSL file (relative to the project root, with ``/``) in one format.

    ``roots`` limits a run to the files of these roots; those of others are then left alone.
    ``project`` is the project root, as seen from the folder. Inside of the project, files of its
    DSL files that are no longer there belong to whoever of it writes next.
    """

    source: str
    format: str
    roots: frozenset[str] | None = None
    project: str | None = None

    def owns(self, entry: Entry, folder: Path) -> bool:
        """Return whether this run may replace and remove the file of ``entry`` in ``folder``."""
        # Records that were written before name no project: it is taken to be this one.
        project = self.project if entry.project is None else entry.project
        file = _file(folder, project, entry.source)
        is_gone = not os.path.lexists(file)
        is_same = file == _file(folder, self.project, self.source)
        is_ours = is_same or (is_gone and entry.source == self.source)
        is_wanted = self.roots is None or entry.root in self.roots
        if is_ours and is_wanted and entry.format == self.format:
            return True
        return is_gone and self._writes_inside and project == self.project

    @property
    def _writes_inside(self) -> bool:
        """Return whether the folder is in the project; what is outside has no fixed way to it."""
        return self.project is not None and set(self.project.split("/")) <= {".", ".."}


def _file(folder: Path, project: str | None, source: str) -> str:
    """Return the path of a DSL file, by its project as seen from a folder."""
    return os.path.normpath(folder / (project or "") / source)


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; ``None`` where it does not exist."""

    path: PurePosixPath
    old: bytes | None = field(repr=False)
    new: bytes | None = field(repr=False)
    mode: int

    @property
    def private(self) -> bool:
        """Return whether only the owner may read it, so that its content is not for showing."""
        return not self.mode & _OTHERS


@dataclass(frozen=True, slots=True)
class _Request:
    folder: Path
    files: tuple[TreeFile, ...]
    producer: Producer
    force: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a write would do; ``changed`` includes a secret that others can read until now."""

    folder: Path
    created: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    unchanged: tuple[PurePosixPath, ...]
    request: _Request = field(repr=False)
    record: dict[PurePosixPath, Entry] = field(repr=False)
    conflicts: tuple[ForeignFile, ...] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Return whether the folder has these files already; the record does not count."""
        return not (self.created or self.changed or self.removed)


def plan(
    folder: Path, files: Sequence[TreeFile], producer: Producer, *, force: bool = False
) -> Plan:
    """Return what writing ``files`` would change, or raise the first file that is not ours."""
    request = _Request(folder.absolute(), tuple(files), producer, force)
    check_collisions([RECORD, *(checked(file.path) for file in files)])
    refuse_links(request.folder, RECORD)
    return _granted(_undisturbed(request))


def write(plan: Plan) -> None:
    """Do what ``plan`` says for the folder as it is by now, all or nothing."""
    if plan.is_empty and plan.record == ownership.read(plan.folder):
        return
    with journal.transaction(plan.folder):
        current = _granted(_survey(plan.request))
        put = [
            journal.Staged(change.path, change.new, change.mode)
            for change in (*current.created, *current.changed)
            if change.new is not None
        ]
        remove = [change.path for change in current.removed]
        if current.record:
            put.append(journal.Staged(RECORD, ownership.text_of(current.record), 0o644))
        else:
            remove.append(RECORD)
        journal.commit(plan.folder, put, remove)


def _undisturbed(request: _Request) -> Plan:
    """Survey without a lock, for that would be a write, and again if somebody wrote meanwhile."""
    while True:
        journal.recover(request.folder)
        stamp = ownership.stamp(request.folder)
        surveyed = _survey(request)
        if ownership.stamp(request.folder) == stamp and not journal.pending(request.folder):
            return surveyed


def _granted(surveyed: Plan) -> Plan:
    if surveyed.conflicts:
        raise surveyed.conflicts[0]
    return surveyed


def _survey(request: _Request) -> Plan:
    folder, producer = request.folder, request.producer
    before = ownership.read(folder)
    wanted = {file.path: file for file in request.files}
    written = [_change(folder, file) for file in request.files]
    ours = {path: before[path] for path in before if producer.owns(before[path], folder)}
    kept = {path: before[path] for path in before if path not in ours}
    gone = [_removal(folder, path, ours[path]) for path in ours if path not in wanted]
    removed = [change for change in gone if change.old is not None]
    same = {change.path: True for change in written if not _differs(folder, change)}
    differing = [change for change in written if change.path not in same]
    return Plan(
        folder,
        created=tuple(change for change in differing if change.old is None),
        changed=tuple(change for change in differing if change.old is not None),
        removed=tuple(removed),
        unchanged=tuple(same),
        request=request,
        record=kept | {path: _entry(wanted[path], producer) for path in wanted},
        conflicts=tuple(_conflicts(request, before, written, removed)),
    )


def _change(folder: Path, file: TreeFile) -> Change:
    return Change(file.path, _content(folder, file.path), file.content, file.mode)


def _removal(folder: Path, path: PurePosixPath, entry: Entry) -> Change:
    return Change(path, _content(folder, path), None, 0o644 if entry.sha256 else 0o600)


def _content(folder: Path, path: PurePosixPath) -> bytes | None:
    refuse_links(folder, path)
    place = folder / path
    return place.read_bytes() if is_kind(place, stat.S_IFREG) else None


def _differs(folder: Path, change: Change) -> bool:
    if change.old != change.new:
        return True
    exposed = os.name == "posix" and (folder / change.path).stat().st_mode & _OTHERS
    return bool(change.private and exposed)


def _entry(file: TreeFile, producer: Producer) -> Entry:
    digest = ownership.digest_of(file.content) if file.mode & _OTHERS else None
    return Entry(producer.source, producer.format, file.root, digest, producer.project)


def _conflicts(
    request: _Request,
    before: ownership.Record,
    written: Sequence[Change],
    removed: Sequence[Change],
) -> Iterator[ForeignFile]:
    leaving = {change.path for change in removed}
    for change in written:
        yield from _obstacles(request.folder, change.path, leaving)
    if not request.force:
        for change in (*written, *removed):
            if change.old is not None:
                yield from _claims(request, change, before.get(change.path))


def _obstacles(
    folder: Path, path: PurePosixPath, leaving: set[PurePosixPath]
) -> Iterator[ForeignFile]:
    """Yield what stands where ``path`` needs a file or a folder and will still be there then."""
    hint = "move it away, or generate into another folder"
    for parent in path.parents[:-1]:
        if is_kind(folder / parent, stat.S_IFREG) and parent not in leaving:
            yield ForeignFile(folder / parent, "is a file, and a folder is needed there", hint)
    place = folder / path
    if not os.path.lexists(place) or is_kind(place, stat.S_IFREG):
        return
    content = [PurePosixPath(inner.relative_to(folder)) for inner in place.rglob("*")]
    folders = {parent for inner in leaving for parent in inner.parents}
    if not is_kind(place, stat.S_IFDIR) or not leaving.union(folders).issuperset(content):
        yield ForeignFile(place, "is not a file, and a file is needed there", hint)


def _claims(request: _Request, change: Change, entry: Entry | None) -> Iterator[ForeignFile]:
    place = request.folder / change.path
    if entry is None:
        if change.old != change.new:
            hint = "move it away, or overwrite it with --force"
            yield ForeignFile(place, "exists and was not written by k8s-gen", hint)
    elif not request.producer.owns(entry, request.folder):
        owner = f"{_named(request, entry)} (format {entry.format}, root {entry.root})"
        hint = "rename one of the two, use another folder, or take it over with --force"
        yield ForeignFile(place, f"belongs to {owner}", hint)
    elif change.old not in {None, change.new} and entry.was_edited(change.old):
        hint = f"move the edit into {entry.source}, then discard it here with --force"
        yield EditedFile(place, "was edited after k8s-gen wrote it", hint)


def _named(request: _Request, entry: Entry) -> str:
    """Return how a DSL file is called here; one of another project with that."""
    if entry.project in {None, request.producer.project}:
        return entry.source
    return f"{entry.source} of the project {os.path.normpath(request.folder / entry.project)}"
