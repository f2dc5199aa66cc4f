"""
What a document can call beside the installed packages: classes of its own and its project's.

Modules are read, never imported, and read again when they change. Unsaved texts count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from k8sgen_core.config.discovery import MOST_MODULES
from k8sgen_core.digests import digest_of
from k8sgen_core.plugins.importing import FOLDERS, PUBLIC
from k8sgen_core.plugins.naming import names_of
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.described import Class, Member, Module, Parameter
from k8sgen_lsp.static.describing import described
from k8sgen_lsp.static.introspected import Introspected, refined
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.store import Mark, Store
from k8sgen_lsp.static.tolerant import class_blocks, definitions_in, statements

DOCUMENT = "__main__"
_LARGEST = 1_000_000


class Modules:
    """
    The modules of workspaces and libraries, as they were read last.

    ``text_of`` knows unsaved texts, which count instead of the files; ``store`` has what
    earlier sessions read.
    """

    def __init__(
        self,
        text_of: Callable[[Path], str | None] = lambda path: None,
        store: Store | None = None,
    ) -> None:
        self._text_of = text_of
        self._store = store
        self._known: dict[tuple[Path, str], tuple[object, Module]] = {}

    def text(self, path: Path) -> str | None:
        """Return the text of a file as the editor has it, ``None`` if it cannot be read."""
        try:
            text = self._text_of(path)
            if text is None and path.stat().st_size <= _LARGEST:
                text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return text

    def read(self, path: Path, name: str, home: Path) -> Module | None:
        """Return the module in a file below ``home``, ``None`` if it cannot be read."""
        text = self._text_of(path)
        try:
            if text is None:
                return self._saved(path, name, home)
            return self._remembered(path, name, text, lambda: _described(path, name, text))
        except (OSError, UnicodeDecodeError):
            return None

    def _saved(self, path: Path, name: str, home: Path) -> Module | None:
        stat = path.stat()
        if stat.st_size > _LARGEST:
            return None
        mark = (stat.st_mtime_ns, stat.st_size)
        return self._remembered(path, name, mark, lambda: self._stored(path, name, home, mark))

    def _stored(self, path: Path, name: str, home: Path, mark: Mark) -> Module:
        found = self._store.find(home, path, mark) if self._store else None
        if found is not None and found.name == name:
            return found
        made = _described(path, name, path.read_text(encoding="utf-8"))
        if self._store is not None:
            self._store.keep(home, path, mark, made)
        return made

    def _remembered(
        self, path: Path, name: str, mark: object, read: Callable[[], Module]
    ) -> Module:
        known = self._known.get((path, name))
        if known is None or known[0] != mark:
            known = self._known[path, name] = (mark, read())
        return known[1]


def _described(path: Path, name: str, text: str) -> Module:
    package = name if path.name == "__init__.py" else None
    made = described(name, statements(text), package)
    made.digest = digest_of(text)
    return made


class WorkspaceCatalogue(Catalogue):
    """
    The catalogue for one document.

    ``folders`` are where its modules are: the project's root, and the document's own folder;
    none for a document that is no file.
    """

    def __init__(
        self,
        installed: Catalogue,
        modules: Modules,
        text: str,
        folders: Sequence[Path] = (),
        libraries: Sequence[Path] = (),
    ) -> None:
        super().__init__({})
        self._libraries = libraries
        # What the worker found when it loaded them.
        self.introspected: Introspected = {}
        self._plugins: list[Class] | None = None
        self._installed = installed
        self._read = modules
        self._text = text
        self._folders = folders

    def module(self, name: str) -> Module | None:
        """Return the document, or a module that is installed or the project's."""
        found = self._installed.module(name)
        if found is None and name not in self._modules:
            self._modules[name] = self._refined(self._own(name))
        return found or self._modules[name]

    def _refined(self, module: Module | None) -> Module | None:
        """Return a module with what loading it showed, if what was loaded is this text."""
        if module is None or not self.introspected:
            return module
        known = {
            name: self.introspected.get(each.qualified) for name, each in module.classes.items()
        }
        text = module.digest or (digest_of(self._text) if module.name == DOCUMENT else "")
        current = {n: each for n, each in known.items() if each and each["digest"] == text}
        if not current:
            return module
        classes = {
            name: refined(each, current[name]) if name in current else each
            for name, each in module.classes.items()
        }
        return replace(module, classes=classes)

    def _own(self, name: str) -> Module | None:
        if name == DOCUMENT:
            layout = layout_of(self._text)
            return _document(class_blocks(layout), tuple(layout.imports.items()))
        for home, place in self._places(name):
            file = _file(place)
            if file is not None:
                return self._read.read(file, name, home)
            if place.is_dir():
                return Module(name)
        return None

    def source(self, module: str) -> Path | None:
        """Return the file of a module; the document itself is none of its project's modules."""
        installed = self._installed.source(module)
        if installed is not None or module == DOCUMENT:
            return installed
        return next(filter(None, (_file(place) for _, place in self._places(module))), None)

    def text(self, path: Path) -> str | None:
        """Return the text of a module's file, as the editor has it if it is open."""
        return self._read.text(path)

    def _places(self, name: str) -> Iterator[tuple[Path, Path]]:
        if name == PUBLIC or name.startswith(f"{PUBLIC}."):
            name = name.removeprefix("k8s_gen.")
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return
        folders = self._folders[:1] if parts[0] in FOLDERS else reversed(self._folders)
        yield from ((home, home.joinpath(*parts)) for home in (*folders, *self._libraries))

    def members(self, found: Class) -> dict[str, Member]:
        """Return the members of a class, and of a builder those that plugins bring along."""
        if found not in self._members:
            members = dict(super().members(found))
            adds = members.get("add")
            if adds is not None and adds.signature.startswith("add(*"):
                for plugin in self.plugins():
                    for name in names_of(plugin.name, plugin.aliases):
                        members.setdefault(f"add_{name}", _adding(name, plugin))
            self._members[found] = members
        return self._members[found]

    def plugins(self) -> list[Class]:
        """Return the plugins of the project and of the document."""
        if self._plugins is None:
            self._plugins = self._found()
        return self._plugins

    def leads_to_dsl(self, imported: Iterable[str]) -> bool:
        """Do modules of the project that something is imported from use ours?"""
        waiting, seen = [*imported], {DOCUMENT}
        while waiting and len(seen) < MOST_MODULES:
            name = waiting.pop()
            if is_installed(name):
                return True
            for part in {name, name.rpartition(".")[0]} - seen:
                seen.add(part)
                module = self.module(part) if self._is_own(part) else None
                waiting += module.imports.values() if module else ()
        return False

    def _is_own(self, name: str) -> bool:
        own = (place for home, place in self._places(name) if home in self._folders)
        return any(_file(place) is not None for place in own)

    def _found(self) -> list[Class]:
        stems = [stem for root in self._folders[:1] for stem in sorted(_stems(root / FOLDERS[0]))]
        names = [DOCUMENT, *(f"{FOLDERS[0]}.{stem}" for stem in stems)]
        modules = filter(None, map(self.module, names))
        found = {
            each.name: each
            for module in modules
            for each in module.classes.values()
            if self.is_plugin(each)
        }
        return list(found.values())


@lru_cache(maxsize=8)
def _document(blocks: tuple[str, ...], imports: tuple[tuple[str, str], ...]) -> Module:
    """Return what a document defines; an edit elsewhere leaves that as it is."""
    found = described(DOCUMENT, [node for block in blocks for node in definitions_in(block)])
    found.imports = dict(imports)
    return found


def _file(place: Path) -> Path | None:
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def _stems(folder: Path) -> Iterator[str]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix == ".py" and path.stem.isidentifier() and path.stem != "__init__":
            yield path.stem
        elif (path / "__init__.py").is_file():
            yield path.name


def _adding(name: str, plugin: Class) -> Member:
    about = plugin.documentation.partition("\n")[0]
    what = f"Keep a ``{plugin.name}`` with this one: it is generated with it."
    return Member(
        name=f"add_{name}",
        owner=plugin.qualified,
        signature=f"add_{name}(plugin: {plugin.name}) -> Self",
        documentation=f"{what}\n\n{about}",
        returns="Self",
        is_property=False,
        parameters=(Parameter("plugin", annotation=plugin.name),),
    )
