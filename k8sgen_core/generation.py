"""``app.generate()``: what a file itself wishes to be written, in which format and where."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.arguments import located, placed_at
from k8sgen_core.builders.builder import Builder
from k8sgen_core.carriers import plain
from k8sgen_core.drafts import placeholder
from k8sgen_core.formats import BUILT_IN, FORMATS, method_of
from k8sgen_core.formats.custom import name_of
from k8sgen_core.grammar import ArgumentError, did_you_mean, text
from k8sgen_core.judging.project import project_rules
from k8sgen_core.kubernetes.lowered import Problem
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Call
from k8sgen_core.pipeline import Build, GenerationError, build, finding_of
from k8sgen_core.rendering import Rendered, Rendering, builders_in, problems_in
from k8sgen_core.session import Request, current

_getframe = sys._getframe
_METHODS = {each.method: each.name for each in BUILT_IN}


class Generation:
    """
    What a resource generates, to be written in one of the formats.

    A format that was registered with ``register_output_format`` has a method here too.
    """

    def __init__(self, builder: Builder, frame: FrameType) -> None:
        self._builder = builder
        self._script = Path(frame.f_code.co_filename)

    def to_yaml(self, path: str = "./k8s/") -> None:
        """
        Write Kubernetes manifests into a folder: ``<name>-<kind>.yaml``.

        Run by the tool, the wish is only noted: ``k8sgen generate`` carries it out.

        Args:
            path: The folder; a relative path starts at the project root, or, run as a
                plain script, at the working folder.

        Raises:
            ArgumentError: ``wrong-type``.
            GenerationError: with every finding, if the description is not valid; nothing
                is written then.
            ForeignFile: if a file in the folder is not K8s-Gen's own.
        """
        self._request("to_yaml", path, Call(Generation, Generation.to_yaml, _getframe(1)))

    def to_docker_compose(self, path: str = "./compose.yaml") -> None:
        """
        Write one file for Docker Compose, with a service for each workload.

        Secret values go to files of mode 0600 beside it. What Compose cannot say is a
        finding at the call that set it.

        Args:
            path: The file, or a folder for ``compose.yaml``.

        Raises:
            ArgumentError: ``wrong-type``.
            GenerationError: with every finding, if the description is not valid; nothing
                is written then.
            ForeignFile: if a file in the folder is not K8s-Gen's own.
        """
        call = Call(Generation, Generation.to_docker_compose, _getframe(1))
        self._request("to_docker_compose", path, call)

    def _own(self) -> dict[str, str]:
        """Return the methods of the user's own formats, with the formats' names."""
        return {method_of(name): name for name in self._builder._formats}

    def _request(self, method: str, path: str, call: Call) -> None:
        name = self._own().get(method) or _METHODS[method]
        output = self._builder._formats[name][0] if name in self._builder._formats else None
        try:
            place = "".join(text(path, "the path"))
        except ArgumentError as error:
            current().refused(located(placed_at(path, error), call, (path,), {}), call)
            return
        _perform(Request(name, place, self._builder, call, output), self._script)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._own()]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[[str], None]:
            """Return the method of a format that was registered."""
            if name.startswith("_") or name not in self._own():
                raise self._unknown(name)
            return _method(name).__get__(self)

    def _unknown(self, name: str) -> AttributeError:
        from difflib import get_close_matches

        known = [*_METHODS, *self._own()]
        hint = did_you_mean(*get_close_matches(name, known, 1)) or f"there are {', '.join(known)}"
        return AttributeError(f"there is no format with {name}(): {hint}", name=name, obj=self)


def _method(name: str) -> Any:
    """Return a method that writes a format of a user's own, under its name."""

    def write(self: Generation, path: str) -> None:
        self._request(name, path, Call(Generation, write, _getframe(1)))

    write.__name__ = name
    return write


def request(
    output: Any, subject: Any, path: str, call: Call, run: Callable[[Any, str], object]
) -> None:
    """Carry out, or only note, a direct call of a format."""
    frame = call.frame
    script = Path("script.py" if frame is None else frame.code.co_filename)
    _perform(Request(name_of(output), path, subject, call, output, run), script)


def _perform(asked: Request, script: Path) -> None:
    if not current().requested(asked):
        _write(asked, script)


# A plain script may ask for one file in several calls; each writes all that was asked by then.
_asked: dict[tuple[str, Path], list[Request]] = {}


def _write(asked: Request, script: Path) -> None:
    # In a process of ours nothing is written here, and the worker never needs the disk session.
    from k8sgen_core.config import project_root
    from k8sgen_core.writing import Context, write_files

    root = project_root(script.resolve())
    together = [asked]
    if asked.output is None and asked.format != FORMATS[0]:
        together = _asked.setdefault((asked.format, Path(asked.path).absolute()), [])
        together.append(asked)
    rules = project_rules(root)
    builders = list(dict.fromkeys(b for each in together for b in builders_in(each.builder)))
    made = build(builders, rules=rules)
    rendered = _rendered(made, builders, together)
    locator = Locator(root)
    problems = [*problems_in(made, [asked.format]), *rendered.problems]
    blocking = [*rules.findings, *(finding_of(each, locator) for each in _errors(problems))]
    if blocking:
        raise GenerationError(blocking)
    files = rendered.files(placeholder)
    names = frozenset(each.root for each in files)
    if asked.format == FORMATS[0] and asked.output is None:
        names = frozenset(plain(each.name) for each in made.model.roots)
    context = Context(root, made.model.environment, names, asked.format)
    write_files(files, current().path(rendered.folder), script, context)


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def _rendered(made: Build, builders: Sequence[Builder], asked: Sequence[Request]) -> Rendered:
    rendering = Rendering(made, builders)
    if asked[0].output is None and asked[0].format == FORMATS[0]:
        return Rendered(FORMATS[0], asked[0].path, made.lowered)
    [found] = rendering.requests(asked)
    return found
