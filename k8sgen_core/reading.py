"""
Values to look at, which note what is read of them and where.

To everybody but the notes they are ordinary: text, numbers, mappings and lists. An
element that was never set is noted too: it is what a check that fails is about.
"""

from __future__ import annotations

import sys
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, NamedTuple, NoReturn

from k8sgen_core.carriers import Origin, Origins, deep_origins, each, origin_of, plain
from k8sgen_core.origin import Frame, is_library
from k8sgen_core.parts import Record, SecretValue
from k8sgen_core.secrets import MASK

READ_ONLY = "this is what has been described, to read; change it with the methods of the builder"
UNSET = None


class Read(NamedTuple):
    """What was read, and the stack of the code that read it, innermost first."""

    source: Any
    stack: tuple[Frame, ...]

    @property
    def origins(self) -> Origins:
        """The argument that gave the value, or the last call that gave some of it."""
        source = self.source
        if not isinstance(source, Mapping | list | tuple):
            return origin_of(source)
        found = each(deep_origins(source.sources if isinstance(source, Noting) else source))
        return Origin((found[-1].call, None)) if found else None


class Reads:
    """
    The latest read at each place of the code, in the order of time.

    A loop that reads a value thousands of times leaves one.
    """

    def __init__(self) -> None:
        self._latest: dict[tuple[tuple[int, int], ...], Read] = {}

    def note(self, source: Any, whole: Any = None) -> None:
        """
        Note that the code above the library's own reads this.

        What one instruction reads of a ``whole`` that it has read already, as in
        ``dict(app.labels)``, is a part of that.
        """
        frame = sys._getframe(1)
        while is_library[frame.f_code.co_filename] and frame.f_back is not None:
            frame = frame.f_back
        stack = [Frame(frame.f_code, frame.f_lasti, None)]
        outer = frame.f_back
        while outer is not None and not is_library[outer.f_code.co_filename]:
            stack.append(Frame(outer.f_code, outer.f_lasti, None))
            outer = outer.f_back
        key = tuple((id(each.code), each.at) for each in stack)
        before = self._latest.pop(key, None)
        again = before is not None and before.source is whole is not None
        self._latest[key] = before if before and again else Read(source, tuple(stack))

    def __iter__(self) -> Iterator[Read]:
        return iter(self._latest.values())


class Noting:
    """What mappings and lists have in common: they know their sources, and do not change."""

    __slots__ = ()
    sources: Any
    reads: Reads | None

    def _note(self, source: Any, whole: Any = None) -> None:
        if self.reads is not None:
            self.reads.note(source, whole)

    def _noted(self, elements: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
        """Yield elements; who has seen all of them has read the whole."""
        for element, source in elements:
            self._note(source)
            yield element
        self._note(self)

    def _refuse(self, *arguments: object, **named: object) -> NoReturn:
        raise TypeError(READ_ONLY)


class Settings(Noting, dict[str, Any]):
    """A mapping whose keys are attributes too."""

    __slots__ = ("reads", "sources")

    def __init__(
        self,
        values: Mapping[str, Any],
        sources: Mapping[Any, Any] | None = None,
        reads: Reads | None = None,
    ) -> None:
        dict.__init__(self, values)
        self.sources = {} if sources is None else sources
        self.reads = reads

    def _source(self, key: object) -> Any:
        """Return the value that was given, or the key where only that knows its call."""
        value = self.sources.get(key, UNSET)
        if deep_origins(value) is not None:
            return value
        return next((known for known in self.sources if known == key), UNSET)

    def __getitem__(self, key: str) -> Any:
        self._note(self._source(key), whole=self)
        return dict.__getitem__(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default where it was not set."""
        self._note(self._source(key))
        return dict.get(self, key, default)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self._note(self._source(name))
        if not dict.__contains__(self, name):
            raise AttributeError(f"{name!r} is not set")
        return dict.__getitem__(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in Settings.__slots__:
            self._refuse()
        object.__setattr__(self, name, value)

    def __contains__(self, key: object) -> bool:
        self._note(self._source(key))
        return dict.__contains__(self, key)

    def __len__(self) -> int:
        self._note(self)
        return dict.__len__(self)

    def __iter__(self) -> Iterator[str]:
        return self._noted((key, self._source(key)) for key in dict.keys(self))

    def keys(self) -> Any:
        """Return the keys, as a set."""
        self._note(self)
        return dict.keys(self)

    def values(self) -> Any:
        """Return the values."""
        return ValuesView(self)

    def items(self) -> Any:
        """Return keys with their values."""
        return ItemsView(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, ({key: dict.__getitem__(self, key) for key in dict.keys(self)},)

    __setitem__ = __delitem__ = __ior__ = Noting._refuse
    update = pop = popitem = clear = setdefault = Noting._refuse


class Items(Noting, list[Any]):
    """A list."""

    __slots__ = ("reads", "sources")

    def __init__(
        self, values: Iterable[Any], sources: Iterable[Any] = (), reads: Reads | None = None
    ) -> None:
        list.__init__(self, values)
        self.sources = list(sources)
        self.reads = reads

    def __getitem__(self, index: Any) -> Any:
        self._note(self if isinstance(index, slice) else self._source(index))
        return list.__getitem__(self, index)

    def _source(self, index: int) -> Any:
        known = len(self.sources)
        return self.sources[index] if -known <= index < known else UNSET

    def __contains__(self, value: object) -> bool:
        found = (source for own, source in self._pairs() if own == value)
        self._note(next(found, self))
        return list.__contains__(self, value)

    def __len__(self) -> int:
        self._note(self)
        return list.__len__(self)

    def __iter__(self) -> Iterator[Any]:
        return self._noted(self._pairs())

    def _pairs(self) -> list[tuple[Any, Any]]:
        return [(own, self._source(at)) for at, own in enumerate(list.__iter__(self))]

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(list.__iter__(self)),)

    __setitem__ = __delitem__ = __iadd__ = __imul__ = Noting._refuse
    append = extend = insert = pop = remove = Noting._refuse
    clear = sort = reverse = Noting._refuse


def readable(value: Any, reads: Reads | None) -> Any:
    """Return a value of the model as ordinary text, number, mapping or list."""
    if isinstance(value, Settings | Items):
        return value
    if isinstance(value, SecretValue):
        return MASK
    if isinstance(value, Record):
        value = {name: part for name, part in vars(value).items() if name != "origin"}
    if isinstance(value, Mapping):
        values = {plain(key): readable(part, reads) for key, part in value.items()}
        return Settings(values, value, reads)
    if isinstance(value, list | tuple):
        return Items([readable(part, reads) for part in value], value, reads)
    return plain(value)
