"""Which folders may have their code run: those that the user named, and no others."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from k8sgen_core.trust import Trust, TrustError

log = logging.getLogger(__name__)


class TrustedFolders:
    """
    The decisions of this session, and behind them the user's own list.

    The nearest decision counts. Folders are compared by their real paths, so that a link
    never carries trust to where it leads.
    """

    def __init__(self) -> None:
        self._decisions: dict[Path, bool] = {}

    def decide(self, folder: Path, *, trusted: bool) -> None:
        """Trust a folder for this session, or do not."""
        self._decisions[_real(folder)] = trusted

    def covers(self, *paths: Path) -> bool:
        """Is every one of these files and folders in a trusted folder?"""
        return all(self._is_trusted(_real(path)) for path in paths)

    def _is_trusted(self, path: Path) -> bool:
        for folder in (path, *path.parents):
            if folder in self._decisions:
                return self._decisions[folder]
        try:
            return Trust().is_trusted(path)
        except TrustError as error:
            log.warning("%s", error)
            return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
