"""Templates that a run can use: those that it registers, and those that come with K8s-Gen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.lookup import is_installed

_REGISTERED = re.compile(
    r"""\.register\(\s*(?:name\s*=\s*)?["']([^"'\n]+)["']\s*,\s*"""
    r"""(?:(?:path\s*=\s*)?[rR]?["']([^"'\n]+)["']\s*\))?"""
)
_PLUGIN = ".py"
_LARGEST = 200_000
_MOST_MODULES = 50


def templates(text: str, catalogue: Catalogue) -> Mapping[str, str]:
    """Return the templates that a file can use, each with what is said of it."""
    from k8sgen_core.templates.registry import builtin

    return {**registered(text, catalogue), **dict.fromkeys(builtin(), "comes with K8s-Gen")}


def registered(text: str, catalogue: Catalogue) -> dict[str, str]:
    """Return the templates that a file or what it imports registers, by name, with their paths."""
    found: dict[str, str] = {}
    for source in (text, *_imported(text, catalogue)):
        for each in _REGISTERED.finditer(source):
            path = each[2] or ""
            # Plugins are registered by files of Python; a path that is no plain text may be any.
            if not path.endswith(_PLUGIN):
                found.setdefault(each[1], path)
    return found


def _imported(text: str, catalogue: Catalogue) -> Iterator[str]:
    """Yield the texts of the modules that a file imports, and of those that they import."""
    seen: set[Path] = set()
    names = list(layout_of(text).imports.values())
    for name in names:
        path = _source(name.lstrip("."), catalogue)
        if path is None or path in seen or len(seen) >= _MOST_MODULES:
            continue
        seen.add(path)
        imported = catalogue.text(path)
        if imported is not None and "k8s_gen" in imported:
            names += layout_of(imported).imports.values()
            yield imported


def _source(dotted: str, catalogue: Catalogue) -> Path | None:
    """Return the file of the module that a dotted name is, or is defined in."""
    if is_installed(dotted):
        return None
    return catalogue.source(dotted) or catalogue.source(dotted.rpartition(".")[0])


def variables(name: str, text: str, root: Path | None, catalogue: Catalogue) -> Mapping[str, str]:
    """Return the values that a template takes beside what the builder's methods set."""
    from k8sgen_core.templates.registry import builtin

    known = registered(text, catalogue)
    path = root / known[name] if root and known.get(name) else builtin().get(name)
    if path is None:
        return {}
    try:
        stat = path.stat()
        return _variables(path, stat.st_mtime_ns) if stat.st_size <= _LARGEST else {}
    except OSError:
        return {}


@lru_cache(maxsize=64)
def _variables(path: Path, changed: int) -> Mapping[str, str]:
    # Jinja is needed for nothing else here, and its import takes longer than a completion.
    from jinja2 import Environment, TemplateSyntaxError, meta

    from k8sgen_core.templates.context import NAMES

    del changed
    try:
        # It is parsed and never rendered, so nothing in it runs.
        tree = Environment(autoescape=True).parse(path.read_text("utf-8", "replace"))
    except (TemplateSyntaxError, RecursionError):
        return {}
    return {
        name: NAMES[name].meaning if name in NAMES else f"used in {path.name}"
        for name in sorted(meta.find_undeclared_variables(tree))
        if name not in NAMES or NAMES[name].given_by.startswith("`use_template")
    }
