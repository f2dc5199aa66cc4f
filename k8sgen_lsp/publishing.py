"""Which findings each file has, from whichever evaluation they came."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_lsp.convert import path_of

Json: TypeAlias = dict[str, Any]


class Findings:
    """
    The findings of all evaluated files, by the file they are in.

    A helper that two DSL files import has the findings of both, the same ones once.
    """

    def __init__(self) -> None:
        self._found: dict[Path, dict[Path, list[Json]]] = {}

    def replace(self, source: Path, findings: Iterable[Json]) -> set[Path]:
        """Put these findings in the place of those that ``source`` had; return what changes."""
        before = self._found.pop(source, {})
        found: dict[Path, list[Json]] = {source: []}
        for finding in findings:
            path = path_of(finding.get("uri", ""))
            found.setdefault(path or source, []).append(finding)
        self._found[source] = found
        return {*before, *found}

    def withdraw(self, source: Path) -> set[Path]:
        """Forget what ``source`` had; return the files that changes."""
        return set(self._found.pop(source, ()))

    def of(self, path: Path) -> list[Json]:
        """Return the findings in a file."""
        found: list[Json] = []
        for by_file in self._found.values():
            found += [each for each in by_file.get(path, ()) if each not in found]
        return found
