"""
What a description comes to in one format, built in or of a user's own.

A format of a user's own is run here and nowhere else. One that fails is a problem at its own
line, and the others go on.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.freezing import Freezing
from k8sgen_core.carriers import Cause, Origin, Origins, plain
from k8sgen_core.formats import FORMATS, OutputFile, kubernetes
from k8sgen_core.formats.compose import Compose
from k8sgen_core.formats.custom import StrayFile, captured, is_folder, writes
from k8sgen_core.judging.landing import failing
from k8sgen_core.kubernetes.lowered import Lowered, Problem
from k8sgen_core.model import Group, Model, Resource
from k8sgen_core.origin import identity
from k8sgen_core.pipeline import Build
from k8sgen_core.session import Request
from k8sgen_core.view import View
from k8sgen_core.yaml.emitter import Header

if TYPE_CHECKING:
    from k8sgen_core.formats import Placeholder

FAILED = "format-failed"


@dataclass
class Rendered:
    """Files in one format, to be written into a folder; relative to the project root."""

    format: str
    folder: str = "."
    lowered: list[Lowered] = field(default_factory=list)
    made: list[OutputFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def files(self, placeholder: Placeholder | None = None) -> list[OutputFile]:
        """Return the files; without ``placeholder`` secret values are masked."""
        manifests = kubernetes.render(self.lowered, placeholder)
        if placeholder is None:
            return [*manifests, *self.made]
        return [*manifests, *(each.with_placeholders(placeholder) for each in self.made)]


class Rendering:
    """
    Renders what some builders describe.

    ``build`` is what they come to, ``requests`` are those of the file that describes them.
    """

    def __init__(
        self, build: Build, builders: Sequence[Builder], requests: Sequence[Request] = ()
    ) -> None:
        self.build = build
        self._direct = [each for each in requests if each.run is not None]
        self._roots = list(zip(builders, build.model.roots, strict=True))
        self._freezing = Freezing(None if self._is_base else build.model.environment)
        self._freezing.known.update((identity(builder), root) for builder, root in self._roots)

    @property
    def _is_base(self) -> bool:
        return self.build.model.environment == "default"

    def formats(self) -> list[str]:
        """Return the names of all formats: the built-in ones, and those of the file."""
        own = (name for builder, _ in self._roots for name in builder._formats)
        direct = (each.format for each in self._direct)
        return list(dict.fromkeys((*FORMATS, *own, *direct)))

    def format(self, name: str, folder: str = ".") -> Rendered:
        """Return everything in one of the formats."""
        made = Rendered(name, folder)
        rest = []
        written: list[tuple[str, list[OutputFile]]] = []
        for builder, resource in self._roots:
            if name in builder._formats:
                output, origin = builder._formats[name]
                run = _Run(output, origin, self.build.model.environment)
                files = run.files([resource], View(resource), "output/")
                made.problems += run.problems
                written.append((str(plain(resource.name)), files))
            else:
                rest.append(resource)
        if name in FORMATS:
            self._built_in(made, rest)
        else:
            for asked in map(self._of_user, (r for r in self._direct if r.format == name)):
                made.problems += asked.problems
                written.append((PurePath(asked.folder).name, asked.made))
        made.made += _apart(written)
        return made

    def _built_in(self, made: Rendered, roots: Sequence[Resource]) -> None:
        if made.format == "kubernetes":
            wanted = {*roots}
            made.lowered = [each for each in self.build.lowered if each.root in wanted]
            return
        compose = Compose(made.folder)
        model = Model(roots=tuple(roots), environment=self.build.model.environment)
        made.problems += compose.problems(model)
        made.made += compose.render(model)

    def requests(self, requests: Iterable[Request]) -> Iterator[Rendered]:
        """Yield what a file asks for in other formats than Kubernetes; of one path, together."""
        together: dict[tuple[str, str], list[Request]] = {}
        for request in requests:
            if request.output is not None:
                yield self._of_user(request)
            elif request.format != "kubernetes":
                key = (request.format, posixpath.normpath(request.path))
                together.setdefault(key, []).append(request)
        for (name, _), asked in together.items():
            path = asked[0].path
            made = Rendered(name, _folder_of(path))
            roots = {id(each.builder): self.resource(each.builder) for each in asked}
            self._built_in(made, list(roots.values()))
            made.made = _renamed(made.made, path)
            yield made

    def resource(self, builder: Builder) -> Resource:
        """Return what a builder describes; of a root, what the build is of."""
        found: Resource = self._freezing.resource(builder)
        return found

    def _of_user(self, request: Request) -> Rendered:
        made = Rendered(request.format)
        resources = [self.resource(builder) for builder in builders_in(request.builder)]
        run = _Run(
            request.output, Origin((request.call, None)), self.build.model.environment, request.run
        )
        files = run.files(resources, self._views(request.builder), request.path)
        names_it = PurePath(request.path).name
        is_file = len(files) == 1 and posixpath.basename(files[0].path) == names_it
        path = request.path if is_file or not writes(request.output) else f"{request.path}/"
        made.folder = _folder_of(path)
        names = ",".join(str(plain(each.name)) for each in resources)
        made.problems = run.problems
        for file in files if writes(request.output) else _renamed(files, path):
            root = f"{names}:{posixpath.basename(file.path)}" if is_file else names
            made.made.append(file._replace(root=root))
        return made

    def _views(self, subject: Any) -> Any:
        if isinstance(subject, list | tuple):
            return [self._views(each) for each in subject]
        return View(self.resource(subject)) if isinstance(subject, Builder) else subject


def builders_in(subject: Any) -> list[Builder]:
    """Return the builders that a format is given, alone or in a list."""
    if isinstance(subject, list | tuple):
        return [builder for each in subject for builder in builders_in(each)]
    return [subject._base] if isinstance(subject, Builder) else []


@dataclass
class _Run:
    """One run of a format of a user's own, because of a call."""

    output: Any
    origin: Origin
    environment: str
    run: Callable[[Any, str], object] | None = None
    problems: list[Problem] = field(default_factory=list)

    def files(self, resources: Sequence[Resource], view: Any, path: str) -> list[OutputFile]:
        """Return the files that it writes or renders."""
        generate = self.run or getattr(self.output, "generate", None)
        try:
            if writes(self.output) and generate is not None:
                found = captured(lambda place: generate(view, place), path)
            else:
                model = Model(roots=tuple(resources), environment=self.environment)
                found = [_checked(each) for each in self.output.render(model)]
                self.problems += _unsupported(self.output, model)
        except StrayFile as error:
            self._report(str(error), self.origin, "write to the path that generate is given")
            return []
        except Exception as error:  # noqa: BLE001 - a format may raise anything, and others go on
            method = self.output.generate if writes(self.output) else self.output.render
            message = f"{type(self.output).__name__}: {type(error).__name__}: {error}"
            own = failing(method, error) or self.origin
            self._report(message, own, "correct the format at the line shown")
            return []
        return [_because(self.origin, each) for each in found]

    def _report(self, message: str, origin: Origins, hint: str) -> None:
        self.problems.append(Problem(FAILED, message, origin, hint))


