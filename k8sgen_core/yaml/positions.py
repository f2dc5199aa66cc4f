"""Where the values of a document are written, found by reading that document again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from k8sgen_core.yaml.chunks import Chunk, YamlError
from k8sgen_core.yaml.limits import Limits
from k8sgen_core.yaml.loader import Document
from k8sgen_core.yaml.nodes import compose
from k8sgen_core.yaml.scalars import MERGE, Names, name_of

P = TypeVar("P")
_HALF_OF_PAIR = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class Span(NamedTuple):
    """A range of a file: all from 1, columns in code points, up to and not including the end."""

    line: int
    column: int
    end_line: int
    end_column: int


class Positions:
    """The places in one document: ask for as many as needed, it is read again once."""

    def __init__(self, document: Document | Chunk) -> None:
        # JSON may escape half a character, YAML may not; the length is what counts here.
        text = _HALF_OF_PAIR.sub(r"\\ufffd", document.text)
        self._chunk = Chunk("", text, document.line)
        self._names = Names()
        try:
            self._root = compose(self._chunk, Limits().values)
        except YamlError:  # JSON that YAML cannot read, for example with a key of a kilobyte.
            self._root = None

    def locate(self, path: Sequence[str | int], *, key: bool = False) -> Span:
        """Return where the value at ``path`` is, or its key; else the nearest value around it."""
        if self._root is None:
            return Span(self._chunk.line, 1, self._chunk.line, 1)
        place = node = self._root
        for step in path:
            pair = next(self._pairs(node, step), None)
            if pair is None:
                place = node
                break
            place, node = pair
        else:
            place = place if key else node
        return self._span(place)

    def _pairs(self, node: Node, step: str | int) -> Iterator[tuple[Node, Node]]:
        """Yield key and value of each place that ``step`` names; an item is its own key."""
        if isinstance(node, MappingNode):
            yield from self._values(node, str(step))
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            yield node.value[step], node.value[step]

    def _values(self, node: MappingNode, name: str) -> Iterator[tuple[Node, Node]]:
        for key, value in node.value:
            found = name_of(key, self._names)
            if found is MERGE:
                for source in value.value if isinstance(value, SequenceNode) else [value]:
                    yield from self._values(source, name)
            elif found == name:
                yield key, value

    def _span(self, node: Node) -> Span:
        start = node.start_mark.index
        end = max(start, _end(node))
        written = self._chunk.text[start:end].rstrip()
        return Span(*self._chunk.position(start), *self._chunk.position(start + len(written)))


def places_of_lines(text: str, places: Mapping[tuple[Any, ...], P]) -> dict[int, P]:
    """Return for each line, from 0, the place of what begins on it; else of what goes on there."""
    found: dict[int, P] = {}
    root = compose(Chunk("", text, 1), Limits().values)
    for line, path in _beginnings(root, ()) if root is not None else ():
        if path in places:
            found[line] = places[path]
        else:
            found.pop(line, None)
    return found


def _beginnings(node: Node, path: tuple[Any, ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the lines of a block and what is written there, the innermost last."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            inner = (*path, key.value)
            yield key.start_mark.line, inner
            yield from _beginnings(value, inner)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield item.start_mark.line, (*path, index)
            yield from _beginnings(item, (*path, index))
    else:
        first, last = node.start_mark.line, node.end_mark.line
        yield from ((line, path) for line in range(first + 1, last))


def locate(document: Document, path: Sequence[str | int], *, key: bool = False) -> Span:
    """Return where one value of a document is, or its key; for several, keep `Positions`."""
    return Positions(document).locate(path, key=key)


def _end(node: Node) -> int:
    """Return the end of what is written: the parser ends a block at the next token after it."""
    while isinstance(node, CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(node, MappingNode) else last
    return int(node.end_mark.index)
