"""
The static index of what users call: classes, their methods, signatures and docstrings.

It is read from source text. Nothing is imported: a folder that an editor opens must not
be able to run code by having a module of the right name.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from k8sgen_lsp.static.described import Class, Member, Module, Parameter, written
from k8sgen_lsp.static.describing import described
from k8sgen_lsp.static.tolerant import statements

__all__ = ["Catalogue", "Class", "Member", "Module", "Parameter", "installed"]

PACKAGES = ("k8s_gen", "k8sgen_core")
PLUGIN = "k8sgen_core.plugins.plugin.Plugin"
_DEPTH = 16
# A lower layer cannot name what this returns; see k8sgen_core.session.pipeline.
_RETURNED = {"k8sgen_core.builders.builder.Builder.generate": "k8sgen_core.generation.Generation"}


def read(path: Path, name: str, home: Path) -> Module | None:
    """Return the module in a file of a package that ``home`` holds."""
    del home
    package = name if path.name == "__init__.py" else None
    return described(name, statements(path.read_text(encoding="utf-8")), package)


Reading: TypeAlias = Callable[[Path, str, Path], Module | None]


class Catalogue:
    """The classes of some packages, each module read when it is first asked for."""

    def __init__(self, packages: Mapping[str, Path], reading: Reading = read) -> None:
        self._packages = packages
        self._reading = reading
        self._modules: dict[str, Module | None] = {}
        self._ancestors: dict[Class, list[Class]] = {}
        self._members: dict[Class, dict[str, Member]] = {}

    def find(self, qualified: str) -> Class | None:
        """Return the class of a dotted name, through the modules that only import it."""
        holder = self.holder(qualified)
        return holder[0].classes.get(holder[1]) if holder else None

    def holder(self, qualified: str) -> tuple[Module, str] | None:
        """Return the module that defines a dotted name, and its name there."""
        wanted: str | None = qualified
        for _ in range(_DEPTH):
            module_name, _, name = (wanted or "").rpartition(".")
            module = self.module(module_name)
            if module is None:
                return self._through(module_name, name)
            if name in module.classes or name in module.functions or name in module.variables:
                return module, name
            wanted = module.imports.get(name) or self._starred(module, name)
        return None

    def _starred(self, module: Module, name: str) -> str | None:
        star = module.imports.get("*")
        return f"{star.removesuffix('*')}{name}" if star else None

    def _through(self, dotted: str, name: str) -> tuple[Module, str] | None:
        """Return a name that is reached by way of an imported module, as ``k8s_gen.Plugin``."""
        module_name, _, imported = dotted.rpartition(".")
        module = self.module(module_name) if module_name else None
        source = module.imports.get(imported) if module else None
        return self.holder(f"{source}.{name}") if source and source != dotted else None

    def module(self, name: str) -> Module | None:
        """Return a module of the packages."""
        if name not in self._modules:
            path = self._path(name)
            home = self._packages.get(name.partition(".")[0], Path())
            self._modules[name] = self._reading(path, name, home) if path else None
        return self._modules[name]

    def _path(self, name: str) -> Path | None:
        package, *rest = name.split(".")
        if package not in self._packages:
            return None
        folder = self._packages[package].joinpath(*rest)
        paths = (folder / "__init__.py", folder.with_suffix(".py"))
        return next((path for path in paths if path.is_file()), None)

    def source(self, module: str) -> Path | None:
        """Return the file that a module is read from."""
        return self._path(module)

    def text(self, path: Path) -> str | None:
        """Return the text of a module's file."""
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def members(self, found: Class) -> dict[str, Member]:
        """Return all public members of a class, those it inherits included."""
        if found not in self._members:
            members: dict[str, Member] = {}
            for each in reversed(self.ancestry(found)):
                for name, member in each.own.items():
                    inherited = members.get(name)
                    # A field that a method has the name of is set by it, also in a subclass.
                    if not (member.is_field and inherited and not inherited.is_property):
                        members[name] = member
            self._members[found] = members
        return self._members[found]

    def signature(self, found: Class) -> str:
        """Return how the class is called."""
        return f"{found.name}({written(self.constructor(found))})"

    def constructor(self, found: Class) -> tuple[Parameter, ...]:
        """Return what the constructor takes."""
        given = (each.constructor for each in self.ancestry(found))
        return next((each for each in given if each is not None), ())

    def ancestry(self, found: Class) -> list[Class]:
        """Return the class and its bases in the order in which Python looks for a method."""
        if found not in self._ancestors:
            self._ancestors[found] = self._ancestry(found)
        return self._ancestors[found]

    def _ancestry(self, found: Class, inside: frozenset[str] = frozenset()) -> list[Class]:
        lines = [found]
        inside |= {found.qualified}
        for base in found.bases:
            # ``Base[Spec]`` has the methods of ``Base``.
            inherited = self.find(f"{found.module}.{base.partition('[')[0]}")
            if inherited is not None and inherited.qualified not in inside:
                lines += self._ancestry(inherited, inside)
        # A base that several bases share comes after all of them.
        return list({each.qualified: each for each in reversed(lines)}.values())[::-1]

    def is_plugin(self, found: Class) -> bool:
        """Is the class derived from ``Plugin``?"""
        return any(each.qualified == PLUGIN for each in self.ancestry(found)[1:])

    def plugins(self) -> list[Class]:
        """Return the plugins that the documents of a project can use."""
        return []

    def leads_to_dsl(self, imported: Iterable[str]) -> bool:
        """Do modules of the project that something is imported from use ours?"""
        del imported
        return False

    def returned(self, receiver: Class, name: str) -> Class | None:
        """Return the class of what a member gives: of a fluent method that is its receiver's."""
        member = self.members(receiver).get(name)
        if member is None:
            return None
        if member.returns == "Self" or (member.is_silent and self.is_plugin(receiver)):
            # A setter of a plugin that returns nothing gives the plugin.
            return receiver
        known = _RETURNED.get(f"{member.owner}.{name}")
        found = self.find(known or f"{member.owner.rpartition('.')[0]}.{member.returns}")
        # A base that names itself in an annotation means whatever it was called on.
        return receiver if found in self.ancestry(receiver) and not member.is_property else found


def installed(reading: Reading = read) -> Catalogue:
    """Return the catalogue of the installed packages."""
    # Looking for the spec of a package without a dot imports nothing.
    specs = {name: importlib.util.find_spec(name) for name in PACKAGES}
    origins = {name: spec.origin for name, spec in specs.items() if spec}
    packages = {name: Path(path).parent for name, path in origins.items() if path}
    return Catalogue(packages, reading)
