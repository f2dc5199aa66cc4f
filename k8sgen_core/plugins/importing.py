"""
A project's own folders as packages: ``plugins``, ``validators``, ``output_formats``.

They can be imported first, with or without ``__init__.py``, under the tool and by
``python FILE`` alike; project plugins also as ``k8s_gen.plugins.<name>``. A module whose
file is the one that is running *is* the running module: it never runs twice.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

FOLDERS = ("plugins", "validators", "output_formats")
_PUBLIC = "k8s_gen.plugins"


class ProjectFinder:
    """Finds the project's folders before anything that is installed under their names."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a package or module of the project is."""
        del path, target
        top, _, rest = name.removeprefix("k8s_gen.").partition(".")
        if top not in FOLDERS or (name.startswith("k8s_gen.") and top != "plugins"):
            return None
        folder = project_folder() / top
        if rest:
            return _module(name, folder.joinpath(*rest.split(".")))
        if name == _PUBLIC or folder.is_dir():
            return _package(name, folder)
        return None


def _package(name: str, folder: Path) -> importlib.machinery.ModuleSpec | None:
    start = folder / "__init__.py"
    if name != _PUBLIC and start.is_file():
        return importlib.util.spec_from_file_location(
            name, start, submodule_search_locations=[str(folder)]
        )
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    return spec


def _module(name: str, path: Path) -> importlib.machinery.ModuleSpec | None:
    file = path.with_suffix(".py")
    running = sys.modules.get("__main__")
    started = getattr(running, "__file__", None)
    if started is not None and file.is_file() and _same(Path(started), file):
        return importlib.machinery.ModuleSpec(name, _Running(), origin=str(file))
    if file.is_file():
        return importlib.util.spec_from_file_location(name, file)
    if path.is_dir():
        return _package(name, path)
    return None


def _same(first: Path, second: Path) -> bool:
    return first.resolve() == second.resolve()


class _Running:
    """Loads the module that is running already."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Return the running module."""
        del spec
        return sys.modules["__main__"]

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: it runs already."""


def project_folder() -> Path:
    """Return the project of the run, else that of the script that is running."""
    from k8sgen_core.config import project_root
    from k8sgen_core.session import current

    root = current().root
    if root is not None:
        return root
    started = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path.cwd() if started is None else project_root(Path(started).resolve())


def install() -> None:
    """Let the project's folders be imported, once."""
    if not any(isinstance(finder, ProjectFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, ProjectFinder())
