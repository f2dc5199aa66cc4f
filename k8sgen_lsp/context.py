"""What the other files of a project describe: rules about several objects need to know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from k8sgen_core.config import Config
from k8sgen_lsp.documents import text_of_file

Json: TypeAlias = dict[str, Any]
# When a file was changed, and its size.
Stamp: TypeAlias = tuple[int, int]


class Text(NamedTuple):
    """The text of an open document, and which version of it."""

    text: str
    version: int | None


Texts: TypeAlias = Mapping[Path, Text]
HUNG = "evaluation-timeout"
# How long, in seconds, looking for the files of a project may keep messages waiting.
AT_ONCE = 0.002
Run: TypeAlias = Callable[[Path, Config], Awaitable[tuple[Texts, Json | None]]]


class _Files(NamedTuple):
    """The DSL files of a project, the objects in manifests that it includes, how long it took."""

    paths: list[Path]
    included: list[Json]
    seconds: float


class _Known(NamedTuple):
    """What a file described, and what it was and read then; ``hung`` if it did not end."""

    marks: Mapping[Path, object]
    objects: list[Json]
    hung: bool

    def is_current(self, path: Path, texts: Texts) -> bool:
        """
        Would it come out the same?

        One that hangs is not tried at every key in what it imports, but when that is saved.
        """
        seen = {each: text for each, text in texts.items() if each == path or not self.hung}
        return all(_mark(each, seen) == was for each, was in self.marks.items())


def stamp_of(path: Path) -> Stamp | None:
    """Return what tells whether a file has changed; ``None`` if there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


class Context:
    """The objects of each DSL file of a project, evaluated again only after it changed."""

    def __init__(self, run: Run, texts: Callable[[], Texts]) -> None:
        self._run = run
        self._texts = texts
        self._known: dict[Path, _Known] = {}
        self._running: dict[Path, asyncio.Future[list[Json]]] = {}
        self._files: dict[Path, _Files] = {}
        # What was found before it was looked for again.
        self._before: dict[Path, _Files] = {}

    async def around(self, own: Path, config: Config) -> list[Json]:
        """Return the objects of a project without those of one file, manifests included."""
        if config.root not in self._files:
            self._files[config.root] = await self._look(config)
        files, included, _ = self._files[config.root]
        found = [each for path in files if path != own for each in await self._of(path, config)]
        return [*included, *found]

    async def _look(self, config: Config) -> _Files:
        """Find the files; those that took no time before take less here than in a thread."""
        before = self._before.get(config.root)
        if before is not None and before.seconds < AT_ONCE:
            found = _files(config)
        else:
            found = await asyncio.to_thread(_files, config)
        self._before[config.root] = found
        return found

    def look_again(self) -> None:
        """Find out anew which files there are, the next time somebody asks."""
        self._files.clear()

    async def _of(self, path: Path, config: Config) -> list[Json]:
        while True:
            known = self._known.get(path)
            if known is not None and known.is_current(path, self._texts()):
                return known.objects
            if path not in self._running:
                break
            # Somebody else is waiting for it already.
            await asyncio.wait([self._running[path]])
        running = self._running[path] = asyncio.ensure_future(self._evaluated(path, config))
        try:
            return await running
        finally:
            del self._running[path]

    async def _evaluated(self, path: Path, config: Config) -> list[Json]:
        # What is marked is what the file was before it was run.
        stamp = stamp_of(path)
        texts, outcome = await self._run(path, config)
        if outcome is None:
            return []
        hung = any(each["rule"] == HUNG for each in outcome["findings"])
        unsaved = {} if hung else texts
        marks = {each: _mark(each, unsaved) for each in map(Path, outcome["imports"])}
        marks[path] = texts[path].version if path in texts else stamp
        known = self._known[path] = _Known(marks, outcome.get("objects", []), hung)
        return known.objects


def _mark(path: Path, texts: Texts) -> object:
    return texts[path].version if path in texts else stamp_of(path)


def _files(config: Config) -> _Files:
    began = time.perf_counter()
    files, included = config.dsl_files(config.root), _included(config)
    return _Files(files, included, time.perf_counter() - began)


def _included(config: Config) -> list[Json]:
    paths = config.included()
    if not paths:
        return []
    # Only a project with manifests of its own needs to read YAML.
    from k8sgen_core.manifests import objects_of

    return list(objects_of([(str(path), text_of_file(path).encode()) for path in paths]))
