"""Which findings each file has, from whichever evaluation they came, in the text of now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from k8sgen_lsp.convert import path_of
from k8sgen_lsp.rebasing import Moves, moved_finding

Json: TypeAlias = dict[str, Any]
Texts: TypeAlias = Mapping[Path, str]

NO_TEXTS: Texts = {}


class _Found(NamedTuple):
    """What a source has: all of it by file, and what it has by itself."""

    by_file: dict[Path, list[Json]]
    texts: Texts
    own: Sequence[Json]
    is_early: bool = False


class Findings:
    """
    The findings of all evaluated files, by the file they are in.

    A helper that two DSL files import has the findings of both, the same ones once.
    """

    def __init__(self) -> None:
        self._found: dict[Path, _Found] = {}
        # What is known of a source that is still being judged.
        self._first: dict[Path, _Found] = {}

    def replace(
        self,
        source: Path,
        findings: Iterable[Json],
        texts: Texts = NO_TEXTS,
        *,
        early: bool = False,
    ) -> set[Path]:
        """
        Put these findings in the place of those that ``source`` had; return what that concerns.

        ``texts`` are those that they were found in. What was told ``early`` and is the same at
        the end of the evaluation concerns nobody any more.
        """
        first = self._first.pop(source, None)
        before = self._found.pop(source, None)
        own = tuple(findings)
        if before is not None and before.is_early and (before.own, before.texts) == (own, texts):
            self._found[source] = before._replace(is_early=early)
            return set(first.by_file) if first else set()
        found = _by_file(source, own)
        self._found[source] = _Found(found, texts, own, early)
        return {path for each in (first, before) if each for path in each.by_file} | {*found}

    def add(self, source: Path, findings: Iterable[Json], texts: Texts) -> set[Path]:
        """Show these beside those that ``source`` had, until it has others; return what changes."""
        own = tuple(findings)
        self._first[source] = _Found(_by_file(source, own), texts, own)
        return set(self._first[source].by_file)

    def has(self, source: Path, findings: Iterable[Json], texts: Texts) -> bool:
        """Is that what ``source`` has, to the end of its evaluation?"""
        known = self._found.get(source)
        if known is None or known.is_early or source in self._first:
            return False
        return (known.own, known.texts) == (tuple(findings), texts)

    def own(self, source: Path) -> Sequence[Json]:
        """Return the findings that ``source`` had before they were revised."""
        return self._found[source].own

    def revise(self, source: Path, findings: Iterable[Json]) -> set[Path]:
        """Let ``source`` have these, which its texts show beside others; return what changes."""
        known = self._found[source]
        before, found = known.by_file, _by_file(source, findings)
        self._found[source] = known._replace(by_file=found)
        return {path for path in {*before, *found} if before.get(path) != found.get(path)}

    def withdraw(self, source: Path) -> set[Path]:
        """Forget what ``source`` had; return the files that changes."""
        found = (self._found.pop(source, None), self._first.pop(source, None))
        return {path for each in found if each for path in each.by_file}

    def files(self) -> set[Path]:
        """Return the files that were evaluated, and those that have findings."""
        return {path for found in self._all() for path in found.by_file}

    def _all(self) -> list[_Found]:
        return [*self._found.values(), *self._first.values()]

    def sources(self) -> set[Path]:
        """Return the files that were evaluated."""
        return set(self._found)

    def of(self, path: Path, current: Texts = NO_TEXTS) -> list[Json]:
        """Return the findings in a file; those whose lines have changed are left out."""
        shown: list[Json] = []
        alike: dict[str, list[Json]] = {}
        for by_file, texts, *_ in self._all():
            moves = Moves(texts, current)
            for each in by_file.get(path, ()):
                finding = moved_finding(each, moves)
                if finding is None:
                    continue
                known = alike.setdefault(finding["rule"], [])
                if finding not in known:
                    known.append(finding)
                    shown.append(finding)
        return shown


def _by_file(source: Path, findings: Iterable[Json]) -> dict[Path, list[Json]]:
    found: dict[Path, list[Json]] = {source: []}
    for finding in findings:
        path = path_of(finding.get("uri", ""))
        found.setdefault(path or source, []).append(finding)
    return found
