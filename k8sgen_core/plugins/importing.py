"""
A project's own folders as packages: ``plugins``, ``validators``, ``output_formats``.

They can be imported first, with or without ``__init__.py``, under the tool and by
``python FILE`` alike; plugins also as ``k8s_gen.plugins.<name>``. A module whose file is
the one that is running *is* the running module: it never runs twice.

Everything that imports ``k8s_gen`` loads this, so it needs nothing but the import system.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.abc import Loader
    from pathlib import Path
else:
    Loader = object

FOLDERS = ("plugins", "validators", "output_formats")
PUBLIC = "k8s_gen.plugins"
_OWN = f"{PUBLIC}."


class ProjectFinder:
    """Finds the project's folders before anything that is installed under their names."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a package or module of the project is."""
        del target
        if name == PUBLIC:
            return _package(name, str(project_folder() / FOLDERS[0]))
        if name.startswith(_OWN):
            return _public(name)
        top, _, rest = name.partition(".")
        if top not in FOLDERS:
            return None
        return _module(name, path or ()) if rest else _top(name)


def _top(name: str) -> ModuleSpec | None:
    root = str(project_folder())
    folder = os.path.join(root, name)
    if not os.path.isdir(folder):
        return None
    found = PathFinder.find_spec(name, [root])
    return found if found is not None and found.has_location else _package(name, folder)


def _package(name: str, folder: str) -> ModuleSpec:
    """Return a package that is nothing but its folder."""
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [folder]
    return spec


def _module(name: str, folders: Sequence[str]) -> ModuleSpec | None:
    """Return the running module if that is what a name stands for; others are found as ever."""
    running = sys.modules.get("__main__")
    started = getattr(running, "__file__", None)
    found = None if started is None else PathFinder.find_spec(name, folders)
    if found is None or found.origin is None or not _is_same(found.origin, started):
        return found
    return ModuleSpec(name, _Known(lambda: sys.modules["__main__"]), origin=started)


def _public(name: str) -> ModuleSpec | None:
    """Return the module of the project that ``k8s_gen.plugins.<name>`` is another name for."""
    rest = name.removeprefix(_OWN)
    place = os.path.join(str(project_folder()), FOLDERS[0], *rest.split("."))
    if not (os.path.isdir(place) or os.path.isfile(f"{place}.py")):
        return None
    own = f"{FOLDERS[0]}.{rest}"
    return ModuleSpec(name, _Known(lambda: importlib.import_module(own)))


def _is_same(first: str, second: str | None) -> bool:
    return second is not None and os.path.realpath(first) == os.path.realpath(second)


class _Known(Loader):
    """Loads a module that is there under another name, and leaves it as it is."""

    def __init__(self, module: Callable[[], ModuleType]) -> None:
        self._module = module
        self._before: dict[str, object] = {}

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module itself."""
        del spec
        module = self._module()
        self._before = {name: getattr(module, name, None) for name in _SET}
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Take back what the import system has set; the module's body has run or is running."""
        vars(module).update(self._before)


_SET = ("__spec__", "__package__", "__loader__")


def project_folder() -> Path:
    """Return the project of the run, else that of the script that is running."""
    from pathlib import Path

    from k8sgen_core.config import project_root
    from k8sgen_core.session import current

    root = current().root
    if root is not None:
        return root
    started = getattr(sys.modules.get("__main__"), "__file__", None)
    place = None if started is None else Path(started).resolve()
    if place is None or place.is_relative_to(Path(sys.prefix).resolve()):
        # A program such as pytest, which is installed, works on what is here.
        return project_root(Path.cwd())
    return project_root(place)


def install() -> None:
    """Let the project's folders be imported, once."""
    if not any(isinstance(finder, ProjectFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, ProjectFinder())
