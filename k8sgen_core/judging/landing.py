"""Where in the text the problem belongs that a validator speaks of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from inspect import unwrap
from types import CodeType, TracebackType
from typing import Any

from k8sgen_core.carriers import Origin, Origins
from k8sgen_core.model import Resource
from k8sgen_core.origin import Call, Frame, Sources, Span, is_library
from k8sgen_core.validator import ValidationError
from k8sgen_core.view import Reads, View


def origins_of(error: ValidationError, resource: Resource, reads: Reads) -> Origins:
    """Return the call that an error is about, ``None`` if it is about what was never set."""
    if error.field is not None:
        return origins_of_field(resource, error.field)
    raised = next(_frames(error.__traceback__), None)
    found = list(reads)
    before = [read for read in found if not _is_inside(raised, read.stack)]
    last = (before or found)[-1:]
    return last[0].origins if last else None


def origins_of_field(resource: Resource, field: str) -> Origins:
    """Return where a setting was set, by its name as users call it: ``resources.cpu_limit``."""
    reads = Reads()
    name, _, rest = field.partition(".")
    value: Any = getattr(View(resource, reads), name, None)
    while rest and isinstance(value, dict):
        # A key may have dots itself, as labels do.
        step, _, after = (rest, "", "") if rest in value else rest.partition(".")
        value, rest = value.get(step), after
    return list(reads)[-1].origins


def _is_inside(raised: Frame | None, stack: tuple[Frame, ...]) -> bool:
    """Was this read while the statement ran that raised? Its range is that of the instruction."""
    if raised is None:
        return False
    sources = Sources()
    statement = sources.position(raised)
    return any(
        frame.code is raised.code and _covers(statement, sources.position(frame)) for frame in stack
    )


def _covers(outer: Span, inner: Span) -> bool:
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def _frames(traceback: TracebackType | None) -> Iterator[Frame]:
    """Yield the frames outside the library that an exception went through, innermost first."""
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not is_library[code.co_filename]:
            found.append(Frame(code, traceback.tb_lasti, None))
        traceback = traceback.tb_next
    return reversed(found)


class _Failing(Call):
    """The call of a check, as the code that failed in it."""

    __slots__ = ()

    def __init__(self, kind: type, function: Callable[..., Any], frame: Frame) -> None:
        self.kind = kind
        self.function = function
        self.frame = frame


def failing(check: Callable[..., Any], error: BaseException | None) -> Origins:
    """Return the validator's own code that an exception came from, else where it is defined."""
    function = unwrap(check)
    code: CodeType | None = getattr(function, "__code__", None)
    kind = type(getattr(check, "__self__", check))
    if code is None:
        return None
    folder = os.path.dirname(code.co_filename) + os.sep
    frames = list(_frames(error.__traceback__)) if error is not None else []
    own = next((n for n, each in enumerate(frames) if _in(folder, each)), len(frames))
    found: Frame | None = None
    for frame in reversed(frames[own:]):
        found = frame._replace(outer=found)
    return Origin((_Failing(kind, function, found or _body(code)), None))


def _body(code: CodeType) -> Frame:
    """Return the first thing that a function does: what comes before has no place in the text."""
    places = enumerate(code.co_positions())
    first = (at for at, (line, _, _, end) in places if end and line != code.co_firstlineno)
    return Frame(code, 2 * next(first, 0), None)


def _in(folder: str, frame: Frame) -> bool:
    return frame.code.co_filename.startswith(folder)
