"""Names that are not imported yet: they bring their import with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from k8sgen_core.builders import NAMES
from k8sgen_lsp.completing.offer import Edit, Offer, Sort
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.importing import importing
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.workspace import DOCUMENT

PUBLIC = "k8s_gen"
_OTHERS = ("OutputFormat", "Plugin", "PluginManager", "TemplateManager", "ValidationError")


def importable(catalogue: Catalogue) -> dict[str, str]:
    """Return the classes that a DSL file may want, each with the module to import it from."""
    found = dict.fromkeys((*NAMES, *_OTHERS, "Validator"), PUBLIC)
    for plugin in catalogue.plugins():
        if plugin.module != DOCUMENT:
            found.setdefault(plugin.name, plugin.module)
    return found


def classes(
    layout: Layout, catalogue: Catalogue, fitting: Collection[str] | None = None
) -> Iterator[Offer]:
    """Yield the classes of the DSL and of the project's plugins; only the fitting, if given."""
    starred = {each.imported.removesuffix(".*") for each in layout.bindings("*")}
    for name, module in importable(catalogue).items():
        found = catalogue.find(f"{module}.{name}")
        if found is None or not _fits(catalogue, found, fitting):
            continue
        known = name in layout.imports or bool(layout.bindings(name)) or module in starred
        yield Offer(
            label=name,
            sort=Sort.CLASS,
            detail=f"from {module}",
            rank=f"{3 if known else 4}{name}",
            data={"class": found.qualified},
            edits=() if known else (edit(layout, name, module),),
        )


def _fits(catalogue: Catalogue, found: Class, fitting: Collection[str] | None) -> bool:
    """Is this one of the classes of some names, or derived from one?"""
    return fitting is None or any(each.name in fitting for each in catalogue.ancestry(found))


def edit(layout: Layout, name: str, module: str) -> Edit:
    """Return the change that imports a name."""
    return Edit(*importing(layout, name, module))
