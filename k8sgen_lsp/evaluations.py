"""What the DSL files come to: asked of the worker, remembered for as long as files are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from k8sgen_core.columns import Unit
from k8sgen_core.config import Config
from k8sgen_core.evaluation.request import Limits, Request
from k8sgen_core.evaluation.worker import Worker
from k8sgen_lsp.scheduling import Queue

Json: TypeAlias = dict[str, Any]


class Text(NamedTuple):
    """The text of an open document, and which version of it."""

    text: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A file to evaluate, for one environment."""

    path: Path
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a file came to, and which versions of the open documents that was."""

    subject: Subject
    versions: Mapping[Path, int | None]
    findings: tuple[Json, ...]
    preview: Json | None = None
    imports: frozenset[Path] = field(default_factory=frozenset)

    def concerns(self, path: Path) -> bool:
        """Does the result depend on this file, or speak of it?"""
        return path == self.subject.path or path in self.imports


class Evaluations:
    """Asks the worker, and keeps the last preview of each subject that was good."""

    def __init__(
        self, worker: Worker, unit: Callable[[], Unit], texts: Callable[[], Mapping[Path, Text]]
    ) -> None:
        self._worker = worker
        self._unit = unit
        self._texts = texts
        self._queues: dict[Subject, Queue[Evaluation]] = {}
        self._good: dict[Subject, Json] = {}

    async def ask(self, subject: Subject, config: Config) -> Evaluation | None:
        """Evaluate a file as it is now; ``None`` if that was cancelled."""
        if subject not in self._queues:
            self._queues[subject] = Queue(
                lambda: self._evaluate(subject, config), lambda: self._worker.cancel(subject.path)
            )
        return await self._queues[subject].ask()

    async def _evaluate(self, subject: Subject, config: Config) -> Evaluation | None:
        texts = self._texts()
        own = texts.get(subject.path)
        request = Request(
            path=subject.path,
            root=config.root,
            text=own and own.text,
            texts={str(path): each.text for path, each in texts.items()},
            environment=subject.environment or config.environment,
            version=config.kubernetes_version,
            unit=self._unit(),
            uris=True,
            allow=config.allow,
            limits=Limits(config.timeout, config.memory, objects=config.objects),
        )
        outcome = await self._worker.evaluate(request)
        if outcome is None:
            return None
        evaluation = Evaluation(
            subject,
            {path: each.version for path, each in texts.items()},
            tuple(outcome["findings"]),
            outcome["preview"] and {**outcome["preview"], "documentVersion": own and own.version},
            frozenset(map(Path, outcome.get("imports", ()))),
        )
        if evaluation.preview is not None:
            self._good[subject] = evaluation.preview
        return evaluation

    def shown(self, evaluation: Evaluation) -> Json:
        """Return the preview; while the file is broken the last good one, marked stale."""
        if evaluation.preview is not None:
            return evaluation.preview
        findings = list(evaluation.findings)
        good = self._good.get(evaluation.subject)
        if good is not None:
            return {**good, "stale": True, "findings": findings}
        return empty_preview(evaluation.subject, findings)

    def forget(self, path: Path) -> None:
        """End what goes on for a file, and remember nothing of it."""
        self._worker.cancel(path)
        for subject in [each for each in self._queues if each.path == path]:
            self._queues.pop(subject)
            self._good.pop(subject, None)


def empty_preview(subject: Subject, findings: list[Json]) -> Json:
    """Return the preview of a file that has not been good yet."""
    return {
        "version": 1,
        "format": "kubernetes",
        "environment": subject.environment or "default",
        "documentVersion": None,
        "stale": False,
        "files": [],
        "objects": [],
        "references": [],
        "requests": [],
        "findings": findings,
    }
