"""What the DSL files come to: asked of the worker, remembered for as long as files are open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from k8sgen_core.columns import Unit
from k8sgen_core.config import Config, ConfigurationError, load, project_root
from k8sgen_core.evaluation.request import Limits, Request
from k8sgen_core.judging.request import Judging
from k8sgen_lsp.context import Context, Stamp, Text, stamp_of
from k8sgen_lsp.outcomes import Evaluation, Json, Subject, empty_preview, is_unchanged
from k8sgen_lsp.rebasing import Moves, moved_preview
from k8sgen_lsp.scheduling import Queue
from k8sgen_lsp.static.introspected import NOTHING, Introspected, by_name
from k8sgen_lsp.workers import Workers

# How long, in seconds, a file that is only context may keep the one that is looked at waiting.
CONTEXT_TIMEOUT = 2.0
TIMEOUT = "evaluation-timeout"


class Session(Protocol):
    """What evaluating needs to know of the session with the editor."""

    @property
    def unit(self) -> Unit:
        """What columns count."""

    @property
    def validated(self) -> set[Path]:
        """The files that are judged together."""

    def texts(self) -> Mapping[Path, Text]:
        """Return the texts of the open documents."""

    def may_run(self, path: Path) -> bool:
        """Has the user allowed to run this file?"""


class _Committed(NamedTuple):
    """What a committed text came to, with what was asked, and the files that it read beside it."""

    request: Request
    read: Mapping[Path, Stamp | None]
    preview: Json


class Evaluations:
    """Asks the worker, and keeps the last preview of each subject that was good."""

    def __init__(self, worker: Workers, session: Session) -> None:
        self._worker = worker
        self._session = session
        self._context = Context(self._run, session.texts)
        self._queues: dict[Subject, Queue[Evaluation]] = {}
        self._good: dict[Subject, Evaluation] = {}
        self._latest: dict[Subject, Evaluation] = {}
        # The texts that were open when the runs began that go on.
        self._begun: dict[Subject, Mapping[Path, Text]] = {}
        self._committed: dict[Subject, _Committed] = {}
        self._comparing: dict[Subject, asyncio.Lock] = {}
        self._previewed: set[Subject] = set()
        self._plugins: dict[Path, Introspected] = {}
        self._watched: set[Subject] = set()
        self.listeners: list[Callable[[Evaluation], None]] = []
        # Who is told what is wrong with a file while its preview is still being made.
        self.on_findings: list[Callable[[Evaluation], None]] = []

    async def preview(self, subject: Subject) -> Evaluation | None:
        """
        Evaluate a file with what it deploys; from then on its good previews are kept.

        Raises:
            WorkerUnavailable: if there is no interpreter to evaluate with.
        """
        self._previewed.add(subject)
        return await self.ask(subject)

    def watch(self, subject: Subject, *, wanted: bool) -> None:
        """Note whether somebody wants to be told when a preview changes."""
        (self._watched.add if wanted else self._watched.discard)(subject)

    def watched(self, path: Path) -> list[Subject]:
        """Return what is watched of a file, or of one that imports it."""
        concerned = {path, *self.importers(path)}
        return [each for each in self._watched if each.path in concerned]

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

    async def current(self, subject: Subject) -> Evaluation | None:
        """
        Return what a file comes to as it is now; it is evaluated only if something has changed.

        Raises:
            WorkerUnavailable: if there is no interpreter to evaluate with.
        """
        texts, queue = self._session.texts(), self._queues.get(subject)
        if queue is not None and self._begun.get(subject) == texts:
            return await queue.join()
        latest = self._latest.get(subject)
        if subject in self._begun or latest is None or not latest.is_current(texts):
            return await self.ask(subject)
        return latest

    async def _evaluate(self, subject: Subject) -> Evaluation | None:
        self._begun[subject] = self._session.texts()
        try:
            return await self._evaluated(subject)
        finally:
            self._begun.pop(subject, None)

    async def _evaluated(self, subject: Subject) -> Evaluation | None:
        try:
            came_to = await self.outcome(
                subject,
                preview=subject in self._previewed,
                early=True,
                described=subject.path in self._session.validated,
            )
        except ConfigurationError as error:
            return Evaluation(subject, self._session.texts(), (self._shown(error, subject),))
        if came_to is None:
            return None
        texts, _, outcome = came_to
        preview = outcome["preview"]
        own = texts.get(subject.path)
        if preview is not None:
            preview = {**preview, "documentVersion": own and own.version}
        made = Evaluation(
            subject,
            texts,
            tuple(outcome["findings"]),
            preview,
            {path: stamp_of(path) for path in (subject.path, *map(Path, outcome["imports"]))},
            outcome["complete"],
            tuple(outcome.get("objects", ())),
            tuple(outcome.get("described", ())),
        )
        if subject not in self._queues:
            # It was closed while this was found out.
            return made
        if preview is not None and made.is_complete:
            self._good[subject] = made
        self._latest[subject] = made
        self._plugins[subject.path] = by_name(outcome.get("plugins", ()))
        for listener in self.listeners:
            listener(made)
        return made

    async def outcome(
        self, subject: Subject, **settings: Any
    ) -> tuple[Mapping[Path, Text], Request, Json] | None:
        """
        Return what the worker makes of a file, judged in its project, and of what it made it.

        Raises:
            ConfigurationError: if its project is configured wrongly.
            WorkerUnavailable: if there is no interpreter to evaluate with.
        """
        if not self._session.may_run(subject.path):
            return None
        config = load(project_root(subject.path))
        judging = Judging(context=await self._context.around(subject.path, config))
        # What was typed while the others were looked at counts.
        texts = self._session.texts()
        wanted: Json = {"judging": judging, "objects": True, **settings}
        request = replace(self._request(subject, config, texts), **wanted)

        def told(early: Json) -> None:
            found = tuple(early["findings"])
            imports = {path: stamp_of(path) for path in map(Path, early["imports"])}
            for listener in self.on_findings:
                listener(Evaluation(subject, texts, found, imports=imports, has_all=early["all"]))

        outcome = await self._worker.evaluate(request, told)
        return None if outcome is None else (texts, request, outcome)

    async def committed(
        self, subject: Subject, text: str, texts: Mapping[Path, str]
    ) -> Json | None:
        """
        Return the preview of a file with a text that was committed, and others with theirs.

        It is evaluated again only if something of that has changed. ``None`` is one that was
        cancelled, or is not permitted; one that is broken has no files.

        Raises:
            ConfigurationError: if its project is configured wrongly.
            WorkerUnavailable: if there is no interpreter to evaluate with.
        """
        if not self._session.may_run(subject.path):
            return None
        request = replace(
            self._request(subject, load(project_root(subject.path)), {}),
            text=text,
            texts={str(path): each for path, each in texts.items()},
        )
        # Whoever asks for the same meanwhile has it from the one evaluation.
        async with self._comparing.setdefault(subject, asyncio.Lock()):
            return await self._of_commit(subject, request, texts)

    async def _of_commit(
        self, subject: Subject, request: Request, texts: Mapping[Path, str]
    ) -> Json | None:
        known = self._committed.get(subject)
        if known and known.request == request and is_unchanged(known.read):
            return known.preview
        outcome = await self._worker.evaluate(request)
        if outcome is None:
            return None
        imports = map(Path, outcome["imports"])
        # Templates are always those on disk.
        paths = (each for each in imports if each not in texts or each.suffix != ".py")
        read = {path: stamp_of(path) for path in paths}
        preview = outcome["preview"] or empty_preview(subject, [])
        self._committed[subject] = _Committed(request, read, preview)
        return preview

    async def _run(self, path: Path, config: Config) -> tuple[Mapping[Path, Text], Json | None]:
        """Evaluate a file that others need to know of, for not longer than they can wait."""
        texts = self._session.texts()
        if not self._session.may_run(path):
            return texts, None
        request = self._request(Subject(path), config, texts)
        limits = replace(request.limits, timeout=min(request.limits.timeout, CONTEXT_TIMEOUT))
        request = replace(request, preview=False, objects=True, limits=limits)
        return texts, await self._worker.evaluate(request)

    def _request(self, subject: Subject, config: Config, texts: Mapping[Path, Text]) -> Request:
        own = texts.get(subject.path)
        return Request(
            path=subject.path,
            root=config.root,
            text=own and own.text,
            texts={str(path): each.text for path, each in texts.items()},
            environment=subject.environment or config.environment,
            version=config.kubernetes_version,
            format=subject.format,
            folder=config.output,
            unit=self._session.unit,
            uris=True,
            plugins=True,
            allow=config.allow,
            limits=Limits(config.timeout, config.memory, objects=config.objects),
        )

    def _shown(self, error: ConfigurationError, subject: Subject) -> Json:
        # Only a broken configuration needs this, and what it imports takes a while.
        from k8sgen_core.locating import Locator
        from k8sgen_core.shown import Shown

        locator = Locator(project_root(subject.path))
        return Shown(locator, self._session.unit, uris=True).finding(error.finding)

    def previews(self) -> list[Json]:
        """Return the last good preview of each subject that has one, at the places of now."""
        return [self.shown(each) for each in self._good.values()]

    def kept(self, subject: Subject) -> Evaluation | None:
        """Return the evaluation that gave the last good preview."""
        return self._good.get(subject)

    def look_again(self) -> None:
        """Find out anew which files the projects have."""
        self._context.look_again()

    def start_afresh(self) -> None:
        """Take nothing for granted that was found with another worker."""
        self.look_again()
        self._committed.clear()

    def importers(self, path: Path) -> set[Path]:
        """Return the evaluated files that import the one at ``path``."""
        return {each.subject.path for each in self._latest.values() if path in each.imports}

    def outdated(self, texts: Mapping[Path, Text]) -> set[Path]:
        """Return the evaluated files that would come out differently now."""
        latest = self._latest.values()
        return {each.subject.path for each in latest if not each.is_current(texts)}

    def objects(self, path: Path) -> tuple[Json, ...]:
        """Return what a file described when it was evaluated last."""
        latest = self._latest.get(Subject(path))
        return latest.objects if latest else ()

    def hangs(self, path: Path) -> bool:
        """Did a file not come to its end, and nothing has changed in it since?"""
        latest = self._latest.get(Subject(path))
        if latest is None or not latest.is_current(self._session.texts()):
            return False
        return any(each["rule"] == TIMEOUT for each in latest.findings)

    def latest(self, subject: Subject) -> Evaluation | None:
        """Return what a file came to when it was evaluated last."""
        return self._latest.get(subject)

    def plugins(self, path: Path) -> Introspected:
        """Return what the plugins offered that a file loaded when it was evaluated last."""
        return self._plugins.get(path, NOTHING)

    def shown(self, evaluation: Evaluation) -> Json:
        """
        Return the preview; while the file is broken the last good one, marked stale.

        Its places are those of the texts of now, without those whose text has changed.
        """
        good = self._good.get(evaluation.subject)
        findings = list(evaluation.findings)
        made, stale = evaluation, False
        if good is not None and (evaluation.preview is None or not evaluation.is_complete):
            made, stale = good, True
        if made.preview is None:
            return empty_preview(evaluation.subject, findings)
        current = {path: each.text for path, each in self._session.texts().items()}
        before = {path: each.text for path, each in made.open.items()}
        preview = moved_preview(made.preview, Moves(before, current))
        return {**preview, "stale": stale, "findings": findings}

    def forget(self, path: Path) -> None:
        """End what goes on for a file, and remember nothing of it."""
        self._worker.cancel(path)
        self._previewed = {each for each in self._previewed if each.path != path}
        self._plugins.pop(path, None)
        self._watched = {each for each in self._watched if each.path != path}
        for subject in [each for each in self._queues if each.path == path]:
            kept = (self._queues, self._good, self._latest, self._committed, self._comparing)
            for known in kept:
                known.pop(subject, None)
