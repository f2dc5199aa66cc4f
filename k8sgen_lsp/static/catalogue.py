"""
The static index of what users call: classes, their methods, signatures and docstrings.

It is read from source text. Nothing is imported: a folder that an editor opens must not
be able to run code by having a module of the right name.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from k8sgen_lsp.static.tolerant import statements

PACKAGES = ("k8s_gen", "k8sgen_core")
PLUGIN = "k8sgen_core.plugins.plugin.Plugin"
_DEPTH = 16
# A lower layer cannot name what this returns; see k8sgen_core.session.pipeline.
_RETURNED = {"k8sgen_core.builders.builder.Builder.generate": "k8sgen_core.generation.Generation"}


@dataclass(frozen=True, slots=True)
class Member:
    """A public method or property of a class; a silent one never says what it returns."""

    name: str
    owner: str
    signature: str
    documentation: str
    returns: str
    is_property: bool
    is_silent: bool = False


class Class:
    """A class as its source describes it."""

    def __init__(self, module: str, node: ast.ClassDef) -> None:
        self.module = module
        self.name = node.name
        self.qualified = f"{module}.{node.name}"
        self.documentation = ast.get_docstring(node) or ""
        self.bases = tuple(ast.unparse(base) for base in node.bases)
        self.aliases = tuple(_aliases(node))
        # Does it answer to names that nobody has written down?
        self.is_dynamic = any(
            isinstance(each, ast.FunctionDef) and each.name == "__getattr__" for each in node.body
        )
        self._functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]

    @cached_property
    def own(self) -> dict[str, Member]:
        """The public members that the class itself defines."""
        public = (each for each in self._functions if not each.name.startswith("_"))
        return {each.name: _member(self.qualified, each) for each in public}

    @cached_property
    def parameters(self) -> str | None:
        """What the constructor takes, if the class itself says so."""
        constructors = [each for each in self._functions if each.name == "__init__"]
        return _parameters(constructors[0]) if constructors else None


class Module:
    """A module as its source describes it."""

    def __init__(self, name: str, body: Iterable[ast.stmt]) -> None:
        self.name = name
        self.classes: dict[str, Class] = {}
        self.imports: dict[str, str] = {}
        for node in _statements(body):
            if isinstance(node, ast.ClassDef):
                self.classes[node.name] = Class(name, node)
            elif isinstance(node, ast.ImportFrom):
                source = _source(name, node)
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = f"{source}.{alias.name}"
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self.imports[alias.asname or top] = alias.name if alias.asname else top


class Catalogue:
    """The classes of some packages, each module read when it is first asked for."""

    def __init__(self, packages: Mapping[str, Path]) -> None:
        self._packages = packages
        self._modules: dict[str, Module | None] = {}

    def find(self, qualified: str) -> Class | None:
        """Return the class of a dotted name, through the modules that only import it."""
        wanted: str | None = qualified
        for _ in range(_DEPTH):
            module_name, _, name = (wanted or "").rpartition(".")
            module = self.module(module_name)
            if module is None:
                return self._through(module_name, name)
            if name in module.classes:
                return module.classes[name]
            wanted = module.imports.get(name)
        return None

    def _through(self, dotted: str, name: str) -> Class | None:
        """Return a class that is named by way of an imported module, as in ``k8s_gen.Plugin``."""
        module_name, _, imported = dotted.rpartition(".")
        module = self.module(module_name) if module_name else None
        source = module.imports.get(imported) if module else None
        return self.find(f"{source}.{name}") if source and source != dotted else None

    def module(self, name: str) -> Module | None:
        """Return a module of the packages."""
        if name not in self._modules:
            path = self._path(name)
            text = path.read_text(encoding="utf-8") if path else None
            self._modules[name] = None if text is None else Module(name, statements(text))
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
        members: dict[str, Member] = {}
        for each in reversed(self._ancestry(found)):
            members.update(each.own)
        return members

    def signature(self, found: Class) -> str:
        """Return how the class is called."""
        given = (each.parameters for each in self._ancestry(found))
        parameters = next((each for each in given if each is not None), "")
        return f"{found.name}({parameters})"

    def ancestry(self, found: Class) -> list[Class]:
        """Return the class and its bases in the order in which Python looks for a method."""
        return self._ancestry(found)

    def _ancestry(self, found: Class, inside: frozenset[str] = frozenset()) -> list[Class]:
        """Return the class and its bases in the order in which Python looks for a method."""
        lines = [found]
        inside |= {found.qualified}
        for base in found.bases:
            inherited = self.find(f"{found.module}.{base}")
            if inherited is not None and inherited.qualified not in inside:
                lines += self._ancestry(inherited, inside)
        # A base that several bases share comes after all of them.
        return list({each.qualified: each for each in reversed(lines)}.values())[::-1]

    def is_plugin(self, found: Class) -> bool:
        """Is the class derived from ``Plugin``?"""
        return any(each.qualified == PLUGIN for each in self._ancestry(found)[1:])

    def returned(self, receiver: Class, name: str) -> Class | None:
        """Return the class of what a member gives: of a fluent method that is its receiver's."""
        member = self.members(receiver).get(name)
        if member is None:
            return None
        if member.returns in ("Self", receiver.name):
            return receiver
        if member.is_silent and self.is_plugin(receiver):
            # A setter of a plugin that returns nothing gives the plugin.
            return receiver
        known = _RETURNED.get(f"{member.owner}.{name}")
        return self.find(known or f"{member.owner.rpartition('.')[0]}.{member.returns}")


