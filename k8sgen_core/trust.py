"""
The folders whose code the user lets the language server run, kept outside of all of them.

Entries are real paths, so a link never carries trust to where it leads.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from k8sgen_core.disk import durable
from k8sgen_core.disk.paths import read_regular

FILE = "trusted.json"


class TrustError(ValueError):
    """A folder that cannot be trusted, or a list of folders that cannot be used."""


def configuration_home(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Path:
    """
    Return the folder of the user's own configuration; ``K8SGEN_CONFIG_HOME`` overrides it.

    A relative path in a variable would mean a folder of the workspace, so it is not used.
    """
    if own := environ.get("K8SGEN_CONFIG_HOME"):
        if not os.path.isabs(own):
            raise TrustError(f"K8SGEN_CONFIG_HOME is {own!r}: set it to an absolute path")
        return Path(own)
    return _platform_home(environ, platform) / "k8sgen"


def _platform_home(environ: Mapping[str, str], platform: str) -> Path:
    home = _home()
    if platform == "darwin":
        return home / "Library/Application Support"
    variable, usual = (
        ("APPDATA", home / "AppData/Roaming")
        if platform == "win32"
        else ("XDG_CONFIG_HOME", home / ".config")
    )
    given = environ.get(variable, "")
    return Path(given) if os.path.isabs(given) else usual


class Trust:
    """
    The list of trusted folders of one user.

    Every method raises ``TrustError`` if the list cannot be used as it is; nothing is
    trusted then.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = path or configuration_home() / FILE

    def is_trusted(self, folder: Path) -> bool:
        """Tell whether the folder, or one around it, is listed under its real path."""
        asked = _real(folder)
        if _real(self._file).is_relative_to(asked):
            return False
        return any(asked.is_relative_to(listed) for listed in self.folders())

    def trust(self, folder: Path) -> None:
        """Trust a folder and all below it; the roots of systems and users are refused."""
        trusted = _real(folder)
        if not trusted.is_dir():
            raise TrustError(f"{folder} is no folder: name a project's folder")
        if fault := self._fault_of(trusted):
            raise TrustError(f"{folder} cannot be trusted: {fault}; name a project's folder")
        with self._changing() as listed:
            listed.add(trusted)

    def distrust(self, folder: Path) -> None:
        """Take a folder off the list; it need not exist any more."""
        distrusted = _real(folder)
        with self._changing() as listed:
            if distrusted not in listed:
                raise TrustError(f"{folder} is not listed{_reason(distrusted, listed)}")
            listed.remove(distrusted)

    def folders(self) -> list[Path]:
        """Return the listed folders, sorted."""
        if not os.path.lexists(self._file):
            return []
        try:
            return sorted(self._listed())
        except (OSError, ValueError, RecursionError) as error:
            message = f"no folder is trusted, because {self._file} cannot be used: {error}"
            raise TrustError(f"{message}; correct or remove it") from None

    def _listed(self) -> list[Path]:
        self._refuse_others()
        listed = _parsed(json.loads(read_regular(self._file)))
        for folder in listed:
            if fault := self._fault_of(folder):
                raise ValueError(f"it lists {str(folder)!r}, but {fault}")
        return listed

    @contextlib.contextmanager
    def _changing(self) -> Iterator[set[Path]]:
        folder = self._file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with durable.locked(self._file.with_suffix(".lock")):
            listed = set(self.folders())
            yield listed
            new = self._file.with_suffix(".new")
            new.unlink(missing_ok=True)
            durable.create(new, _text_of(listed), 0o600)
            new.replace(self._file)
            durable.sync_folder(folder)

    def _refuse_others(self) -> None:
        if sys.platform != "win32":
            status = self._file.lstat()
            if status.st_uid not in {os.geteuid(), 0} or stat.S_IMODE(status.st_mode) & 0o022:
                raise ValueError("other users can write it")

    def _fault_of(self, folder: Path) -> str | None:
        if folder == Path(folder.anchor):
            return "it is the root of a file system"
        if _real(_home()).is_relative_to(folder):
            return "it holds everything of a user"
        if _real(self._file).is_relative_to(folder):
            return "it holds the list of trusted folders"
        return None


def _home() -> Path:
    return Path(os.path.expanduser("~"))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _reason(folder: Path, listed: set[Path]) -> str:
    around = sorted(each for each in listed if folder.is_relative_to(each))
    return f": it is trusted as a part of {around[0]}" if around else ""


def _parsed(document: object) -> list[Path]:
    match document:
        case {"version": 1, "folders": [*folders]} if all(map(_is_absolute, folders)):
            return [Path(folder) for folder in folders]
    raise ValueError('it is not {"version": 1, "folders": [...]} with absolute paths')


def _is_absolute(folder: object) -> bool:
    return isinstance(folder, str) and "\0" not in folder and os.path.isabs(folder)


def _text_of(folders: set[Path]) -> bytes:
    document = {"version": 1, "folders": [str(folder) for folder in sorted(folders)]}
    return (json.dumps(document, indent=2) + "\n").encode()
