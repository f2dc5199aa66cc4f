"""
``Plugin``: a builder of a user's own.

A subclass defines setters, which may share their names with values
(:mod:`k8sgen_core.plugins.duality`), and ``generate_resources()`` or any number of
``generate_*()``, which return builders, other plugins, or manifests.
"""

from __future__ import annotations

import copy
import sys
from abc import ABCMeta
from collections.abc import Iterator, Sequence
from types import FrameType, FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.freezing import Freezing
from k8sgen_core.carriers import Origin
from k8sgen_core.model import Bundle
from k8sgen_core.origin import Call
from k8sgen_core.plugins.duality import copied, install, make_dual
from k8sgen_core.plugins.mishaps import check_names, check_shadows, own_aliases
from k8sgen_core.plugins.naming import names_of
from k8sgen_core.plugins.recording import Step, assigned, given, inside, remember, wrap
from k8sgen_core.session import current, offer

_getframe = sys._getframe
_GENERATES = "generate_"


class PluginType(ABCMeta):
    """Notes where a plugin was made, whatever its constructor does or forgets."""

    if not TYPE_CHECKING:
        # To type checkers a call of a class gives what its constructor says.

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            """Make a plugin."""
            kind: type[Plugin] = cls.__mro__[1] if cls._is_reading else cls
            call = Call(kind, kind.__init__, _getframe(1))
            step = Step(
                call,
                kind.__init__,
                [given(value) for value in args],
                {key: given(value) for key, value in kwargs.items()},
            )
            return made(kind, step)


def made(kind: type[Plugin], step: Step) -> Plugin:
    """Return a new plugin; that it is new is known to the session."""
    args, kwargs = step.arguments()
    plugin = kind.__new__(kind, *args, **kwargs)
    plugin.__dict__.update(
        _call=step.call,
        _made=step,
        _steps=[],
        _draft={"origin": Origin((step.call, None))},
        _overlays={},
        _base=plugin,
        _depth=0,
    )
    for name, value in _shared_containers(kind):
        plugin.__dict__[name] = copy.deepcopy(value)
    current().created(plugin)
    with inside(plugin):
        plugin.__init__(*args, **kwargs)  # type: ignore[misc]
    return plugin


class Plugin(Builder, metaclass=PluginType):
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
    _registered_as: ClassVar[Sequence[str]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "_is_reading" in cls.__dict__:
            return
        for name, function in _methods(cls):
            wrapped = wrap(name, function)
            if wrapped is not None:
                setattr(cls, name, wrapped)
        install(cls, _LIBRARY)
        _register(cls)

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Take any arguments: they are the constructor's."""
        del args, kwargs
        return object.__new__(cls)

    def __init__(self, name: str) -> None:
        self.name = name

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or self._is_reading:
            object.__setattr__(self, name, value)
        elif self._depth:
            make_dual(type(self), name)
            object.__setattr__(self, name, value)
        else:
            assigned(self, name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._title!r})"

    @property
    def _title(self) -> str:
        """What the plugin is called, also if its constructor forgot to say so."""
        named = [*self._made.args, *self._made.kwargs.values()]
        return str(self.__dict__.get("name", named[0] if named else ""))

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        copied(self, twin, memo)
        twin.__dict__.update(
            _base=twin,
            _copied=self._original if current().is_inside else None,
            _draft=dict(self._draft),
            _overlays=dict(self._overlays),
            _steps=list(self._steps),
        )
        current().created(twin)
        return twin

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"{self!r} cannot be pickled: describe it again where it is needed")

    def generate_resources(self) -> Any:
        """Return what this plugin generates: by default what every ``generate_*`` returns."""
        return [getattr(self, name)() for name in generators(type(self))]

    @classmethod
    def names(cls) -> list[str]:
        """Return the names under which ``app.add_<name>(...)`` takes this plugin."""
        own = (*own_aliases(cls), *cls.__dict__.get("_registered_as", ()))
        return names_of(cls.__name__, own)

    def _freeze(self, freezing: Freezing) -> Any:
        from k8sgen_core.plugins.generating import bundle

        overlay = self._overlays.get(freezing.environment or "")
        if overlay is None:
            return bundle(self, self._steps, freezing)
        whole = self._overlaid(overlay)
        return bundle(whole, [*self._steps, *overlay._steps], freezing)

    def _copy(self) -> Self:
        twin = object.__new__(type(self))
        copied(self, twin, {id(self): twin, id(self._base): self._base})
        twin.__dict__.update(_base=self._base, _steps=[], _draft=dict(self._draft), _replays=None)
        return twin


_LIBRARY = (Plugin, Builder, object)


def known(base: type[Plugin] = Plugin) -> Iterator[type[Plugin]]:
    """Yield every plugin that has been imported, in the order of definition."""
    for kind in base.__subclasses__():
        if "_is_reading" not in kind.__dict__:
            yield kind
            yield from known(kind)


offer(known)


def _methods(owner: type) -> Iterator[tuple[str, FunctionType]]:
    """Yield the functions of a class and of those bases that are no plugins themselves."""
    seen: set[str] = set()
    for each in owner.__mro__:
        if each in _LIBRARY:
            continue
        is_done = each is not owner and issubclass(each, Plugin)
        for name, function in list(vars(each).items()):
            if name not in seen and not is_done:
                remember(function)
                if isinstance(function, FunctionType):
                    yield name, function
            seen.add(name)


def _register(kind: type[Plugin]) -> None:
    """Let a plugin be known in this run; a class that is made again takes its own place."""
    here = current().plugin_classes
    place = (kind.__module__, kind.__qualname__)
    again = [each for each in here if (each.__module__, each.__qualname__) == place]
    for each in again:
        here.remove(each)
    if not again:
        check_names(kind, here, _class_statement(kind))
        check_shadows(kind)
    here.append(kind)


def _class_statement(kind: type) -> FrameType | None:
    """Return the frame in which the class is being made."""
    frame: FrameType | None = _getframe(2)
    while frame is not None and frame.f_globals.get("__name__") != kind.__module__:
        frame = frame.f_back
    return frame


def _shared_containers(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what plugins of a class would share and change: lists and mappings of the class."""
    found: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        if each not in _LIBRARY:
            found.update(vars(each))
    for name, value in found.items():
        if isinstance(value, list | dict | set) and name != "aliases" and not name.startswith("_"):
            yield name, value


def generators(owner: type) -> list[str]:
    """Return the names of the methods that generate, in the order of their definition."""
    found: dict[str, None] = {}
    for each in reversed(owner.__mro__):
        if each not in _LIBRARY:
            methods = (name for name, v in vars(each).items() if isinstance(v, FunctionType))
            found.update(dict.fromkeys(name for name in methods if name.startswith(_GENERATES)))
    found.pop("generate_resources", None)
    return list(found)
