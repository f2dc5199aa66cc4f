"""Names that are not imported yet: they bring their import with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from k8sgen_core.builders import NAMES
from k8sgen_lsp.completing.offer import Edit, Offer, Sort
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.workspace import DOCUMENT

PUBLIC = "k8s_gen"
_OTHERS = ("OutputFormat", "Plugin", "PluginManager", "TemplateManager", "ValidationError")
_FUTURE = re.compile(r"from[ \t]+__future__[ \t]+import[^\n]*\n")
_FROM = re.compile(r"^from[ \t]+(?P<module>[\w.]+)[ \t]+import[ \t]+", re.MULTILINE)


def importable(catalogue: Catalogue) -> dict[str, str]:
    """Return the classes that a DSL file may want, each with the module to import it from."""
    found = dict.fromkeys((*NAMES, *_OTHERS, "Validator"), PUBLIC)
    for plugin in catalogue.plugins():
        if plugin.module != DOCUMENT:
            found.setdefault(plugin.name, plugin.module)
    return found


def classes(layout: Layout, catalogue: Catalogue) -> Iterator[Offer]:
    """Yield the classes of the DSL and of the project's plugins."""
    for name, module in importable(catalogue).items():
        found = catalogue.find(f"{module}.{name}")
        if found is None:
            continue
        known = name in layout.imports or bool(layout.bindings(name))
        yield Offer(
            label=name,
            sort=Sort.CLASS,
            detail=f"from {module}",
            rank=f"{3 if known else 4}{name}",
            data={"class": found.qualified},
            edits=() if known else (edit(layout, name, module),),
        )


def edit(layout: Layout, name: str, module: str) -> Edit:
    """Return the change that imports a name: into an import that is there, else a new one."""
    for found in _FROM.finditer(layout.code):
        if found["module"] == module:
            return _into(layout, found, name)
    return Edit(_top(layout), f"from {module} import {name}\n")


def _into(layout: Layout, found: re.Match[str], name: str) -> Edit:
    """Return the change of an import: the name takes its place in the order of the alphabet."""
    code = layout.code
    start = found.end()
    if code.startswith("(", start):
        closing = layout.close_of(start, len(code))
        end = len(code) if closing is None else closing
        inner = code[start + 1 : end]
        kept = start + 1 + len(inner.rstrip().rstrip(","))
        indent = re.match(r"\s*", inner)
        return Edit(kept, f",{indent[0] if indent and indent[0] else ' '}{name}")
    end = code.find("\n", start)
    names = re.compile(r"\w+(?:[ \t]+as[ \t]+\w+)?")
    for each in names.finditer(code, start, len(code) if end < 0 else end):
        if each[0] > name:
            return Edit(each.start(), f"{name}, ")
    return Edit(len(code[: len(code) if end < 0 else end].rstrip()), f", {name}")


def _top(layout: Layout) -> int:
    """Return where a new import goes: behind the docstring and the imports from ``__future__``."""
    future = list(_FUTURE.finditer(layout.code))
    if future:
        return future[-1].end()
    starts = (
        (begin + each.start)
        for begin, piece in zip(layout.offsets, layout.pieces, strict=True)
        for each in piece.statements
    )
    first = next(starts, None)
    if first is not None and layout.code[first] in "\"'":
        first = next(starts, None)
        if first is None:
            return len(layout.code)
    return layout.line_start(first) if first is not None else 0
