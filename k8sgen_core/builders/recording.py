"""
Calls of builders: noted, and made with arguments that know where they were written.

The body of a method sees ordinary values.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from k8sgen_core.builders.arguments import located
from k8sgen_core.carriers import Origin, carry
from k8sgen_core.grammar import ArgumentError
from k8sgen_core.origin import Call
from k8sgen_core.session import current

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder

F = TypeVar("F", bound=Callable[..., Any])
_getframe = sys._getframe


def recorded(method: F) -> F:
    """Let every argument of a call carry the place it was written at."""

    @functools.wraps(method)
    def call(self: Builder, *args: Any, **kwargs: Any) -> Any:
        made = self._call = Call(type(self), method, _getframe(1), len(args))
        given: list[Any] = []
        try:
            for value in args:
                given.append(carry(value, Origin((made, len(given)))))
            for key, value in kwargs.items():
                kwargs[key] = carry(value, Origin((made, key)))
        except RecursionError as error:
            from k8sgen_core.builders.endless import endless_in

            endless = endless_in(self, (*args, *kwargs.values()), error)
            current().refused(located(endless, made, args, kwargs), made)
            self._draft["refused"] = True
            return self
        if self._replays is not None:
            self._replays.append((made, method, given, kwargs))
        try:
            # An empty mapping would be copied too, and most calls have no named arguments.
            return method(self, *given, **kwargs) if kwargs else method(self, *given)
        except ArgumentError as error:
            current().refused(located(error, made, given, kwargs), made)
            self._draft["refused"] = True
            _refuse_parts((*given, *kwargs.values()))
            return None if method.__name__ == "__init__" else self

    return cast(F, call)


def _refuse_parts(values: tuple[Any, ...]) -> None:
    """Do not judge what was meant to be a part of something as if it stood alone."""
    from k8sgen_core.builders.builder import builders_in

    for part in builders_in(values):
        part._draft["refused"] = True
