"""The headless interface: evaluate a file, and look at what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from k8sgen_core.config import project_root
from k8sgen_core.drafts import Draft
from k8sgen_core.evaluation.process import evaluate_once
from k8sgen_core.evaluation.request import Request
from k8sgen_core.findings import Finding, Place, Position, Range, Related
from k8sgen_core.formats import FORMATS
from k8sgen_core.ids import blocks
from k8sgen_core.judging.request import Judging
from k8sgen_core.preview import nothing
from k8sgen_core.secrets import Checksum, Generated, Given, Reference


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file of output; secret values in ``text`` are masked."""

    path: PurePosixPath
    text: str
    draft: Draft
    request: Request
    format: str = FORMATS[0]


@dataclass(frozen=True, slots=True)
class Requested:
    """A folder that a file asks to be written; a relative one starts at the project root."""

    folder: str
    files: tuple[RenderedFile, ...]
    format: str = FORMATS[0]


class Evaluation:
    """What one DSL file describes, in one environment."""

    def __init__(
        self, request: Request, result: Mapping[str, Any], interpreter: Path | None = None
    ) -> None:
        self.request = request
        self.result = result
        self._interpreter = interpreter

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every problem, in the order of the files and lines."""
        return tuple(self._finding(each) for each in self.result["findings"])

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The problems that keep everything from being written."""
        return tuple(filter(blocks, self.findings))

    @cached_property
    def preview(self) -> Mapping[str, Any]:
        """The preview object, as ``k8sgen preview --json`` prints it."""
        found: Mapping[str, Any] | None = self.result["preview"]
        return found or nothing(self.request.shown, self.environment, self.result["findings"])

    @property
    def environment(self) -> str:
        """The environment that was chosen."""
        return self.request.environment or "default"

    @property
    def name(self) -> str:
        """The path of the file, relative to the project root, with ``/``."""
        return source_name(self.request)

    @property
    def output(self) -> str:
        """What the file printed."""
        found: str = self.result["output"]
        return found

    @cached_property
    def requests(self) -> tuple[Requested, ...]:
        """What the file itself asks to be written, by folder and format."""
        return tuple(
            Requested(each["folder"], tuple(self._requested(each)), each["format"])
            for each in self.result.get("requests", ())
        )

    def _requested(self, asked: Mapping[str, Any]) -> Iterator[RenderedFile]:
        for made in asked.get("made", ()):
            draft = self._draft(made)
            yield RenderedFile(draft.path, made["shown"], draft, self.request, asked["format"])
        files = self.render() if "files" in asked else []
        for number, name in asked.get("files", ()):
            path, file = PurePosixPath(name), files[number]
            yield replace(file, path=path, draft=replace(file.draft, path=path))

    def render(self, format: str | None = None) -> list[RenderedFile]:
        """
        Return the files of a format; of another than was asked for, by evaluating once more.

        Args:
            format: A built-in format, or one that the file registers; default: the one that
                was asked for, else ``kubernetes``.

        Raises:
            ValueError: if there is no such format.
        """
        if format not in (None, self.request.shown):
            return self._in(format).render()
        for finding in self.findings:
            if finding.rule == "unknown-format":
                raise ValueError(f"{finding.message}; {finding.hint}")
        texts = {each["path"]: each["text"] for each in self.preview["files"]}
        made = [self._draft(each) for each in self.result.get("drafts", ())]
        name = self.request.shown
        return [RenderedFile(d.path, texts[str(d.path)], d, self.request, name) for d in made]

    def _draft(self, made: Mapping[str, Any]) -> Draft:
        given = ((s, _reference(reference), encoded) for s, reference, encoded in made["values"])
        values = tuple(given)
        places = {
            reference: place
            for (_, reference, _), shown in zip(values, made["places"], strict=True)
            if isinstance(reference, Generated) and (place := self._place(shown or {}))
        }
        path = PurePosixPath(made["path"])
        return Draft(path, made["text"], made["root"], values, made["verbatim"], places)

    def _in(self, format: str | None) -> Evaluation:
        request = replace(self.request, format=format)
        return Evaluation(request, evaluate_once(request, self._interpreter), self._interpreter)

    def _finding(self, shown: Mapping[str, Any]) -> Finding:
        return Finding(
            rule=shown["rule"],
            message=shown["message"],
            place=self._place(shown),
            severity=shown["severity"],
            hint=shown["hint"],
            object=shown["object"],
            field=shown["field"],
            related=tuple(
                Related(each["message"], place)
                for each in shown["related"]
                if (place := self._place(each)) is not None
            ),
        )

    def _place(self, shown: Mapping[str, Any]) -> Place | None:
        if shown.get("path") is None:
            return None
        start, end = (Position(**shown["range"][side]) for side in ("start", "end"))
        return Place(str(self.request.root / shown["path"]), Range(start, end))


def evaluate(
    file: str | Path, *, interpreter: str | Path | None = None, **settings: Any
) -> Evaluation:
    """
    Run a DSL file in a process of its own and return what it describes.

    Args:
        file: The file.
        interpreter: A Python with k8s-gen installed; default: the one that runs this.
        settings: What :class:`Request` takes: ``environment``, ``version``, ``text`` for a
            text that is not saved, ``format``, ``limits``; ``judging`` for the options and the
            context of the built-in rules, ``None`` to leave them out.

    Raises:
        WorkerUnavailable: if the interpreter has no compatible k8s-gen.
    """
    path = Path(file).resolve()
    asked = {"unit": "utf-32", "drafts": True, "judging": Judging(), **settings}
    request = Request(path=path, root=project_root(path), **asked)
    python = None if interpreter is None else Path(interpreter)
    return Evaluation(request, evaluate_once(request, python), python)


def source_name(request: Request) -> str:
    """Return how the record of an output folder names a DSL file."""
    try:
        return request.path.relative_to(request.root).as_posix()
    except ValueError:
        return request.path.name


def _reference(made: Mapping[str, Any]) -> Reference:
    if "text" in made:
        return Given(made["text"])
    if "parts" in made:
        parts = ((key, _reference(part)) for key, part in made["parts"])
        return Checksum(tuple(parts))  # type: ignore[arg-type]
    return Generated(**made)
