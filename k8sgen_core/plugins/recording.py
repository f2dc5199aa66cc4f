"""
How the configuration of a plugin is noted: every call and assignment of its users.

What the methods of a plugin do by themselves is their own business. A method runs on plain
values, so that ``is True`` and the like mean what they say.
"""

from __future__ import annotations

import dis
import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.builders.arguments import located
from k8sgen_core.carriers import Dict, List, plain
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.origin import Call
from k8sgen_core.plugins.duality import reading
from k8sgen_core.session import Inner, current, within

if TYPE_CHECKING:
    from k8sgen_core.plugins.plugin import Plugin

_getframe = sys._getframe
# The code of the methods of plugins: what they call was not called by their users.
CODES: set[int] = set()
_KEPT: list[CodeType] = []


class Step(NamedTuple):
    """One call that configured a plugin."""

    call: Call
    method: Callable[..., Any]
    args: list[Any]
    kwargs: dict[str, Any]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments, with containers that the plugin may change."""
        return [given(v) for v in self.args], {key: given(v) for key, v in self.kwargs.items()}


def wrap(name: str, function: FunctionType) -> Callable[..., Any] | None:
    """Return a method of a plugin as its users call it, ``None`` if it stays as it is."""
    if name == "__getattr__":
        return _answering(function)
    if name.startswith("generate_"):
        return _reading(function)
    return None if name.startswith("_") else _configuring(function)


def remember(member: object) -> None:
    """Note that functions are a plugin's: a method, or those of a property."""
    names = ("__func__", "fget", "fset")
    for each in (member, *(getattr(member, name, None) for name in names)):
        if isinstance(each, FunctionType):
            code = inspect.unwrap(each).__code__
            CODES.add(id(code))
            _KEPT.append(code)


def given(value: Any) -> Any:
    """Return an argument as the plugin gets it: plain, and its own where it could change."""
    kind = type(value)
    if kind in (dict, Dict):
        return {plain(key): given(element) for key, element in value.items()}
    if kind in (list, tuple, List):
        made = [given(element) for element in value]
        return tuple(made) if kind is tuple else made
    return value if kind in _BUILT_IN else plain(value)


_BUILT_IN = frozenset((str, int, float, bool, type(None)))


@contextmanager
def inside(plugin: Plugin) -> Iterator[None]:
    """Let the plugin do what is not called by its users."""
    plugin.__dict__["_depth"] = plugin._depth + 1
    try:
        yield
    finally:
        plugin.__dict__["_depth"] = plugin._depth - 1


def run(
    plugin: Plugin, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Run a method of a plugin without noting it."""
    with inside(plugin):
        return function(plugin, *args, **kwargs)


def noted(plugin: Plugin, step: Step) -> Any:
    """Run a method and note that it was called; what it refuses is reported where it was."""
    call = plugin.__dict__["_call"] = step.call
    try:
        found = run(plugin, step.method, *step.arguments())
    except ArgumentError as error:
        current().refused(located(error, call, step.args, step.kwargs), call)
        plugin._draft["refused"] = True
        return plugin
    plugin._steps.append(step)
    return found


def _configuring(function: Callable[..., Any]) -> Callable[..., Any]:
    """Note what a user calls."""
    silent = returns_nothing(inspect.unwrap(function).__code__)

    @functools.wraps(function)
    def configure(self: Plugin, *args: Any, **kwargs: Any) -> Any:
        if self._is_reading or self._depth:
            found = function(self, *args, **kwargs)
        else:
            call = Call(type(self), function, _getframe(1))
            named = {key: given(value) for key, value in kwargs.items()}
            found = noted(self, Step(call, function, [given(v) for v in args], named))
        return self if silent else found

    return configure


def _reading(function: FunctionType) -> Callable[..., Any]:
    """Run a generating method on the plugin's values; what it builds is nobody's root."""

    @functools.wraps(function)
    def read(self: Plugin, *args: Any, **kwargs: Any) -> Any:
        outer = current()
        if not outer.collects or self._is_reading:
            return _read(self, function, args, kwargs)
        with within(Inner(outer)) as session:
            found = _read(self, function, args, kwargs)
        for refusal in session.refusals:
            outer.refused(refusal.error, refusal.call)
        return found

    return read


def _read(self: Plugin, function: FunctionType, args: Any, kwargs: Any) -> Any:
    twin = reading(self)
    found = function(twin, *args, **kwargs)
    if inspect.isgenerator(found):
        found = list(found)
    return self if found is twin else found


def _answering(function: FunctionType) -> Callable[..., Any]:
    """Note the calls of methods that a plugin makes up when they are asked for."""

    @functools.wraps(function)
    def answer(self: Plugin, name: str) -> Any:
        found = run(self, function, [name], {})
        if self._is_reading or self._depth or name.startswith("_") or not callable(found):
            return found

        def method(plugin: Plugin, *args: Any, **kwargs: Any) -> Any:
            return function(plugin, name)(*args, **kwargs)

        method.__name__ = name
        return functools.partial(_configuring(method), self)

    return answer


def assigned(plugin: Plugin, name: str, value: Any) -> None:
    """Note an assignment that a user makes."""

    def assign(plugin: Plugin, value: Any) -> None:
        object.__setattr__(plugin, name, value)

    assign.__name__ = name
    call = Call(type(plugin), assign, _getframe(2))
    noted(plugin, Step(call, assign, [given(value)], {}))


def returns_nothing(code: CodeType) -> bool:
    """Does a function end without a value wherever it ends?"""
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        return False
    before = None
    for step in dis.get_instructions(code):
        if step.opname == "RETURN_CONST" and step.argval is not None:
            return False
        if step.opname == "RETURN_VALUE":
            empty = before is not None and before.opname == "LOAD_CONST" and before.argval is None
            if not empty:
                return False
        before = step
    return True
