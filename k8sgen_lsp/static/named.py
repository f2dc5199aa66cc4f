"""Names that a document gives to templates and plugins, and uses of names that nobody gave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from k8sgen_core.findings import Range
from k8sgen_core.misfits import Said, unknown_plugin, unknown_template
from k8sgen_lsp.static.blocks import Placed
from k8sgen_lsp.static.calls import Document, DslCall
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.problems import Problem

TEMPLATES = "k8sgen_core.templates.registry.TemplateManager"
PLUGINS = "k8sgen_core.plugins.registering.PluginManager"
_REGISTER = "register"


class Registered(NamedTuple):
    """A name that the document gives to a file, and where it says so."""

    name: str
    path: str
    placed: Placed
    call: DslCall


def registered(document: Document, manager: str) -> Iterator[Registered]:
    """Yield what the document registers with a manager."""
    for placed, call in calls_named(document, _REGISTER):
        if call.receiver.qualified == manager:
            name, path = call.argument("name", 0), call.argument("path", 1)
            if name and path and isinstance(name.value, str) and isinstance(path.value, str):
                yield Registered(name.value, path.value, placed, call)


def calls_named(document: Document, *methods: str) -> Iterator[tuple[Placed, DslCall]]:
    """Yield the calls of some methods."""
    for placed, reading in document.readings():
        if not reading.methods.isdisjoint(methods):
            yield from ((placed, each) for each in reading.calls if each.method in methods)


def problems_of(document: Document, root: Path | None) -> Iterator[Problem]:
    """Yield the names of templates and plugins that nothing can have registered."""
    uses = list(calls_named(document, "use_template", "load", "get"))
    if not uses or not _is_all_there_is(document):
        return
    for placed, call in uses:
        given = call.argument("name", 0)
        if given is None or not isinstance(given.value, str):
            continue
        said = _said(document, call, given.value, root)
        if said is not None:
            # A template is looked for when it is rendered, a plugin by the call itself.
            extent = given.extent if call.method == "use_template" else call.extent
            place: Range = placed.range(*extent)
            yield Problem(said.rule, said.message, place, said.hint)


def _said(document: Document, call: DslCall, name: str, root: Path | None) -> Said | None:
    if call.method == "use_template":
        known = templates(document)
        return None if name in known else unknown_template(name, known)
    if call.receiver.qualified != PLUGINS or call.method != "load":
        return None
    listed = plugins(document, root)
    return None if listed is None or name in listed else unknown_plugin(name, listed)


def templates(document: Document) -> list[str]:
    """Return the names of the templates that a document can use, its own first."""
    from k8sgen_core.templates.registry import builtin

    own = [each.name for each in registered(document, TEMPLATES)]
    return list(dict.fromkeys([*own, *builtin()]))


def plugins(document: Document, root: Path | None) -> set[str] | None:
    """Return the names that plugins can be loaded by, ``None`` if some are installed ones."""
    from k8sgen_core.config import ConfigurationError, load
    from k8sgen_core.plugins.discovery import in_folder

    own = {each.name for each in registered(document, PLUGINS)}
    try:
        folders = [root / each for each in load(root).plugins] if root else []
    except ConfigurationError:
        return None
    if root is None or not all(each.is_dir() for each in folders):
        return None
    return own | {source.name for folder in folders for source in in_folder(folder)}


def _is_all_there_is(document: Document) -> bool:
    """Is everything registered by the document itself, and written out there?"""
    modules = {each.lstrip(".").partition(".")[0] for each in document.names.imported()}
    if any(not is_installed(each) and not _is_of_python(each) for each in modules):
        return False
    written = sum(1 for each in (TEMPLATES, PLUGINS) for _ in registered(document, each))
    return document.text.count(f".{_REGISTER}") == written


def _is_of_python(module: str) -> bool:
    import sys

    return module in sys.stdlib_module_names
