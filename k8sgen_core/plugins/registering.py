"""``PluginManager``: plugins by name, from the files and folders that a project names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext

from k8sgen_core.carriers import Origin, plain
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.misfits import unknown_plugin
from k8sgen_core.origin import Call
from k8sgen_core.parts import Mishap
from k8sgen_core.plugins import discovery
from k8sgen_core.plugins.discovery import Source
from k8sgen_core.plugins.importing import project_folder
from k8sgen_core.plugins.mishaps import place_of_error
from k8sgen_core.plugins.plugin import Plugin, known
from k8sgen_core.session import Inner, current, within

_getframe = sys._getframe


class PluginManager:
    """
    Plugins of the project; every manager of a run knows the same ones.

    These are what ``register`` names, and what ``plugins`` lists in the configuration:
    folders of plugins, and names of installed ones. Nothing else is ever loaded.
    """

    def register(self, name: str, path: str) -> PluginManager:
        """
        Name the file of a plugin; it is imported when it is loaded.

        Args:
            name: The plugin's name; ``app.add_<name>(...)`` takes it too.
            path: Its file, or a folder with ``__init__.py``; a relative path starts at
                the project root.
        """
        call = Call(PluginManager, PluginManager.register, _getframe(1))
        name, path = plain(name), plain(path)
        file = discovery.file_of((project_folder() / path).resolve())
        before = current().plugins.get(name)
        if before is not None and before.file != file:
            message = f"{name!r} is registered for {before.file.name} already"
            _warn("plugin-name-taken", message, "give each plugin a name of its own", call, 0)
            return self
        if not file.is_file():
            message = f"there is no file {path!r} for the plugin {name!r}"
            _warn("plugin-not-found", message, "correct the path, or create the file", call, 1)
        if before is None:
            current().plugins[name] = Source(name, file, Origin((call, None)))
        return self

    def load_all(self) -> PluginManager:
        """Import every known plugin; one that cannot be imported is reported, others go on."""
        for name in discovery.absent(project_folder()):
            call = Call(PluginManager, PluginManager.load_all, _getframe(1))
            message = f"the configuration lists {name!r}, which is no folder and not installed"
            _warn("plugin-not-found", message, "correct the name, or install the plugin", call)
        for source in list(self._sources().values()):
            _imported(source)
        return self

    def load(self, name: str) -> type[Plugin]:
        """
        Import a plugin and return its class.

        Raises:
            ArgumentError: ``plugin-not-found`` if no such plugin is known, or its file has
                none.
        """
        name = plain(name)
        sources = self._sources()
        if name not in sources:
            raise ArgumentError(*unknown_plugin(name, sources))
        found = _class(sources[name])
        if found is None:
            message = f"there is no plugin in {sources[name].shown}"
            raise ArgumentError("plugin-not-found", message, "define a subclass of Plugin in it")
        return found

    def get(self, name: str) -> type[Plugin] | None:
        """Return the class of a known plugin, imported if need be; ``None`` if there is none."""
        source = self._sources().get(plain(name))
        return None if source is None else _class(source)

    def list(self) -> list[str]:
        """Return the names of the known plugins."""
        return sorted(self._sources())

    def _sources(self) -> dict[str, Source]:
        return {**discovery.listed(project_folder()), **current().plugins}


def _class(source: Source) -> type[Plugin] | None:
    """Return the class in a plugin's file: of its name, else the last one."""
    if not _imported(source):
        return None
    own = list(_classes(source))
    found = next((kind for kind in own if source.name in kind.names()), None)
    return found or (own[-1] if own else None)


def _classes(source: Source) -> Iterator[type[Plugin]]:
    for kind in known():
        module = sys.modules.get(kind.__module__)
        if discovery.is_file_of(module, source.file):
            yield kind


def _imported(source: Source) -> bool:
    """Import a plugin's file, once; what goes wrong is reported where it does."""
    key = f"{source.name}\0{source.file}"
    done: dict[str, bool] = current().loaded
    if key not in done:
        done[key] = source.file.is_file() and _import(source)
        for kind in _classes(source) if done[key] else ():
            if "_registered_as" not in kind.__dict__ and source.name not in kind.names():
                kind._registered_as = (source.name,)
                break
    return done[key]


def _import(source: Source) -> bool:
    load = discovery.loader(source, project_folder())
    try:
        # What a plugin's file builds, to show how it is used, is not deployed.
        with within(Inner(current())) if current().collects else nullcontext():
            load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything, and others go on.
        said = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"
        mishap = Mishap(
            rule="plugin-failed",
            message=f"the plugin {source.name!r} cannot be imported: {said}",
            hint="correct the plugin at the line shown; the others are loaded",
            origin=place_of_error(error, source.origin),
        )
        current().note(mishap)
        return False
    return True


def _warn(rule: str, message: str, hint: str, call: Call, argument: int | None = None) -> None:
    origin = Origin((call, argument))
    current().note(Mishap(rule=rule, message=message, severity="warning", hint=hint, origin=origin))
