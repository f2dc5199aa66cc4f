"""What the server speaks of: the DSL, and fluent libraries; other Python is for other servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from k8sgen_core.config.project_file import is_configured
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.described import Class
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.lookup import is_installed
from k8sgen_lsp.static.workspace import DOCUMENT

# By how many methods that return their object a class is known to be a fluent one.
_SETTERS = 2


@dataclass(frozen=True)
class Concern:
    """A text, and the root of its project; one that is saved nowhere has none."""

    text: str
    root: Path | None
    catalogue: Catalogue

    @cached_property
    def is_ours(self) -> bool:
        """Has the text to do with K8s-Gen? Other people's files are none of our business."""
        if "k8s_gen" in self.text or self.root is None:
            return True
        if is_configured(str(self.root)) or self.catalogue.plugins():
            return True
        return self.catalogue.leads_to_dsl(layout_of(self.text).imports.values())

    def covers(self, found: Class | None) -> bool:
        """Is a class, or what is of none, to be spoken of here?"""
        if found is None:
            return self.is_ours
        return is_installed(found.module) or self._is_fluent(found) or self.is_ours

    def _is_fluent(self, found: Class) -> bool:
        """Is it a class of another module that is called in chains?"""
        if found.module == DOCUMENT:
            return False
        setters = self._setters(found)
        return all(next(setters, None) for _ in range(_SETTERS))

    def _setters(self, found: Class) -> Iterator[str]:
        for name, member in self.catalogue.members(found).items():
            if not member.is_property and self.catalogue.returned(found, name) is found:
                yield name
