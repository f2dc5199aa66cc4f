"""
What can be found wrong while somebody types: from the text and the catalogue alone.

Every finding here is one that evaluating the file would have, in the same words at the same
place, and what the project does not want is left out. Where that is not certain, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from k8sgen_core.columns import Unit, in_units, lines_of
from k8sgen_core.findings import Finding, Place, Position
from k8sgen_lsp.selections import wanted
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.shown import shown
from k8sgen_lsp.static import fitting, named, shadowing, suppressions
from k8sgen_lsp.static.calls import Document, Reading
from k8sgen_lsp.static.catalogue import Catalogue
from k8sgen_lsp.static.problems import Problem

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Where:
    """Which document a text is; one that is saved nowhere has no path and no project."""

    uri: str
    path: Path | None
    root: Path | None
    unit: Unit

    @property
    def shown(self) -> str:
        """The path as findings show it."""
        if self.path is None:
            return self.uri
        inside = self.root is not None and self.path.is_relative_to(self.root)
        return (self.path.relative_to(self.root) if inside and self.root else self.path).as_posix()


def register(server: K8sGenServer) -> None:
    """Add what the text shows by itself to the findings of a document."""

    def check(uri: str) -> list[Json]:
        if server.key_of(uri) not in server.workspace.text_documents:
            # Nobody is typing there.
            return []
        document = shown(server, uri)
        where = Where(uri, document.path, document.root, server.unit)
        return findings_in(document.text, document.catalogue, where)

    server.checks.append(check)


_checked: WeakKeyDictionary[Reading, tuple[Problem, ...]] = WeakKeyDictionary()


def findings_in(text: str, catalogue: Catalogue, where: Where) -> list[Json]:
    """Return the findings of a text that its project wants, as an evaluation would have them."""
    lines = lines_of(text)
    path = where.uri if where.path is None else str(where.path)
    problems = list(problems_in(Document(text, catalogue), where.root))
    found = [
        Finding(each.rule, each.message, Place(path, each.range), each.severity)
        for each in problems
    ]
    left = {id(each) for each in wanted(found, where.root, path, text)}
    pairs = zip(problems, found, strict=True)
    return [_shown(problem, lines, where) for problem, each in pairs if id(each) in left]


def problems_in(document: Document, root: Path | None = None) -> Iterator[Problem]:
    """Yield what is wrong in a document; only blocks that changed are examined again."""
    for placed, reading in document.readings():
        if reading not in _checked:
            _checked[reading] = (
                *fitting.problems_of(document, placed.block, reading.calls),
                *suppressions.problems_of(placed),
            )
        for problem in _checked[reading]:
            yield problem._replace(range=placed.shifted(problem.range))
    yield from named.problems_of(document, root)
    yield from shadowing.problems_of(document)


def _shown(problem: Problem, lines: list[str], where: Where) -> Json:
    def position(at: Position) -> Json:
        line = lines[at.line] if at.line < len(lines) else ""
        return {"line": at.line, "character": in_units(line, at.character, where.unit)}

    start, end = problem.range
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "path": where.shown,
        "uri": where.uri,
        "range": {"start": position(start), "end": position(end)},
        "object": None,
        "field": None,
        "related": [],
    }
