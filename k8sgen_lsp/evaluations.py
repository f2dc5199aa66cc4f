"""What the DSL files come to: asked of the worker, remembered for as long as files are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from k8sgen_core.columns import Unit
from k8sgen_core.config import ConfigurationError, load, project_root
from k8sgen_core.evaluation.request import Limits, Request
from k8sgen_core.evaluation.worker import Worker
from k8sgen_core.formats import FORMATS
from k8sgen_lsp.scheduling import Queue
from k8sgen_lsp.static.introspected import Introspected, by_name

Json: TypeAlias = dict[str, Any]


NONE: Introspected = {}


class Text(NamedTuple):
    """The text of an open document, and which version of it."""

    text: str
    version: int | None


class Session(Protocol):
    """What evaluating needs to know of the session with the editor."""

    @property
    def unit(self) -> Unit:
        """What columns count."""

    def texts(self) -> Mapping[Path, Text]:
        """Return the texts of the open documents."""

    def may_run(self, path: Path) -> bool:
        """Has the user allowed to run this file?"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file to evaluate, for one environment; without a format in what it asks for itself."""

    path: Path
    environment: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a file came to, and which versions of the open documents that was."""

    subject: Subject
    versions: Mapping[Path, int | None]
    findings: tuple[Json, ...]
    preview: Json | None = None
    imports: frozenset[Path] = frozenset()
    is_complete: bool = False

    def is_of(self, texts: Mapping[Path, Text]) -> bool:
        """Do the open documents still say what was evaluated?"""
        concerned = {self.subject.path, *self.imports} & {*self.versions, *texts}
        return all(
            path in texts and path in self.versions and texts[path].version == self.versions[path]
            for path in concerned
        )


class Evaluations:
    """Asks the worker, and keeps the last preview of each subject that was good."""

    def __init__(self, worker: Worker, session: Session) -> None:
        self._worker = worker
        self._session = session
        self._queues: dict[Subject, Queue[Evaluation]] = {}
        self._good: dict[Subject, Json] = {}
        self._latest: dict[Subject, Evaluation] = {}
        self._previewed: set[Subject] = set()
        self._plugins: dict[Path, Introspected] = {}

    async def preview(self, subject: Subject) -> Evaluation | None:
        """
        Evaluate a file with what it deploys; from then on its good previews are kept.

        Raises:
            WorkerUnavailable: if there is no interpreter to evaluate with.
        """
        self._previewed.add(subject)
        return await self.ask(subject)

    async def ask(self, subject: Subject) -> Evaluation | None:
        """
        Evaluate a file as it is now; ``None`` if that was cancelled, or is not permitted.

        Raises:
            WorkerUnavailable: if there is no interpreter to evaluate with.
        """
        if subject not in self._queues:
            self._queues[subject] = Queue(
                lambda: self._evaluate(subject), lambda: self._worker.cancel(subject.path)
            )
        return await self._queues[subject].ask()

    async def _evaluate(self, subject: Subject) -> Evaluation | None:
        texts = self._session.texts()
        versions = {path: each.version for path, each in texts.items()}
        if not self._session.may_run(subject.path):
            return None
        try:
            request = self._request(subject, texts)
        except ConfigurationError as error:
            return Evaluation(subject, versions, (self._shown(error, subject),))
        outcome = await self._worker.evaluate(request)
        if outcome is None:
            return None
        imports = frozenset(map(Path, outcome.get("imports", ())))
        preview = outcome["preview"]
        if preview is not None:
            preview = {**preview, "documentVersion": versions.get(subject.path)}
        findings = tuple(outcome["findings"])
        is_complete = outcome["complete"]
        made = Evaluation(subject, versions, findings, preview, imports, is_complete)
        if preview is not None and is_complete:
            self._good[subject] = preview
        self._latest[subject] = made
        self._plugins[subject.path] = by_name(outcome.get("plugins", ()))
        return made

    def _request(self, subject: Subject, texts: Mapping[Path, Text]) -> Request:
        root = project_root(subject.path)
        config = load(root)
        own = texts.get(subject.path)
        return Request(
            path=subject.path,
            root=root,
            text=own and own.text,
            texts={str(path): each.text for path, each in texts.items()},
            environment=subject.environment or config.environment,
            version=config.kubernetes_version,
            format=subject.format,
            folder=config.output,
            unit=self._session.unit,
            uris=True,
            preview=subject in self._previewed,
            plugins=True,
            allow=config.allow,
            limits=Limits(config.timeout, config.memory, objects=config.objects),
        )

    def _shown(self, error: ConfigurationError, subject: Subject) -> Json:
        # Only a broken configuration needs this, and what it imports takes a while.
        from k8sgen_core.locating import Locator
        from k8sgen_core.preview import Shown

        locator = Locator(project_root(subject.path))
        return Shown(locator, self._session.unit, uris=True).finding(error.finding)

    def importers(self, path: Path) -> set[Path]:
        """Return the evaluated files that import the one at ``path``."""
        return {each.subject.path for each in self._latest.values() if path in each.imports}

    def latest(self, subject: Subject) -> Evaluation | None:
        """Return what a file came to when it was evaluated last."""
        return self._latest.get(subject)

    def plugins(self, path: Path) -> Introspected:
        """Return what the plugins offered that a file loaded when it was evaluated last."""
        return self._plugins.get(path, NONE)

    def shown(self, evaluation: Evaluation) -> Json:
        """Return the preview; while the file is broken the last good one, marked stale."""
        good = self._good.get(evaluation.subject)
        findings = list(evaluation.findings)
        if good is not None and (evaluation.preview is None or not evaluation.is_complete):
            return {**good, "stale": True, "findings": findings}
        return evaluation.preview or empty_preview(evaluation.subject, findings)

    def forget(self, path: Path) -> None:
        """End what goes on for a file, and remember nothing of it."""
        self._worker.cancel(path)
        self._previewed = {each for each in self._previewed if each.path != path}
        self._plugins.pop(path, None)
        for subject in [each for each in self._queues if each.path == path]:
            for known in (self._queues, self._good, self._latest):
                known.pop(subject, None)


def empty_preview(subject: Subject, findings: list[Json]) -> Json:
    """Return the preview of a file that has not been good yet."""
    return {
        "version": 1,
        "format": subject.format or FORMATS[0],
        "environment": subject.environment or "default",
        "documentVersion": None,
        "stale": False,
        "files": [],
        "objects": [],
        "references": [],
        "requests": [],
        "findings": findings,
    }