def _checked(file: Any) -> OutputFile:
    if not isinstance(file, OutputFile):
        raise TypeError(f"render yields {file!r:.60}, which is no OutputFile")
    return file._replace(path=PurePosixPath(file.path).as_posix())


def _unsupported(output: Any, model: Model) -> Iterator[Problem]:
    """Yield the resources that a format does not say it supports."""
    known = tuple(getattr(output, "supports", (Resource,)))
    for resource in _flat(model.roots):
        if not isinstance(resource, (*known, Group)):
            message = f"{type(output).__name__} has no place for {plain(resource.name)}"
            hint = "leave it out, or choose another format"
            yield Problem("setting-not-supported", message, resource.origin, hint, "warning")


def _flat(resources: Iterable[Resource]) -> Iterator[Resource]:
    for resource in resources:
        yield resource
        held = getattr(resource, "members", ()) or getattr(resource, "holds", ())
        yield from _flat(added.resource for added in held)


def _because(cause: Origin, file: OutputFile) -> OutputFile:
    """Return a file with all its lines belonging to a call, besides those they had."""
    whole = Header(None, None, Cause((cause,)))
    notes: list[Any] = []
    for note in file.notes or [(None, None, None)] * file.text.count("\n"):
        header = note if isinstance(note, Header) else note[0]
        while header is not None and header.outer is not None:
            header = header.outer
        if header is None:
            notes.append((whole, *note[1:]) if isinstance(note, tuple) else note)
            continue
        if header is not whole:
            header.outer = whole
        notes.append(note)
    return file._replace(noting=lambda: notes)


def _apart(written: Sequence[tuple[str, list[OutputFile]]]) -> list[OutputFile]:
    """Return the files of several roots; those that would share a path get the root in front."""
    shared = Counter(file.path for _, files in written for file in files)
    return [
        file._replace(
            root=file.root or root,
            path=file.path if shared[file.path] == 1 else posixpath.join(root, file.path),
        )
        for root, files in written
        for file in files
    ]


def _folder_of(path: str) -> str:
    folder = path if _is_folder(path) else posixpath.dirname(path.replace("\\", "/"))
    return posixpath.normpath(folder or ".")


def _is_folder(path: str) -> bool:
    return is_folder(path) or not PurePath(path).suffix


def _renamed(files: Sequence[OutputFile], path: str) -> list[OutputFile]:
    """Return the files with the first one under the name that a path gives it."""
    if not files or _is_folder(path):
        return list(files)
    name = PurePath(path).name
    first = files[0]
    renamed = [first._replace(path=name), *files[1:]]
    return [each._replace(root=name) for each in renamed]


def problems_in(build: Build, formats: Iterable[str]) -> list[Problem]:
    """Return the problems of a build that matter for these formats."""
    if "kubernetes" in formats:
        return build.all_problems
    return [each for each in build.all_problems if not _is_of_kubernetes(each)]


def _is_of_kubernetes(problem: Problem) -> bool:
    """Is it that Kubernetes cannot do this? Other formats may."""
    if problem.rule == "setting-not-supported":
        return True
    origin = problem.origin
    built = isinstance(origin, Origin) and origin.call.method == "from_dockerfile"
    return problem.rule == "missing-image" and built
