"""
Modules as they were read before, kept in the user's own cache folder between sessions.

An entry counts for one file as it was: its path, when it was changed, its size, and the
version of Python and of the index that read it. It is JSON, which runs nothing when it is
loaded; what cannot be understood is not there. A cache inside of a workspace would be a way
to tell the editor lies, so a relative path is never used.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from threading import Lock, Timer
from typing import Any, TypeAlias

from k8sgen_core import __version__
from k8sgen_core.digests import digest_of
from k8sgen_lsp.static.described import Class, Member, Module, Parameter

Mark: TypeAlias = tuple[int, int]

# To be counted up whenever the index says other things of the same source.
FORMAT = 2
_MOST = 500
_MOST_FILES = 100
_LARGEST = 16_000_000
_DELAY = 2.0


def cache_home(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return the folder of what may be lost; ``K8SGEN_CACHE_HOME`` overrides it."""
    own = environ.get("K8SGEN_CACHE_HOME", "")
    if os.path.isabs(own):
        return Path(own)
    home = Path(os.path.expanduser("~"))
    if platform == "darwin":
        return home / "Library/Caches/k8sgen"
    variable, usual = (
        ("LOCALAPPDATA", home / "AppData/Local")
        if platform == "win32"
        else ("XDG_CACHE_HOME", home / ".cache")
    )
    given = environ.get(variable, "")
    return (Path(given) if os.path.isabs(given) else usual) / "k8sgen"


class Store:
    """The modules of some folders, each folder's in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, dict[str, Any]] = {}
        self._changed: set[Path] = set()
        self._lock = Lock()
        self._timer: Timer | None = None

    def find(self, home: Path, path: Path, mark: Mark) -> Module | None:
        """Return the module in a file below ``home``, if it was read when it was as it is now."""
        entry = self._entries(home).get(str(path))
        try:
            if not entry or entry["mark"] != list(mark):
                return None
            module = entry["module"]
            return module if isinstance(module, Module) else _module(module)
        except (KeyError, TypeError, AttributeError):
            return None

    def keep(self, home: Path, path: Path, mark: Mark, module: Module) -> None:
        """Remember a module; it is written when there has been nothing to remember for a while."""
        with self._lock:
            entries = self._entries(home)
            # What was used last is kept longest.
            entries.pop(str(path), None)
            entries[str(path)] = {"mark": list(mark), "module": module}
            self._changed.add(home)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = Timer(_DELAY, self.save)
            self._timer.daemon = True
            self._timer.start()

    def save(self) -> None:
        """Write what has changed; a cache that cannot be written is no fault."""
        with self._lock, contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            while self._changed:
                home = self._changed.pop()
                kept = dict(list(self._known[home].items())[-_MOST:])
                _write(self._file(home), json.dumps(kept, default=_fields, separators=(",", ":")))
            _prune(self._folder)

    def _entries(self, home: Path) -> dict[str, Any]:
        if home not in self._known:
            self._known[home] = _read(self._file(home))
        return self._known[home]

    def _file(self, home: Path) -> Path:
        reader = (FORMAT, __version__, sys.version, sys.executable, str(home))
        name = digest_of(repr(reader))[:32]
        return self._folder / f"index-{name}.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, text: str) -> None:
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    staged.replace(path)


def _prune(folder: Path) -> None:
    """Remove the files that were written longest ago: of projects and versions that are gone."""
    files = sorted(folder.glob("index-*.json"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_MOST_FILES]:
        path.unlink(missing_ok=True)


def _fields(described: Any) -> dict[str, Any]:
    return {each.name: getattr(described, each.name) for each in fields(described)}


def _module(entry: Mapping[str, Any]) -> Module:
    classes = {name: _class(each) for name, each in entry["classes"].items()}
    functions = {name: _member(each) for name, each in entry["functions"].items()}
    constants = {name: tuple(each) for name, each in entry["constants"].items()}
    return Module(**{**entry, "classes": classes, "functions": functions, "constants": constants})


def _class(entry: Mapping[str, Any]) -> Class:
    constructor = entry["constructor"]
    return Class(
        **{
            **entry,
            "bases": tuple(entry["bases"]),
            "aliases": tuple(entry["aliases"]),
            "own": {name: _member(each) for name, each in entry["own"].items()},
            "constructor": None if constructor is None else _parameters(constructor),
        }
    )


def _member(entry: Mapping[str, Any]) -> Member:
    return Member(**{**entry, "parameters": _parameters(entry["parameters"])})


def _parameters(entries: list[Any]) -> tuple[Parameter, ...]:
    return tuple(Parameter(**{**each, "choices": tuple(each["choices"])}) for each in entries)
