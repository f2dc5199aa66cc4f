"""
The configuration of a project: its keys, who may set them, and which files it is about.

A project's file may come from anybody, and is read before anybody is asked for trust. So reading
it makes no code run, and no key may name an interpreter or lead out of the project. What
``validators`` names is imported only by a run of a DSL file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from k8sgen_core.config.keys import KEYS, Config, Key, Source
from k8sgen_core.config.kinds import nearest
from k8sgen_core.config.project_file import (
    ConfigurationError,
    ProjectFile,
    project_file,
    project_root,
)
from k8sgen_core.grammar import ArgumentError, shown, wrong_type

__all__ = [
    "KEYS",
    "Config",
    "ConfigurationError",
    "Key",
    "Source",
    "documentation",
    "load",
    "project_root",
]

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
PATHS = {tuple(key.name.split(".")): attribute for attribute, key in KEYS.items()}
TABLES = {path[0] for path in PATHS if len(path) > 1}

# An attribute of Config, who sets it, and the value.
Setting = tuple[str, Source, object]


def load(
    root: Path,
    environ: Mapping[str, str] = os.environ,
    options: Mapping[str, str] = NO_OPTIONS,
) -> Config:
    """
    Return the configuration of the project in ``root``.

    ``options`` are the texts given on the command line, by the name of the key. What they
    override must be valid too.
    """
    top = Path(os.path.abspath(root))
    file = project_file(top)
    settings = [
        *(_from_file(file) if file else ()),
        *_from_environment(environ),
        *_from_options(options),
    ]
    values: dict[str, Any] = {attribute: value for attribute, _, value in settings}
    sources = {KEYS[attribute].name: source for attribute, source, _ in settings}
    return Config(top, **values, sources=sources)


def documentation() -> str:
    """Return the manual page of the configuration, in Markdown."""
    from k8sgen_core.config import manual

    return manual.documentation()


def _from_file(file: ProjectFile) -> Iterator[Setting]:
    for names, value in _entries(file):
        name = ".".join(names)
        source = Source(f"`{name}` in {file.path.name}", file.place(*names))
        attribute = PATHS.get(names)
        if attribute is None:
            hint = nearest(name, map(".".join, PATHS)) or f"use one of {_known()}"
            message = f"{file.path.name} sets {shown(name)}, which is no key of the configuration"
            raise ConfigurationError(message, source.place, hint)
        yield attribute, source, _checked(KEYS[attribute].kind.check, value, source)


def _entries(file: ProjectFile) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in file.table.items():
        if name not in TABLES:
            yield (name,), value
        elif isinstance(value, dict):
            yield from (((name, inner), each) for inner, each in value.items())
        else:
            error = wrong_type(value, "it", "a table", f"write [{'.'.join((*file.above, name))}]")
            message = f"`{name}` in {file.path.name}: {error.message}"
            raise ConfigurationError(message, file.place(name), error.hint)


def _from_environment(environ: Mapping[str, str]) -> Iterator[Setting]:
    for attribute, key in KEYS.items():
        if key.variable and (given := environ.get(key.variable)):
            source = Source(key.variable)
            yield attribute, source, _checked(key.kind.read, given, source)


def _from_options(options: Mapping[str, str]) -> Iterator[Setting]:
    for name, given in options.items():
        attribute = PATHS[tuple(name.split("."))]
        source = Source(KEYS[attribute].option or name)
        yield attribute, source, _checked(KEYS[attribute].kind.read, given, source)


def _checked(check: Callable[[Any], object], value: object, source: Source) -> object:
    try:
        return check(value)
    except ArgumentError as error:
        message = f"{source.name}: {error.message}"
        raise ConfigurationError(message, source.place, error.hint) from None


def _known() -> str:
    return ", ".join(map(".".join, PATHS))
