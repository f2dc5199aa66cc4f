"""
The record of the files that are ours, ``.k8sgen-manifest``.

It notes for each file who made it and the SHA-256 of what was written, so that a file edited by
hand is not overwritten. Line endings do not count as an edit, because git may convert them. Files
that only their owner may read have no digest: the one of a short secret can be guessed. They are
overwritten without asking.

The DSL file is named as its project does; ``project`` says which one that is, by its root as seen
from the folder. Records that were written before have none.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from k8sgen_core.disk.paths import checked, read_regular

RECORD = PurePosixPath(".k8sgen-manifest")
VERSION = 1


class BadRecord(ValueError):
    """The record cannot be read, so nobody can say which files are ours."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who made a file, and the digest of what was written."""

    source: str
    format: str
    root: str
    sha256: str | None
    project: str | None = None

    def was_edited(self, content: bytes) -> bool:
        """Return whether ``content`` is something else than what was written."""
        return self.sha256 is not None and self.sha256 != digest_of(content)


Record = Mapping[PurePosixPath, Entry]


def digest_of(content: bytes) -> str:
    """Return the digest that the record keeps of a file that everybody may read."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def text_of(record: Record) -> bytes:
    """Return the record as it stands on disk."""
    files = {
        str(path): {
            "source": entry.source,
            "format": entry.format,
            "root": entry.root,
            "sha256": entry.sha256,
            **({} if entry.project is None else {"project": entry.project}),
        }
        for path, entry in record.items()
    }
    document = {"version": VERSION, "files": files}
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def read(folder: Path) -> dict[PurePosixPath, Entry]:
    """Return the record of ``folder``, empty where there is none."""
    place = folder / RECORD
    if not os.path.lexists(place):
        return {}
    try:
        return _parsed(json.loads(read_regular(place)))
    except (ValueError, RecursionError) as error:
        raise BadRecord(
            f"{place} cannot be read: {error}; restore it from version control, or delete it and "
            "take the files over with --force"
        ) from error


def stamp(folder: Path) -> tuple[int, int] | None:
    """Return what differs between two versions of the record."""
    try:
        status = (folder / RECORD).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_mtime_ns


def _parsed(document: object) -> dict[PurePosixPath, Entry]:
    match document:
        case {"version": int(version)} if version > VERSION:
            raise ValueError(f"a newer k8s-gen wrote it (version {version}), so update k8s-gen")
        case {"version": 1, "files": dict(files)}:
            return {checked(PurePosixPath(path)): _entry(path, files[path]) for path in files}
    raise ValueError('it lacks "version": 1 or "files"')


def _entry(path: str, fields: object) -> Entry:
    match fields:
        case {
            "source": str(source),
            "format": str(format_),
            "root": str(root),
            "sha256": str() | None as sha256,
            **others,
        }:
            project = str(others["project"]) if "project" in others else None
            return Entry(source, format_, root, sha256, project)
    raise ValueError(f"the entry of {path!r} is incomplete")
