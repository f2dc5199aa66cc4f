"""The paths that may be written below a folder, on every system alike."""

import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

TRANSACTION = ".k8sgen-transaction"

_OTHERS = frozenset({".git", "git~1", ".k8sgen", TRANSACTION})
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_FORBIDDEN = frozenset('\\:*?"<>|')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST = 255


class UnsafePath(ValueError):
    """A path that would leave its folder, or that some system cannot store under this name."""


def checked(path: PurePosixPath) -> PurePosixPath:
    """Return ``path`` if it names a place below a folder on every system."""
    if path.is_absolute() or not path.parts:
        raise UnsafePath(f"the output path {str(path)!r} is not relative to the output folder")
    for part in path.parts:
        if problem := _problem_of(part):
            raise UnsafePath(f"the output path {str(path)!r} is not safe: {part!r} {problem}")
    return path


def check_collisions(paths: Iterable[PurePosixPath]) -> None:
    """Refuse paths that are one file, or a file and a folder, where case does not count."""
    files: dict[str, PurePosixPath] = {}
    for path in paths:
        other = files.setdefault(_folded(path), path)
        if other is not path:
            raise UnsafePath(
                f"the output paths '{other}' and '{path}' are one file on some systems"
            )
    for path in files.values():
        for parent in path.parents:
            if _folded(parent) in files:
                raise UnsafePath(f"the output path '{parent}' is a file, and a folder in '{path}'")


def refuse_links(folder: Path, path: PurePosixPath) -> None:
    """Refuse symbolic links in ``path`` and in place of ``folder``: they may lead out of it."""
    places = [folder, *(folder / parent for parent in path.parents[:-1]), folder / path]
    for place in places:
        if place.is_symlink():
            raise UnsafePath(
                f"{place} is a symbolic link, which k8s-gen does not follow: remove it"
            )


def is_kind(place: Path, kind: int) -> bool:
    """Return whether a regular file or folder (``stat.S_IFREG`` ...) stands there, not a link."""
    try:
        return stat.S_IFMT(place.lstat().st_mode) == kind
    except (FileNotFoundError, NotADirectoryError):
        return False


def read_regular(place: Path) -> bytes:
    """Return the content of a regular file, which a link or a pipe is not."""
    if not is_kind(place, stat.S_IFREG):
        raise ValueError("it is no regular file")
    return place.read_bytes()


def _problem_of(part: str) -> str | None:
    name = part.casefold()
    if part == "..":
        return "leads out of the output folder"
    if any(unicodedata.category(character) in _INVISIBLE for character in part):
        return "contains an invisible character"
    if _FORBIDDEN.intersection(part) or part[-1] in ". ":
        return "is no file name on Windows"
    if name.split(".")[0].rstrip() in _DEVICES:
        return "is a device on Windows"
    if name in _OTHERS:
        return "belongs to another tool"
    return "is too long" if len(part.encode()) > _LONGEST else None


def _folded(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(path)).casefold())
