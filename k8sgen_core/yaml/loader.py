"""
Kubernetes YAML and JSON, read as ``sigs.k8s.io/yaml`` reads it, the library inside kubectl.

Three rules are stricter: a key may not be given twice even when one is quoted and one a number,
an anchor may not be defined twice, and a document needs its ``---`` even after a ``...``.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from k8sgen_core.yaml.chunks import Chunk, YamlError, decode, split
from k8sgen_core.yaml.limits import Limits
from k8sgen_core.yaml.lines import LineReader
from k8sgen_core.yaml.nodes import DEPTH, PLAIN, QUOTED, TOO_DEEP, children, composed, scalars
from k8sgen_core.yaml.scalars import MERGE, Names, Scalar, ScalarError, Values, name_of, tagged

__all__ = ["Document", "Json", "Limits", "YamlError", "load_all"]

Json: TypeAlias = "dict[str, Json] | list[Json] | Scalar"

N = TypeVar("N", bound=Node)
J = TypeVar("J")

_JSON_OBJECT = re.compile(r"(?:---)?[ \t\r\n]*\{")
# Escapes of characters beyond U+FFFF come in pairs; one without the other is caught by the group.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_NON_SPECIFIC = re.compile(r"(?:&\S+\s+)?!\s")
_SLASH_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\/")


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file; ``line`` is the first line of ``text`` in the file, from 1."""

    value: Json
    text: str
    line: int
    index: int


def load_all(
    content: str | bytes, *, name: str = "<yaml>", limits: Limits | None = None
) -> Iterator[Document]:
    """Yield the documents of a file, without those that are empty; ``name`` is for messages."""
    limits = limits or Limits()
    limits.check_size(content, name)
    text = decode(content, name) if isinstance(content, bytes) else content
    return _documents(text, name, limits)


def _documents(text: str, name: str, limits: Limits) -> Iterator[Document]:
    reader = _Reader(limits)
    index = 0
    for chunk in split(text, name):
        found = reader.read(chunk)
        if found is not None:
            yield Document(found[0], chunk.text, chunk.line, index)
            index += 1


class _Reader:
    """Reads one document after another; equal scalars are worked out once."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.total
        self._values = Values()
        self._names = Names()
        self._lines = LineReader(self._values, self._names)
        self._json = json.JSONDecoder(
            object_pairs_hook=_unique,
            parse_int=self._values.__getitem__,
            parse_float=self._values.__getitem__,
            parse_constant=_not_json,
        )

    def read(self, chunk: Chunk) -> tuple[Json] | None:
        """Return the value of a document, or nothing for comments and blank lines."""
        start = _JSON_OBJECT.match(chunk.text)
        value = self._object(chunk, start.end() - 1) if start else None
        if value is not None:
            return (value,)
        usual = self._lines.read(chunk.text, min(self._limits.values, self._left))
        if usual is not None:
            self._left -= usual[1]
            return (usual[0],)
        self._limits.check_structure(chunk)
        root = self._composed(chunk)
        if root is None or (root.value == "" and root.tag is PLAIN):
            return None
        return (_Conversion(chunk, self._limits, self._values, self._names).value(root),)

    def _composed(self, chunk: Chunk) -> Node | None:
        allowed = min(self._limits.values, self._left)
        root, left = composed(chunk, allowed)
        self._left -= allowed - left
        return root

    def _object(self, chunk: Chunk, start: int) -> Json:
        """Return the object if the text is JSON without any fault; the YAML parser finds faults."""
        text = chunk.text[start:]
        size = text.count(",") + text.count("[") + text.count("{")
        if size > min(self._limits.values, self._left):
            return None
        if not text.isascii() and chunk.foreign_character():
            return None
        try:
            value: Json = self._json.decode(_ESCAPE.sub(_whole_characters, text))
        except (ValueError, RecursionError):
            return None
        if _depth(value) > DEPTH:
            return None
        self._left -= size
        return value


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


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a key is given twice")
    return result


def _not_json(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def _whole_characters(escape: re.Match[str]) -> str:
    """Return the escape, or the replacement character for half of a pair, as Go reads it."""
    return "\\ufffd" if escape[1] else escape[0]


def _depth(value: Json) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [part for whole in level for part in _parts(whole) if isinstance(part, dict | list)]
    return depth


def _parts(whole: Json) -> Iterable[Json]:
    if isinstance(whole, dict):
        return whole.values()
    return whole if isinstance(whole, list) else ()
