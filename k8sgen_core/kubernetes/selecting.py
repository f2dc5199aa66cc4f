"""What label selectors select, found without looking at all there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class ByLabel(Generic[T]):
    """
    Things by the labels that they have in a namespace.

    ``spelled`` returns the same for values of labels that count as one.
    """

    def __init__(self, spelled: Callable[[Any], Hashable]) -> None:
        self._spelled = spelled
        self._having: dict[Hashable, dict[int, T]] = defaultdict(dict)
        self._count = 0

    def add(self, thing: T, labels: Mapping[str, Any], namespace: str | None) -> None:
        """Add something that has these labels."""
        for label in self._labels(labels, namespace):
            self._having[label][self._count] = thing
        self._count += 1

    def having(self, labels: Mapping[str, Any], namespace: str | None) -> Iterator[T]:
        """Yield what has all of these labels, in the order in which it was added."""
        having = [self._having.get(label, {}) for label in self._labels(labels, namespace)]
        if not having:
            return
        for number, thing in min(having, key=len).items():
            if all(number in others for others in having):
                yield thing

    def _labels(self, labels: Mapping[str, Any], namespace: str | None) -> Iterator[Hashable]:
        for key, value in labels.items():
            yield namespace, key, self._spelled(value)
