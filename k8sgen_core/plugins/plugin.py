"""
``Plugin``: a builder of a user's own.

A subclass defines setters, which may share their names with values
(:mod:`k8sgen_core.plugins.duality`), and ``generate_resources()`` or any number of
``generate_*()``, which return builders, other plugins, or manifests.
"""

from __future__ import annotations

import copy
import functools
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import Any, ClassVar, NamedTuple, Self

from k8sgen_core.builders.builder import Builder, Freezing
from k8sgen_core.carriers import Origin, carry
from k8sgen_core.model import Bundle
from k8sgen_core.origin import Call
from k8sgen_core.plugins.duality import Dual, install, make_dual, reading
from k8sgen_core.session import current

_getframe = sys._getframe
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


class Step(NamedTuple):
    """One call that configured a plugin."""

    call: Call
    method: Callable[..., Any]
    args: list[Any]
    kwargs: dict[str, Any]


class Plugin(Builder):
    """
    The base of plugins.

    Args:
        name: What the resources of the plugin are named after; ``self.name``.
    """

    aliases: ClassVar[Sequence[str]] = ()
    _model = Bundle
    _made: Step
    _steps: list[Step]
    _depth = 0
    _is_reading = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "_is_reading" in cls.__dict__:
            return
        for name, function in list(vars(cls).items()):
            if isinstance(function, FunctionType):
                _wrap(cls, name, function)
        install(cls, Plugin)
        current().plugin_classes.append(cls)

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Note where the plugin was made; a subclass need not call ``super().__init__``."""
        plugin = object.__new__(cls)
        call = Call(cls, cls.__init__, _getframe(1))
        plugin.__dict__.update(
            _call=call,
            _made=Step(call, cls.__init__, list(args), kwargs),
            _steps=[],
            _draft={"origin": Origin((call, None))},
            _overlays={},
            _base=plugin,
        )
        current().created(plugin)
        return plugin

    def __init__(self, name: str) -> None:
        self.name = name

    def __setattr__(self, name: str, value: Any) -> None:
        if not self._is_reading and not name.startswith("_"):
            make_dual(type(self), name, Plugin)
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.__dict__.get('name', ''))!r})"

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = object.__new__(type(self))
        memo[id(self)] = copied
        kept = {"_call", "_made", "_steps", "_base"}
        state = {k: v if k in kept else copy.deepcopy(v, memo) for k, v in self.__dict__.items()}
        copied.__dict__.update(state, _base=copied, _steps=list(self._steps))
        current().created(copied)
        return copied

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"{self!r} cannot be pickled: describe it again where it is needed")

    def generate_resources(self) -> Any:
        """Return what this plugin generates: by default what every ``generate_*`` returns."""
        return [getattr(self, name)() for name in generators(type(self))]

    @classmethod
    def names(cls) -> list[str]:
        """Return the names under which ``app.add_<name>(...)`` takes this plugin."""
        words = [word.lower() for word in _WORDS.findall(cls.__name__)]
        leading = ["_".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
        return ["_".join(words), *cls.aliases, *leading]

    def _freeze(self, freezing: Freezing) -> Any:
        from k8sgen_core.plugins.generating import bundle

        overlay = self._overlays.get(freezing.environment or "")
        if overlay is None:
            return bundle(self, self._steps, freezing)
        return bundle(self, [*self._steps, *overlay._steps], freezing)

    def _copy(self) -> Self:
        copied = object.__new__(type(self))
        copied.__dict__.update(self.__dict__)
        copied.__dict__.update(_steps=[], _draft=dict(self._draft), _replays=None)
        return copied


def generators(owner: type) -> list[str]:
    """Return the names of the methods that generate, in the order of their definition."""
    found: dict[str, None] = {}
    for each in reversed(owner.__mro__):
        if issubclass(each, Plugin) and each is not Plugin:
            found.update(dict.fromkeys(name for name in vars(each) if _generates(name)))
    found.pop("generate_resources", None)
    return list(found)


def _generates(name: str) -> bool:
    return name.startswith("generate_")


def _wrap(owner: type, name: str, function: FunctionType) -> None:
    if name == "__init__":
        setattr(owner, name, _constructing(function))
    elif _generates(name):
        setattr(owner, name, _reading_method(function))
    elif not name.startswith("_"):
        setattr(owner, name, _configuring(function))


def _constructing(function: FunctionType) -> FunctionType:
    @functools.wraps(function)
    def construct(self: Plugin, *args: Any, **kwargs: Any) -> None:
        made = self._made
        if self._depth == 0 and made.method is not None:
            args = tuple(carry(v, Origin((made.call, i))) for i, v in enumerate(args))
            kwargs = {k: carry(v, Origin((made.call, k))) for k, v in kwargs.items()}
        self.__dict__["_depth"] = self._depth + 1
        try:
            function(self, *args, **kwargs)
        finally:
            self.__dict__["_depth"] = self._depth - 1

    return construct  # type: ignore[return-value]


def _configuring(function: FunctionType) -> FunctionType:
    """Record what a user calls; what the plugin's own methods call is their business."""

    @functools.wraps(function)
    def configure(self: Plugin, *args: Any, **kwargs: Any) -> Any:
        if self._is_reading or self._depth:
            return function(self, *args, **kwargs)
        call = Call(type(self), function, _getframe(1))
        given = [carry(value, Origin((call, index))) for index, value in enumerate(args)]
        named = {key: carry(value, Origin((call, key))) for key, value in kwargs.items()}
        self.__dict__["_call"] = call
        self._steps.append(Step(call, function, given, named))
        return run(self, function, given, named)

    return configure  # type: ignore[return-value]


def run(
    plugin: Plugin, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Run a setter of a plugin without recording it."""
    plugin.__dict__["_depth"] = plugin._depth + 1
    try:
        return function(plugin, *args, **kwargs)
    finally:
        plugin.__dict__["_depth"] = plugin._depth - 1


def _reading_method(function: FunctionType) -> FunctionType:
    """Run a generating method on the plugin's values, on a copy of its own."""

    @functools.wraps(function)
    def read(self: Plugin, *args: Any, **kwargs: Any) -> Any:
        twin = reading(self)
        found = function(twin, *args, **kwargs)
        return self if found is twin else found

    return read  # type: ignore[return-value]
