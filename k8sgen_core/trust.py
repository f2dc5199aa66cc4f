"""
The folders whose code the user lets the language server run, kept outside of all of them.

Entries are real paths, so a link never carries trust to where it leads.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping
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
        self._change(lambda listed: {*listed, trusted})

    def distrust(self, folder: Path) -> None:
        """Take a folder off the list; it need not exist any more."""
        distrusted = _real(folder)
        listed = self.folders()
        if distrusted not in listed:
            around = [str(each) for each in listed if distrusted.is_relative_to(each)]
            where = f"; it is trusted as part of {around[0]}" if around else ""
            raise TrustError(f"{distrusted} is not in the list of trusted folders{where}")
        self._change(lambda listed: {*listed} - {distrusted})

    def folders(self) -> list[Path]:
        """Return the listed folders, sorted."""
        if not os.path.lexists(self._file):
            return []
        self._refuse_others()
        try:
            return self._parsed(json.loads(read_regular(self._file)))
        except (OSError, ValueError, RecursionError) as error:
            message = f"{self._file} cannot be used: {error}; correct or remove it, no folder is trusted"
            raise TrustError(message) from None
