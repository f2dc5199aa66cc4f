"""
The run in progress: what builders register with, and what lower layers need of higher ones.

In a plain script nothing is kept and a bad argument raises. The tool collects what is
built and refused, so that every problem of a file is shown, not only the first.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from k8sgen_core.carriers import each
from k8sgen_core.origin import identity

if TYPE_CHECKING:
    from k8sgen_core.grammar import ArgumentError
    from k8sgen_core.origin import Call
    from k8sgen_core.parts import Mishap


SessionType = TypeVar("SessionType", bound="Session")


class Refusal(NamedTuple):
    """A call whose argument was refused, and why."""

    call: Call
    error: ArgumentError


class Request(NamedTuple):
    """
    A file's own wish to be written: ``generate().to_<method>(path)``.

    ``builder`` is what is written, one builder or several; ``output`` a format of a user's
    own, and ``run`` what it does for the views of the builders and a path.
    """

    format: str
    path: str
    builder: Any
    call: Call
    output: Any = None
    run: Callable[[Any, str], object] | None = None


class TemplateSource(NamedTuple):
    """A template that a file registers: its name, its path as written, and the call."""

    name: str
    path: str
    call: Call


class Session:
    """A plain script: nothing is collected."""

    collects = False
    # Does code of a plugin run, whose builders are its own business?
    is_inside = False

    def __init__(self, root: Path | None = None, environment: str | None = None) -> None:
        self.root = root
        # The environment that is generated, if one was chosen.
        self.environment = environment
        self.plugin_classes: list[Any] = []
        self.plugins: dict[str, Any] = {}
        self.loaded: dict[str, bool] = {}
        self.notes: list[Any] = []
        self.templates: dict[str, TemplateSource] = {}

    def adder(self, name: str) -> Any:
        """
        Return the plugins that ``add_<name>`` takes; ``None`` if there is no such method.

        A plugin that is registered may be loaded only by the argument.
        """
        found = tuple(kind for kind in _Current.plugins() if name in kind.names())
        return found if found or name in self.plugins else None

    def adders(self) -> list[str]:
        """Return the names for which there is ``add_<name>``."""
        return [*(name for kind in _Current.plugins() for name in kind.names()), *self.plugins]

    def note(self, mishap: Mishap) -> None:
        """Say what is wrong beside the description, as Python says such things."""
        first = next(iter(each(mishap.origin)), None)
        frame = None if first is None else first.call.frame
        if frame is None:
            warnings.warn(mishap.message, stacklevel=3)
            return
        lines = [each[0] for each in frame.code.co_positions()]
        line = lines[frame.at // 2] or frame.code.co_firstlineno
        warnings.warn_explicit(mishap.message, UserWarning, frame.code.co_filename, line)

    def path(self, relative: str) -> Path:
        """Return a path of the user's; relative paths start at the project root."""
        return (self.root or Path.cwd()) / "".join(relative)

    def created(self, builder: Any) -> None:
        """Note that a builder was made."""

    def refused(self, error: ArgumentError, call: Call) -> None:
        """Raise what a call refused; how it was found out is nobody's business."""
        raise error.with_traceback(None) from None

    def generating(self, builder: Any) -> None:
        """Note that the file asks for this builder's output."""

    def requested(self, request: Request) -> bool:
        """Note a wish to write; ``True`` if it is only noted, not carried out."""
        return False


class Collecting(Session):
    """The tool: everything is collected, nothing is written."""

    collects = True

    def __init__(self, root: Path, environment: str | None = None) -> None:
        super().__init__(root, environment)
        self.builders: dict[int, Any] = {}
        self.asked: dict[int, Any] = {}
        self.refusals: list[Refusal] = []
        self.requests: list[Request] = []
        # Calls of which a later one takes the place, and calls that say what is so anyway.
        self.replaced: list[tuple[Call, Call]] = []
        self.defaults: list[tuple[Call, str]] = []
        # Did the program run to its end?
        self.is_complete = True

    def created(self, builder: Any) -> None:
        """Keep the builder, in the order of creation."""
        self.builders[identity(builder)] = builder

    def note(self, mishap: Mishap) -> None:
        """Keep what is wrong beside the description."""
        self.notes.append(mishap)

    def refused(self, error: ArgumentError, call: Call) -> None:
        """Keep the refusal and go on."""
        self.refusals.append(Refusal(call, error))

    def generating(self, builder: Any) -> None:
        """Keep that this builder is a root."""
        self.asked[identity(builder)] = builder

    def requested(self, request: Request) -> bool:
        """Keep the wish."""
        self.requests.append(request)
        return True

    def roots(self) -> list[Any]:
        """Return the builders asked for, else those that no other builder holds."""
        if self.asked:
            return list(self.asked.values())
        held = {identity(each) for builder in self.builders.values() for each in builder._held()}
        return [builder for key, builder in self.builders.items() if key not in held]


class Inner(Session):
    """What runs inside the description, such as a plugin: it makes no roots of its own."""

    collects = True
    is_inside = True

    def __init__(self, outer: Session) -> None:
        super().__init__(outer.root, outer.environment)
        self.plugin_classes = outer.plugin_classes
        self.plugins = outer.plugins
        self.loaded = outer.loaded
        self.notes = outer.notes
        self.templates = outer.templates
        self.refusals: list[Refusal] = []
        self._outer = outer

    def note(self, mishap: Mishap) -> None:
        """Leave it to the session around this one."""
        self._outer.note(mishap)

    def refused(self, error: ArgumentError, call: Call) -> None:
        """Keep the refusal and go on."""
        self.refusals.append(Refusal(call, error))


@contextmanager
def within(session: SessionType) -> Iterator[SessionType]:
    """Let builders register with another session for a while."""
    outer = _Current.session
    _Current.session = session
    try:
        yield session
    finally:
        _Current.session = outer


class _Current:
    session: Session = Session()
    plugins: Callable[[], Iterable[Any]] = staticmethod(tuple)


def offer(plugins: Callable[[], Iterable[Any]]) -> None:
    """Let builders know how to find the plugins that they can add."""
    _Current.plugins = staticmethod(plugins)


def current() -> Session:
    """Return the session that builders register with."""
    return _Current.session


def activate(session: Session) -> None:
    """Let builders register with this session from now on."""
    _Current.session = session


def pipeline(name: str) -> Callable[..., Any]:
    """Return a function of the pipeline, which is loaded only when something is generated."""
    found: Callable[..., Any] = getattr(importlib.import_module("k8sgen_core.generation"), name)
    return found
