"""From the exception that ended a run to the finding that says what to do about it."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Callable, Sequence

from k8sgen_core.columns import lines_of
from k8sgen_core.evaluation.environment import HIDDEN
from k8sgen_core.evaluation.guard import SideEffectRefused
from k8sgen_core.evaluation.misspelt import (
    missing_name_hint,
    of_attribute,
    of_call,
    of_import,
)
from k8sgen_core.evaluation.places import Places
from k8sgen_core.evaluation.streams import InputRefused
from k8sgen_core.findings import Finding, Place, Position, Range, Related
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.origin import Frame

LONGEST = 2_000


class TooManyObjects(BaseException):
    """The program made more builders than it may; it is reported where it did."""


def finding_of(error: BaseException, places: Places) -> Finding | None:
    """Return what an exception says of the file; ``None`` if that has been reported already."""
    if isinstance(error, SideEffectRefused | InputRefused | TooManyObjects):
        return None
    if is_quiet_exit(error, places):
        return None
    frames = places.raised(error.__traceback__)
    for kind, specific in _SPECIFIC:
        if isinstance(error, kind):
            finding = specific(error, frames, places)
            if finding is not None:
                return finding
    return _raised("uncaught-exception", title(error), frames, places, _hint(error, frames))


def _raised(
    rule: str, message: str, frames: Sequence[Frame], places: Places, hint: str | None
) -> Finding:
    return Finding(rule, message, places.place(frames), hint=hint, related=places.outer(frames))


def title(error: BaseException) -> str:
    """Return the type of an exception and what it says; as long as people read."""
    if isinstance(error, SyntaxError | NameError | AttributeError | ImportError):
        # What Python adds to these differs between its versions.
        said = f"{type(error).__name__}: {error}"
    else:
        said = "".join(traceback.format_exception_only(type(error), error)).strip()
    return said.removeprefix("__main__.")[:LONGEST]


def _hint(error: BaseException, frames: Sequence[Frame]) -> str | None:
    if isinstance(error, NameError):
        return missing_name_hint(error)
    if isinstance(error, KeyError) and error.args and error.args[0] in HIDDEN:
        return "variables that look like credentials are hidden from descriptions"
    return None


def _syntax(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding | None:
    if not isinstance(error, SyntaxError) or error.filename not in places.read:
        return None
    path = str(error.filename)
    return Finding(
        "syntax-error",
        error.msg,
        Place(path, _range_of(error, lines_of(places.locator.sources.text(path) or ""))),
        related=tuple(Related("imported from here", places.place([frame])) for frame in frames[:1]),
    )


def _range_of(error: SyntaxError, lines: Sequence[str]) -> Range:
    line = min(max(error.lineno or 1, 1), len(lines)) - 1
    start = min(max(error.offset or 1, 1) - 1, len(lines[line]))
    end_line = min(max(error.end_lineno or 0, line + 1), len(lines)) - 1
    end = min((error.end_offset or 0) - 1, len(lines[end_line]))
    if (end_line, end) <= (line, start):
        end_line, end = line, min(start + 1, len(lines[line]))
    return Range(Position(line, start), Position(end_line, end))


def _argument(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding | None:
    if not isinstance(error, ArgumentError):
        return None
    place = places.locator.place(getattr(error, "origin", None)) or places.place(frames)
    related = places.outer(frames)
    return Finding(error.rule, error.message, place, hint=error.hint, related=related)


def _recursion(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding:
    message = "this recurses without an end"
    hint = "give it a case in which it does not call itself"
    return _raised("recursion-limit", message, frames, places, hint)


def _memory(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding:
    message = "the file needs more memory than it may use"
    hint = "build less here, or raise evaluate.memory"
    return _raised("memory-limit", message, frames, places, hint)


def _exit(error: BaseException, frames: Sequence[Frame], places: Places) -> Finding:
    message, hint = exit_message(f"exit code {getattr(error, 'code', None)!r}")
    return _raised("process-exit", message, frames, places, hint)


def exit_message(how: str) -> tuple[str, str]:
    """Return the message and the hint for a run that ends its own process."""
    return (
        f"the file ends the process here ({how}); what comes after is not deployed",
        "raise an exception that says what is wrong instead of exiting",
    )


def is_quiet_exit(error: BaseException, places: Places) -> bool:
    """Is this ``sys.exit()``, successful, as the last statement of the file? It cuts nothing."""
    if not isinstance(error, SystemExit) or error.code not in (None, 0):
        return False
    frames = places.raised(error.__traceback__)
    if len(frames) != 1 or frames[0].code.co_filename != places.main:
        return False
    line = places.locator.sources.position(frames[0]).line
    return line >= _last_statement(places.locator.sources.text(places.main) or "")


def _last_statement(text: str) -> int:
    last = ast.parse(text).body[-1]
    while isinstance(last, ast.If) and not last.orelse:
        last = last.body[-1]
    return last.lineno


_Specific = Callable[[BaseException, Sequence[Frame], Places], Finding | None]
_SPECIFIC: tuple[tuple[type[BaseException], _Specific], ...] = (
    (SyntaxError, _syntax),
    (ImportError, of_import),
    (AttributeError, of_attribute),
    (TypeError, of_call),
    (ArgumentError, _argument),
    (RecursionError, _recursion),
    (MemoryError, _memory),
    (SystemExit, _exit),
)
