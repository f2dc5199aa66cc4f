"""From the tree that the parser makes of a document to its value."""

import re
from collections.abc import Callable
from typing import TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from k8sgen_core.yaml.chunks import Chunk, YamlError
from k8sgen_core.yaml.depth import check_structure
from k8sgen_core.yaml.limits import DEPTH, TOO_DEEP, Limits
from k8sgen_core.yaml.nodes import children, composed, scalars
from k8sgen_core.yaml.scalars import (
    MERGE,
    PLAIN,
    QUOTED,
    Json,
    Names,
    Scalar,
    ScalarError,
    Values,
    name_of,
    tagged,
)

N = TypeVar("N", bound=Node)
J = TypeVar("J")

_NON_SPECIFIC = re.compile(r"(?:&\S+\s+)?!\s")
_SLASH_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\/")


def converted(
    chunk: Chunk, limits: Limits, allowed: int, known: tuple[Values, Names]
) -> tuple[tuple[Json] | None, int]:
    """Return the value of a document, if it has more than comments, and of how many it is made."""
    check_structure(chunk, limits)
    root, left = composed(chunk, allowed)
    if root is None or (root.value == "" and root.tag is PLAIN):
        return None, allowed - left
    return (_Conversion(chunk, limits, *known).value(root),), allowed - left


class _Conversion:
    """Turns the tree of one document into values."""

    def __init__(self, chunk: Chunk, limits: Limits, values: Values, names: Names) -> None:
        self._chunk = chunk
        self._values = values
        self._names = names
        self._has_aliases = "&" in chunk.text and "*" in chunk.text
        # Without aliases, neither the values nor their characters outnumber the text.
        self._left = 2 * len(chunk.text) + limits.expansion
        self._limits = limits
        self._open: set[int] = set()

    def value(self, root: Node) -> Json:
        """Return the value of a document."""
        if "!" in self._chunk.text:
            self._keep_text_of_non_specific_tags(root)
        try:
            value = self._scalar(root) if isinstance(root, ScalarNode) else self._other(root)
        except ScalarError as error:
            raise self._error(_cause(error, root), error.message, error.hint) from None
        if "\\/" in self._chunk.text:
            self._refuse_slash_escapes(root)
        return value

    def _scalar(self, node: ScalarNode) -> Scalar:
        if node.tag is PLAIN:
            return self._values[node.value]
        return str(node.value) if node.tag is QUOTED else tagged(node)

    def _other(self, node: Node) -> Json:
        """Return the value of a collection, or of a scalar with a tag."""
        if isinstance(node, ScalarNode):
            return tagged(node)
        if isinstance(node, MappingNode):
            return self._expanded(node, self._mapping)
        return self._expanded(node, self._sequence)

    def _expanded(self, node: N, convert: Callable[[N], J]) -> J:
        """Return the value of a collection: a new one each time that an alias names it."""
        if not self._has_aliases:
            return convert(node)
        if id(node) in self._open:
            raise self._error(node, "an anchor's value contains itself", "remove the alias inside")
        if len(self._open) >= DEPTH:
            raise self._error(node, *TOO_DEEP)
        self._left -= sum(1 + len(child.value) for child in children(node))
        if self._left < 0:
            message = "aliases make this document too large"
            raise self._error(node, message, "write out what is needed instead of repeating it")
        self._open.add(id(node))
        value = convert(node)
        self._open.remove(id(node))
        return value

    def _sequence(self, node: Node) -> list[Json]:
        values = self._values
        return [
            values[item.value]
            if item.tag is PLAIN
            else item.value
            if item.tag is QUOTED
            else self._other(item)
            for item in node.value
        ]

    def _mapping(self, node: MappingNode) -> dict[str, Json]:
        names, values = self._names, self._values
        result: dict[str, Json] = {}
        for key, item in node.value:
            name = names[key.value] if key.tag is PLAIN else self._name(key)
            if name in result:
                raise self._duplicate(key, name)
            if name is MERGE:
                self._merge(result, key, item)
            elif item.tag is PLAIN:
                result[name] = values[item.value]
            elif item.tag is QUOTED:
                result[name] = item.value
            else:
                result[name] = self._other(item)
        return result

    def _name(self, key: Node) -> str:
        if isinstance(key, ScalarNode):
            return name_of(key, self._names)
        raise self._error(key, "a key cannot be a mapping or a list", "use a text as the key")

    def _merge(self, result: dict[str, Json], key: Node, node: Node) -> None:
        """Add the keys of the mapping, or of the mappings, that a ``<<`` names."""
        sources = node.value if isinstance(node, SequenceNode) else [node]
        for source in sources:
            if not isinstance(source, MappingNode):
                message = "'<<' takes a mapping or a list of mappings"
                raise self._error(key, message, "name an anchor of a mapping, like '<<: *defaults'")
            value = self._expanded(source, self._mapping)
            for name in value:
                if name in result:
                    raise self._duplicate(key, name)
            result.update(value)

    def _duplicate(self, node: Node, name: str) -> YamlError:
        message = f"key {name!r} already set in this mapping"
        return self._error(node, message, "keep one of the two (a key that '<<' brings counts too)")

    def _keep_text_of_non_specific_tags(self, root: Node) -> None:
        """Note that '! 12' is text: the parser drops this tag and says unquoted."""
        for node, _ in scalars(root):
            if node.tag is PLAIN and _NON_SPECIFIC.match(self._chunk.text, node.start_mark.index):
                node.tag = QUOTED

    def _refuse_slash_escapes(self, root: Node) -> None:
        for node, _ in scalars(root):
            if node.style == '"':
                start, end = node.start_mark.index, node.end_mark.index
                found = _SLASH_ESCAPE.search(self._chunk.text, start, end)
                if found:
                    message = "found unknown escape character '\\/'"
                    raise self._chunk.error(found.end() - 2, message, "write '/' alone")

    def _error(self, node: Node, message: str, hint: str) -> YamlError:
        return self._chunk.error(node.start_mark.index, message, hint)


def _cause(error: ScalarError, root: Node) -> Node:
    """Return the first scalar that the error can be about."""
    suspects = [
        node
        for node, is_key in scalars(root)
        if node.value == error.text and is_key == error.is_key and node.tag is not QUOTED
    ]
    return min(suspects, key=lambda node: int(node.start_mark.index), default=root)
