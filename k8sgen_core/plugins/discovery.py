"""Where plugins are: registered files, listed folders, and installed packages that are listed."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from k8sgen_core.carriers import Origins
from k8sgen_core.plugins.importing import FOLDERS, PUBLIC

GROUP = "k8s_gen.plugins"


class Source(NamedTuple):
    """A plugin's file; ``origin`` is the call that named it, ``module`` how it is installed."""

    name: str
    file: Path
    origin: Origins = None
    module: str | None = None

    @property
    def shown(self) -> str:
        """What messages call it."""
        return self.module or self.file.name


def file_of(path: Path) -> Path:
    """Return the file of a module, or of a package by its folder."""
    return path / "__init__.py" if path.is_dir() else path


def is_file_of(module: ModuleType | None, file: Path) -> bool:
    """Was this module read from the file?"""
    found = getattr(module, "__file__", None)
    return found is not None and Path(found).resolve() == file


def listed(root: Path) -> dict[str, Source]:
    """Return the plugins that the configuration lists: those of folders, and installed ones."""
    found: dict[str, Source] = {}
    for name in _names(root):
        folder = root / name
        given = in_folder(folder) if folder.is_dir() else installed(name)
        found.update({source.name: source for source in given})
    return found


def absent(root: Path) -> list[str]:
    """Return what the configuration lists and is not there; the usual folder need not be."""
    names = [name for name in _names(root) if name != FOLDERS[0] and not (root / name).is_dir()]
    return [name for name in names if not installed(name)]


def _names(root: Path) -> Sequence[str]:
    from k8sgen_core.config import ConfigurationError, load

    try:
        return load(root).plugins
    except ConfigurationError:
        # It is a finding of its own, whoever asks for the configuration.
        return ()


def in_folder(folder: Path) -> list[Source]:
    """Return the plugins of a folder: its modules and packages."""
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith(("_", ".")))
    files = [file_of(path) for path in paths if path.suffix == ".py" or path.is_dir()]
    return [
        Source(file.parent.name if file.stem == "__init__" else file.stem, file.resolve())
        for file in files
        if file.is_file()
    ]


def installed(name: str) -> list[Source]:
    """Return the installed plugin of a name, by its entry point."""
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group=GROUP, name=name):
        spec = importlib.util.find_spec(point.module)
        if spec is not None and spec.origin is not None:
            file = Path(spec.origin).resolve()
            found.append(Source(name, file, module=point.module))
    return found


def loader(source: Source, root: Path) -> Callable[[], ModuleType]:
    """Return what imports a plugin's file, under the name that an import statement would use."""
    running = sys.modules.get("__main__")
    if running is not None and is_file_of(running, source.file):
        return lambda: running
    name = source.module or _name_in_project(source.file, root)
    if name is not None:
        return lambda: importlib.import_module(name)
    return lambda: _foreign(source)


def _name_in_project(file: Path, root: Path) -> str | None:
    place = file.parent if file.stem == "__init__" else file.with_suffix("")
    try:
        parts = place.relative_to(root.resolve()).parts
    except ValueError:
        return None
    return ".".join(parts) if len(parts) > 1 and parts[0] in FOLDERS else None


def _foreign(source: Source) -> ModuleType:
    """Import a file from elsewhere; what an editor has not saved yet is found on this way too."""
    place = source.file.parent if source.file.stem == "__init__" else source.file
    name = f"{PUBLIC}.{source.name}.{place.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = PathFinder.find_spec(name, [str(place.parent)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{source.file.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    with ExitStack() as undo:
        sys.modules[name] = module
        undo.callback(sys.modules.pop, name)
        spec.loader.exec_module(module)
        undo.pop_all()
    return module
