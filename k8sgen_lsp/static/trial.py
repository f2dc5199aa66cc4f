"""
Trying a call of the product's own: what its method says to the arguments that are written.

Only methods of installed builders are called, on an object made for it, with literals from the
text; what users wrote is never run. So the errors while typing are the very ones of a run.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from k8sgen_core.builders.arguments import located
from k8sgen_core.builders.builder import Builder
from k8sgen_core.carriers import Origin, carry, each
from k8sgen_core.findings import Severity
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.misfits import misfit
from k8sgen_core.origin import Call
from k8sgen_core.parts import Mishap
from k8sgen_core.session import Session, within
from k8sgen_lsp.static.calls import UNKNOWN, is_written

# What these say depends on files, which change without the text that names them.
_READING = frozenset(("from_file", "from_env_file"))
_READERS = frozenset(("Manifests",))
# What these say of some arguments depends on others.
_RELATIVE = frozenset(("conflicting-settings", "missing-setting", "invalid-override"))
_REMEMBERED = 4096


class Objection(NamedTuple):
    """
    What is wrong with a call.

    ``argument`` is a position or name, or a path that begins with one; ``None`` is the call.
    """

    rule: str
    message: str
    hint: str | None
    severity: Severity = "error"
    argument: Any = None


class Given(NamedTuple):
    """The arguments of a call, as far as they are written."""

    args: Sequence[Any]
    kwargs: Mapping[str, Any]

    @property
    def is_whole(self) -> bool:
        """Is all of it written?"""
        return is_written([*self.args, *self.kwargs.values()])


class _Trying(Session):
    """Keeps what is refused, as the tool does."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[ArgumentError] = []

    def note(self, mishap: Mishap) -> None:
        self.notes.append(mishap)

    def refused(self, error: ArgumentError, call: Call) -> None:
        self.errors.append(error)


_known: dict[tuple[str, str, str], tuple[Objection, ...]] = {}


def objections(kind: str, method: str, given: Given) -> tuple[Objection, ...]:
    """Return what is wrong with a call of an installed class, in whatever text it stands."""
    key = (kind, method, repr(given))
    if key not in _known:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known[key] = tuple(_tried(kind, method, given))
    return _known[key]


def _tried(qualified: str, method: str, given: Given) -> Iterator[Objection]:
    kind = _class(qualified)
    body = _body(kind, method) if kind else None
    if kind is None or body is None or method in _READING or kind.__name__ in _READERS:
        return
    call = Call(kind, body, None, len(given.args))
    try:
        inspect.signature(body).bind(None, *given.args, **given.kwargs)
    except TypeError:
        yield _unfit(call, given)
        return
    clear = given if given.is_whole else _without_unknown(body, given)
    for objection in _said(call, clear):
        if given.is_whole or _is_of_known(objection, given):
            yield objection


@lru_cache(maxsize=64)
def _class(qualified: str) -> type[Builder] | None:
    module, _, name = qualified.rpartition(".")
    found = getattr(importlib.import_module(module), name)
    return found if isinstance(found, type) and issubclass(found, Builder) else None


def _body(kind: type[Builder], method: str) -> Callable[..., Any] | None:
    """Return what a recorded method does; only what is recorded describes something."""
    found = next((vars(each)[method] for each in kind.__mro__ if method in vars(each)), None)
    body = inspect.unwrap(found) if inspect.isfunction(found) else found
    return None if body is found else body


def _unfit(call: Call, given: Given) -> Objection:
    """Return the objection to arguments that do not fit, in the words of Python."""
    try:
        call.function(None, *given.args, **given.kwargs)
    except TypeError as error:
        return Objection(*misfit(call, error))
    raise AssertionError(call)


def _without_unknown(body: Callable[..., Any], given: Given) -> Given:
    """Leave out what is not known, where it may be left out."""
    parameters = inspect.signature(body).parameters
    optional = {
        name
        for name, each in parameters.items()
        if each.default is not each.empty or each.kind is each.VAR_KEYWORD
    }
    kwargs = {
        name: value
        for name, value in given.kwargs.items()
        if value is not UNKNOWN or (name in parameters and name not in optional)
    }
    return given._replace(kwargs=kwargs)


def _said(call: Call, given: Given) -> list[Objection]:
    """Return what a method says to arguments that know where they were written."""
    args = [carry(value, Origin((call, index))) for index, value in enumerate(given.args)]
    kwargs = {key: carry(value, Origin((call, key))) for key, value in given.kwargs.items()}
    with within(_Trying()) as session:
        builder = _made(call)
        try:
            call.function(builder, *args, **kwargs)
        except ArgumentError as error:
            session.refused(located(error, call, args, kwargs), call)
        except (TypeError, ValueError, AttributeError):
            # It was given something in the place of what is not known.
            return []
    refused = (
        Objection(e.rule, e.message, e.hint, argument=_argument(getattr(e, "origin", None)))
        for e in session.errors
    )
    noted = (
        Objection(m.rule, m.message, m.hint, m.severity, _argument(m.origin)) for m in session.notes
    )
    return [*refused, *noted]


def _made(call: Call) -> Builder:
    builder: Builder = object.__new__(call.kind)
    builder.__dict__.update(_call=call, _overlays={}, _base=builder)
    builder.__dict__["_draft"] = {"name": "name", "origin": Origin((call, None))}

    return builder


def _argument(origins: Any) -> Any:
    return next((origin.argument for origin in each(origins)), None)


def _is_of_known(objection: Objection, given: Given) -> bool:
    """Does an objection speak of a value that is written, whatever the others are?"""
    if objection.rule in _RELATIVE or objection.argument is None:
        return False
    if repr(UNKNOWN) in f"{objection.message}{objection.hint}":
        return False
    first, *path = (
        objection.argument if isinstance(objection.argument, tuple) else (objection.argument,)
    )
    value = given.args[first] if isinstance(first, int) else given.kwargs[first]
    for key in path:
        if isinstance(key, tuple):
            return True
        value = value[key]
    return is_written(value)
