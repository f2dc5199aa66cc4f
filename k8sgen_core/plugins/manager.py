"""``PluginManager``: plugins by name, from the files that a project names."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import NamedTuple

from k8sgen_core.carriers import Origin, plain
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.origin import Call
from k8sgen_core.parts import Mishap
from k8sgen_core.plugins.plugin import Plugin
from k8sgen_core.session import current


class Registered(NamedTuple):
    """A plugin's file, and the call that named it."""

    path: Path
    call: Call


class PluginManager:
    """
    Plugins of the project; every manager of a run knows the same ones.

    Paths start at the project root.
    """

    def register(self, name: str, path: str) -> PluginManager:
        """
        Name the file of a plugin; it is imported when it is loaded.

        Args:
            name: The plugin's name.
            path: Its file, or a folder with ``__init__.py``; relative to the project root.
        """
        call = Call(PluginManager, PluginManager.register, sys._getframe(1))
        file = current().path(path)
        known = current().plugins.get(name)
        if known is not None and known.path != file:
            _report(call, "plugin-name-taken", f"there is another plugin named {name!r}")
        elif not file.exists():
            _report(call, "plugin-not-found", f"there is no file {plain(path)!r}")
        current().plugins.setdefault(name, Registered(file, call))
        return self

    def load_all(self) -> PluginManager:
        """Import every registered plugin; one that cannot be imported is reported."""
        for name, known in current().plugins.items():
            if known.path.exists():
                self._import(name, known)
        return self

    def load(self, name: str) -> type[Plugin]:
        """
        Import a plugin and return its class.

        Raises:
            ArgumentError: ``plugin-not-found`` if no such plugin is registered or in it.
        """
        found = self.get(name)
        if found is None:
            known = ", ".join(sorted(current().plugins)) or "none"
            raise ArgumentError(
                "plugin-not-found", f"there is no plugin {name!r}", f"registered: {known}"
            )
        return found

    def get(self, name: str) -> type[Plugin] | None:
        """Return the class of a registered plugin, ``None`` if there is none."""
        known = current().plugins.get(name)
        if known is None or not known.path.exists():
            return None
        before = len(current().plugin_classes)
        self._import(name, known)
        made = [
            kind
            for kind in current().plugin_classes
            if getattr(sys.modules.get(kind.__module__), "__file__", None) == str(_file(known.path))
        ]
        del before
        return next((kind for kind in made if name in kind.names()), made[-1] if made else None)

    def list(self) -> list[str]:
        """Return the names of the registered plugins."""
        return sorted(current().plugins)

    def _import(self, name: str, known: Registered) -> None:
        file = _file(known.path)
        if any(getattr(m, "__file__", None) == str(file) for m in list(sys.modules.values())):
            return
        module_name = f"plugins.{file.parent.name if file.stem == '__init__' else file.stem}"
        spec = importlib.util.spec_from_file_location(module_name, file)
        if spec is None or spec.loader is None:
            _report(known.call, "plugin-not-found", f"{file.name} is no Python file")
            return
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and others go on
            del sys.modules[module_name]
            message = f"the plugin {name!r} cannot be imported: {type(error).__name__}: {error}"
            _report(known.call, "plugin-failed", message, "error")


def _file(path: Path) -> Path:
    return path / "__init__.py" if path.is_dir() else path


def _report(call: Call, rule: str, message: str, severity: str = "warning") -> None:
    mishap = Mishap(
        rule=rule,
        message=message,
        severity=severity,  # type: ignore[arg-type]
        hint="correct the name or the path of register(...)",
        origin=Origin((call, None)),
    )
    current().notes.append(mishap)
