"""What can go wrong in a plugin, said at its own file and line."""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from k8sgen_core.builders.app import StatefulApp
from k8sgen_core.carriers import Origin, Origins
from k8sgen_core.misfits import self_shadowing
from k8sgen_core.origin import Call, Frame, is_library
from k8sgen_core.parts import Mishap
from k8sgen_core.plugins.duality import duals, shadows
from k8sgen_core.session import Refusal, current

if TYPE_CHECKING:
    from k8sgen_core.plugins.plugin import Plugin

# A line table with one entry, which says of up to eight instructions that nothing is known.
_UNKNOWN = b"\xff"
_NOT_CALLABLE = re.compile(r"'\w+' object is not callable$")


class Place(Call):
    """A place in code of a user's own, as a call that problems can speak of."""

    __slots__ = ()

    def __init__(self, frame: Frame | None) -> None:
        self.kind = type(self)
        self.function = type(self).__init__
        self.frame = frame


def place_of_error(error: BaseException, otherwise: Origins) -> Origins:
    """Return where an exception was raised: the innermost place that is not ours."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return Origin((Place(_syntax_frame(error)), None))
    frame = _raised(error.__traceback__)
    return otherwise if frame is None else Origin((Place(frame), None))


def _raised(trace: TracebackType | None) -> Frame | None:
    found = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if not is_library[code.co_filename] and not code.co_filename.startswith("<"):
            own = Frame(code, trace.tb_lasti, None)
            found = own if found is None or not _is_installed(code) else found
        trace = trace.tb_next
    return found


def _is_installed(code: CodeType) -> bool:
    """Is this the standard library or an installed package, whose lines nobody can correct?"""
    return Path(code.co_filename).is_relative_to(_STANDARD) or "site-packages" in code.co_filename


_STANDARD = Path(ast.__file__).parent


def _syntax_frame(error: SyntaxError) -> Frame:
    """Return a frame at text that never became code: code that stands at its place instead."""
    line, text = error.lineno or 1, error.text or ""
    start = _bytes(text, error.offset)
    is_one_line = error.end_lineno in (None, line)
    end = max(_bytes(text, error.end_offset) if is_one_line else 0, start + 1)
    return frame_at(str(error.filename), line, start, end)


def _bytes(text: str, offset: int | None) -> int:
    return len(text[: max((offset or 1) - 1, 0)].encode())


def frame_at(path: str, line: int, start: int, end: int) -> Frame:
    """Return a frame that covers a part of a line, whatever stands there."""
    place = {"lineno": line, "end_lineno": line, "col_offset": start, "end_col_offset": end}
    name = ast.Name("_", ast.Load(), **place)
    code = compile(ast.Module([ast.Expr(name, **place)], []), path, "exec")
    at = next(step.offset for step in dis.get_instructions(code) if step.argval == "_")
    return Frame(code, at, None)


def nothing(plugin: Plugin, origin: Origin) -> Mishap:
    """Return the problem with a plugin that generates nothing."""
    return Mishap(
        rule="plugin-generates-nothing",
        message=f"{plugin!r} generates nothing",
        severity="warning",
        hint="define generate_resources(), or methods named generate_*",
        origin=origin,
    )


def no_resource(plugin: Plugin, item: Any, origin: Origin) -> Mishap:
    """Return the problem with what cannot be deployed."""
    hint = "return builders, plugins, or manifests with apiVersion, kind and metadata.name"
    if hasattr(item, "__await__"):
        close = getattr(item, "close", None)
        if close is not None:
            close()
        hint = "write def, not async def: nothing waits for a description"
    return Mishap(
        rule="plugin-wrong-result",
        message=f"{plugin!r} generates {item!r:.60}, which is no resource",
        hint=hint,
        origin=_definition(plugin) or origin,
    )


def _definition(plugin: Plugin) -> Origin | None:
    """Return where the plugin says what it generates."""
    for each in type(plugin).__mro__:
        for name, function in vars(each).items():
            code = getattr(getattr(function, "__wrapped__", None), "__code__", None)
            if name.startswith("generate_") and code is not None:
                return Origin((Place(_at_line(code.co_filename, code.co_firstlineno)), None))
    return None


def _at_line(path: str, line: int) -> Frame:
    """Return a frame that covers a line, or the only call on it."""
    code = compile("", path, "exec").replace(co_firstlineno=line, co_linetable=_UNKNOWN)
    return Frame(code, 0, None)


def failure(plugin: Plugin, error: BaseException, origin: Origin) -> Mishap:
    """Return the problem with a plugin that raised while it generated."""
    setter = _setter_called(plugin, error)
    hint = "correct the plugin at the line shown"
    message = f"{plugin!r} failed: {type(error).__name__}: {error}"
    if setter is not None:
        message = f"{plugin!r} calls its setter {setter}() while it generates"
        hint = f"there self.{setter} is its value: assign self.{setter} = ... instead"
    elif "name" not in plugin.__dict__ and "'name'" in str(error):
        hint = "call super().__init__(name) in __init__"
    elif isinstance(error, TypeError) and "generate_" in str(error) and "missing" in str(error):
        hint = "a method named generate_* takes no arguments; it is called without any"
    return Mishap(
        rule="plugin-failed", message=message, hint=hint, origin=place_of_error(error, origin)
    )


def _setter_called(plugin: Plugin, error: BaseException) -> str | None:
    """Return the name of the dual setter that a plugin called where it is a value."""
    frame = _raised(error.__traceback__)
    if frame is None or not isinstance(error, TypeError) or not _NOT_CALLABLE.search(str(error)):
        return None
    positions = list(frame.code.co_positions())
    where = positions[frame.at // 2]
    names = duals(type(plugin))
    for step in dis.get_instructions(frame.code):
        at = positions[step.offset // 2]
        if step.argval in names and (at[0], at[2]) == (where[0], where[2]):
            return str(step.argval)
    return None


def refused(plugin: Plugin, refusal: Refusal) -> Mishap:
    """Return the problem with an argument that a builder refused inside a plugin."""
    error = refusal.error
    return Mishap(
        rule=error.rule,
        message=f"{plugin!r}: {error.message}",
        hint=error.hint,
        origin=getattr(error, "origin", None) or Origin((refusal.call, None)),
    )


def check_names(kind: type[Plugin], known: Iterable[type[Plugin]], frame: FrameType | None) -> None:
    """Report the names of a plugin that do not add it: names that are taken, or none at all."""
    here = None if frame is None else _at_line(frame.f_code.co_filename, frame.f_lineno)
    for message, hint in _ill_named(kind, known):
        origin = Origin((Place(here), None))
        rule = "plugin-name-taken"
        current().note(
            Mishap(rule=rule, message=message, severity="warning", hint=hint, origin=origin)
        )


def check_shadows(kind: type[Plugin]) -> None:
    """Report the names of a plugin that are a method and a value, where it gives them the value."""
    session = current()
    # A plain script is not told: it works.
    for name, code, at in shadows(kind) if session.collects else ():
        if not (is_library[code.co_filename] or _is_installed(code)):
            rule, message, hint = self_shadowing(kind.__name__, name)
            origin = Origin((Place(Frame(code, at, None)), None))
            session.note(
                Mishap(rule=rule, message=message, severity="info", hint=hint, origin=origin)
            )


def _ill_named(kind: type[Plugin], known: Iterable[type[Plugin]]) -> Iterator[tuple[str, str]]:
    name, *_ = names = kind.names()
    twin = next((each for each in known if each.names()[0] == name), None)
    own = "a builder's own method, so that it does not add a"
    if hasattr(StatefulApp, f"add_{name}"):
        hint = "name the class differently, or add it with add(...)"
        yield f"add_{name} is {own} {kind.__name__}", hint
    elif twin is not None:
        message = f"{twin.__module__} has a plugin named {kind.__name__} as well"
        hint = "name one of the classes differently; add_<name> takes both"
        yield message, hint
    for alias in own_aliases(kind):
        if alias not in names:
            message = f"the alias {alias!r} of {kind.__name__} cannot be part of a method's name"
            yield message, "use words of letters and digits with _ between them"
        elif alias != name and hasattr(StatefulApp, f"add_{alias}"):
            hint = "use another alias, or add it with add(...)"
            yield f"add_{alias} is {own} {kind.__name__}", hint


def own_aliases(kind: type[Plugin]) -> Sequence[Any]:
    """Return the aliases that a class gives itself, or inherits; one may be a text."""
    return [kind.aliases] if isinstance(kind.aliases, str) else kind.aliases