def installed() -> Catalogue:
    """Return the catalogue of the installed packages."""
    # Looking for the spec of a package without a dot imports nothing.
    specs = {name: importlib.util.find_spec(name) for name in PACKAGES}
    origins = {name: spec.origin for name, spec in specs.items() if spec}
    return Catalogue({name: Path(path).parent for name, path in origins.items() if path})


def _source(name: str, node: ast.ImportFrom) -> str:
    """Return the module that names are imported from; dots at its start lead upwards."""
    above = name.rsplit(".", node.level)[0] if node.level else ""
    return ".".join(filter(None, (above, node.module)))


def _aliases(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "aliases":
            texts = (inner for inner in ast.walk(each.value) if isinstance(inner, ast.Constant))
            yield from (text.value for text in texts if isinstance(text.value, str))


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, and those that only type checkers see."""
    for node in body:
        yield from node.body if isinstance(node, ast.If) else (node,)


def _member(owner: str, node: ast.FunctionDef) -> Member:
    returns = ast.unparse(node.returns) if node.returns else _inferred(node)
    is_property = "property" in _decorators(node)
    arrow = f" -> {returns}" if returns else ""
    return Member(
        name=node.name,
        owner=owner,
        signature=node.name + (f": {returns}" if is_property else f"({_parameters(node)}){arrow}"),
        documentation=ast.get_docstring(node) or "",
        returns=returns.strip("'\""),
        is_property=is_property,
        is_silent=not node.returns and not is_property and not any(_values(node)),
    )


def _inferred(node: ast.FunctionDef) -> str:
    """Return what a method gives that does not say so: itself, if every chain begins there."""
    given = [_start(value) for value in _values(node)]
    receiver = node.args.args[0].arg if node.args.args else ""
    return "Self" if given and all(name in (receiver, "super") for name in given) else ""


def _values(node: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield what a function returns."""
    for each in ast.walk(node):
        if isinstance(each, ast.Return) and each.value is not None:
            yield each.value


def _start(value: ast.expr) -> str:
    """Return the name at which a chain of calls begins; a name itself is its own chain."""
    while isinstance(value, ast.Call):
        value = value.func.value if isinstance(value.func, ast.Attribute) else value.func
    return value.id if isinstance(value, ast.Name) else ""


def _decorators(node: ast.FunctionDef) -> Iterable[str]:
    return [ast.unparse(each) for each in node.decorator_list]


def _parameters(node: ast.FunctionDef) -> str:
    """Return what a method takes, without its receiver."""
    _, _, rest = ast.unparse(node.args).partition(",")
    return rest.removeprefix(" /,").strip()
