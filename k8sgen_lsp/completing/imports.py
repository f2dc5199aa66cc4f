"""Names that are not imported yet: they bring their import with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

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
    known = known_in(layout)
    for name, module in importable(catalogue).items():
        found = catalogue.find(f"{module}.{name}")
        if found is None or not _fits(catalogue, found, fitting):
            continue
        is_known = known(name, module) or bool(layout.bindings(name))
        yield Offer(
            label=name,
            sort=Sort.CLASS,
            detail=f"from {module}",
            rank=f"{3 if is_known else 4}{name}",
            data={"class": found.qualified},
            edits=() if is_known else (edit(layout, name, module),),
        )


def known_in(layout: Layout) -> Callable[[str, str], bool]:
    """Return what tells whether a name of a module is imported, by itself or by a star."""
    starred = {each.imported.removesuffix(".*") for each in layout.bindings("*")}
    return lambda name, module: name in layout.imports or module in starred


def _fits(catalogue: Catalogue, found: Class, fitting: Collection[str] | None) -> bool:
    """Is this one of the classes of some names, or derived from one?"""
    return fitting is None or any(each.name in fitting for each in catalogue.ancestry(found))


def edit(layout: Layout, name: str, module: str) -> Edit:
    """Return the change that imports a name."""
    return Edit(*importing(layout, name, module))
