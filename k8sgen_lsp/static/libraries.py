"""Where the packages are that a project has installed: folders to read from, never to import."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path


def libraries(root: Path | None, environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders of the environment that is active, of the project's, and of our own."""
    return _libraries(root, environment.get("VIRTUAL_ENV") or "")


@lru_cache(maxsize=64)
def _libraries(root: Path | None, active: str) -> tuple[Path, ...]:
    homes = [Path(active)] if active else []
    homes += [root / ".venv", root / "venv"] if root else []
    found = [folder for home in homes for folder in _folders(home)]
    own = {Path(sysconfig.get_path(each)) for each in ("purelib", "platlib")}
    return tuple(dict.fromkeys([*found, *sorted(own)]))


def _folders(home: Path) -> Iterator[Path]:
    if (home / "Lib" / "site-packages").is_dir():
        yield home / "Lib" / "site-packages"
    yield from sorted(home.glob("lib/python3*/site-packages"), reverse=True)
