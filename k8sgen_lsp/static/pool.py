"""What was made of parts of texts, kept for as long as such a part is likely to come again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# What the trees of this many characters take is about 20 MB.
MOST = 300_000
# Enough for what was typed and undone just now.
SPARE = 20_000


class Pool(Generic[K, V]):
    """What was asked for last; ``make`` makes it of a key that stands for so many characters."""

    def __init__(self, make: Callable[[K], V], length: Callable[[K], int]) -> None:
        self._make = make
        self._length = length
        self._made: OrderedDict[K, V] = OrderedDict()
        self._size = 0
        _pools.append(self)

    def get(self, key: K) -> V:
        """Return what is made of a key; it is kept until there is to be room for others."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key)
            self._size += self._length(key)
        else:
            self._made.move_to_end(key)
        return found

    def trim(self, most: int) -> None:
        """Forget what was not asked for the longest, until no more characters are left."""
        while self._size > most:
            key, _ = self._made.popitem(last=False)
            self._size -= self._length(key)

    def make_room(self, needed: int) -> None:
        """Forget the oldest; twice what one document needs is always kept."""
        self.trim(max(MOST, 2 * needed))


_pools: list[Pool[Any, Any]] = []


def keep_open(characters: int) -> None:
    """Forget what is likely to come of no document that is open; these have so many characters."""
    for each in _pools:
        each.trim(2 * characters + SPARE)
