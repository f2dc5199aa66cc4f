"""
From rendered text to objects: the text is parsed with its tokens, then each value takes its place.

A value fills a node, or a part of a text; what the text around it says is decided before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from k8sgen_core.carriers import Dict, List, Str, join, origin_of, placed
from k8sgen_core.templates.compose_values import escaped
from k8sgen_core.templates.layout import OPEN, Indented, Json, Tokens, text_of
from k8sgen_core.templates.values import Unset
from k8sgen_core.yaml.chunks import Chunk, YamlError
from k8sgen_core.yaml.depth import check_structure
from k8sgen_core.yaml.limits import Limits
from k8sgen_core.yaml.nodes import compose
from k8sgen_core.yaml.scalars import MERGE, PLAIN, Names, ScalarError, Values, name_of, tagged

Path: TypeAlias = tuple[Any, ...]
LEFT_OUT = object()
_MOST = 200_000


class Unfit(Exception):
    """A rendered text that is no object; ``line`` is the line of the text, from 1."""

    def __init__(self, message: str, line: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint


@dataclass
class Structure:
    """The objects of a text, and where in the text each of their fields is."""

    documents: list[Any] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    uses: dict[int, list[Path]] = field(default_factory=dict)
    opened: dict[Path, int] = field(default_factory=dict)


def structured(chunks: Sequence[Chunk], tokens: Tokens) -> Structure:
    """Return the objects of a rendered text."""
    found = Structure()
    for chunk in chunks:
        _Document(chunk, tokens, found).read()
    return found


class _Document:
    """One document of a rendered text."""

    def __init__(self, chunk: Chunk, tokens: Tokens, found: Structure) -> None:
        self._chunk = chunk
        self._tokens = tokens
        self._found = found
        self._index = len(found.documents)
        self._names = Names()
        self._values = Values()
        self._left = _MOST
        self._compose = False
        self._tokens_seen: Counter[int] = Counter()

    def read(self) -> None:
        try:
            limits = Limits()
            check_structure(self._chunk, limits)
            root = compose(self._chunk, limits.values)
            if root is None or (root.value == "" and root.tag is PLAIN):
                return
            self._compose = _is_compose(root)
            value = self._value(root, (self._index,))
        except YamlError as error:
            raise Unfit(error.message, error.line, error.hint) from None
        self._check_tokens()
        self._found.documents.append(value)

    def _check_tokens(self) -> None:
        """A token that is neither in a value nor in a comment was in an anchor or a tag."""
        lines = self._chunk.text.split("\n")
        for number, line in enumerate(lines):
            for used in self._tokens.used(line.partition(" #")[0]):
                if not self._tokens_seen[used] and not line.lstrip().startswith("#"):
                    raise Unfit(
                        "a value stands where YAML has no place for one",
                        self._chunk.line + number,
                        "values are keys, values and items; not anchors, tags or directives",
                    )

    def _fail(self, node: Node, message: str, hint: str | None = None) -> Unfit:
        line, _ = self._chunk.position(node.start_mark.index)
        return Unfit(message, line, hint)

    def _value(self, node: Node, path: Path) -> Any:
        self._left -= 1
        if self._left < 0:
            raise self._fail(node, "aliases make the object too large")
        line, _ = self._chunk.position(node.start_mark.index)
        self._found.lines.setdefault(path, line)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return self._sequence(node, path)
        value = self._scalar(node, path)
        self._found.lines.update((inner, line) for inner in _paths_in(value, path))
        return value

    def _mapping(self, node: MappingNode, path: Path) -> Any:
        made = Dict()
        made.origin = ()
        for key, item in node.value:
            name = self._key(key, path)
            if name is MERGE:
                self._merge(made, key, item, path)
                continue
            if name in made:
                raise self._fail(key, f"the key {name!r} is given twice", "keep one of the two")
            inner = (*path, str.__str__(name))
            value = self._value(item, inner)
            line, _ = self._chunk.position(key.start_mark.index)
            self._found.lines[inner] = line
            if value is LEFT_OUT or (_is_empty(item) and self._drops(key, path)):
                continue
            made[name] = value
        return made

    def _drops(self, key: Node, path: Path) -> bool:
        """Is a key with nothing below it left out? A loop without items leaves one."""
        return OPEN not in key.value and (not self._compose or len(path) in (1, 3))

    def _key(self, key: Node, path: Path) -> str:
        if not isinstance(key, ScalarNode):
            raise self._fail(key, "a key cannot be a mapping or a list", "use a text as the key")
        if OPEN not in key.value:
            name = self._named(key)
            return name if name is MERGE else placed(Str(name), ())
        value = self._filled(key, _as_it_is)
        if isinstance(value, dict | list) or value is LEFT_OUT or text_of(value) == "":
            raise self._fail(
                key, f"{_shown(value)} cannot be a key", "a key is a text that is not empty"
            )
        name = placed(text_of(value), origin_of(value) or ())
        for used in self._tokens.used(key.value):
            self._found.uses.setdefault(used, []).append((*path, str.__str__(name)))
        return name

    def _named(self, key: ScalarNode) -> str:
        try:
            return name_of(key, self._names)
        except ScalarError as error:
            raise self._fail(key, error.message, error.hint) from None

    def _merge(self, made: Dict, key: Node, node: Node, path: Path) -> None:
        for source in node.value if isinstance(node, SequenceNode) else [node]:
            if not isinstance(source, MappingNode):
                raise self._fail(key, "'<<' takes a mapping or a list of mappings")
            for name, value in self._mapping(source, path).items():
                if name in made:
                    raise self._fail(key, f"the key {name!r} is given twice", "keep one of the two")
                made[name] = value

    def _sequence(self, node: SequenceNode, path: Path) -> List:
        made = List()
        for item in node.value:
            value = self._value(item, (*path, len(made)))
            if value is not LEFT_OUT:
                made.append(value)
        made.origin = ()
        return made

    def _scalar(self, node: Any, path: Path) -> Any:
        if OPEN in node.value:
            for used in self._tokens.used(node.value):
                self._found.uses.setdefault(used, []).append(path)
            return self._filled(node, escaped if self._compose else _as_it_is)
        try:
            if node.tag is PLAIN:
                return self._values[node.value]
            return str(node.value) if node.tag[:4] != "tag:" else tagged(node)
        except ScalarError as error:
            raise self._fail(node, error.message, error.hint) from None

    def _filled(self, node: Any, write: Callable[[Any], Any]) -> Any:
        """Return a scalar with its values in it, as ``write`` has them."""
        for used in self._tokens.used(node.value):
            self._tokens_seen[used] += 1
        whole = self._tokens.whole(node.value)
        if whole is None:
            return self._interpolated(node, write)
        value = self._tokens.values[whole]
        if isinstance(value, Unset):
            return LEFT_OUT
        if node.tag is PLAIN:
            return write(value.value if isinstance(value, Json) else _bare(value))
        if isinstance(value, Indented) and node.style in ("|", ">"):
            return self._interpolated(node, write)
        return placed(write(text_of(value)), origin_of(value))

    def _interpolated(self, node: Any, write: Callable[[Any], Any]) -> str:
        block = self._block_indent(node) if node.style in ("|", ">") else 0
        origin: Any = None
        for used in self._tokens.used(node.value):
            value = self._tokens.values[used]
            origin = join(origin, origin_of(value))
            if isinstance(value, Unset):
                raise self._fail(
                    node,
                    f"{value.title!r} has no value, and is part of a text here",
                    f"set it, or write {{{{ {value.title} | default(...) }}}}",
                )

        def put(found: Any) -> str:
            text: str = write(_dedented(self._tokens.values[int(found[1])], block))
            return text

        return placed(self._tokens.pattern.sub(put, node.value), origin)

    def _block_indent(self, node: Any) -> int:
        following = self._chunk.text[node.start_mark.index :].split("\n")[1:]
        first = next((line for line in following if line.strip()), "")
        return len(first) - len(first.lstrip(" "))


def _paths_in(value: Any, path: Path) -> Iterator[Path]:
    """Yield the paths in a mapping or list that fills one node."""
    if isinstance(value, dict):
        parts = [((*path, str.__str__(key)), inner) for key, inner in value.items()]
    elif isinstance(value, list):
        parts = [((*path, index), inner) for index, inner in enumerate(value)]
    else:
        return
    for place, inner in parts:
        yield place
        yield from _paths_in(inner, place)


def _as_it_is(value: Any) -> Any:
    return value


def _bare(value: Any) -> Any:
    return placed(str.__str__(value), origin_of(value)) if isinstance(value, str) else value


def _dedented(value: Any, block: int) -> str:
    """Return a text without the indentation that only repeats the block's."""
    text = text_of(value)
    if not isinstance(value, Indented) or not block:
        return text
    lead = " " * min(block, value.width)
    return text.replace("\n" + lead, "\n")


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value == "" and node.tag is PLAIN


def _is_compose(root: Node) -> bool:
    keys = {key.value for key, _ in root.value} if isinstance(root, MappingNode) else set()
    return "services" in keys and "kind" not in keys


def _shown(value: Any) -> str:
    if value is LEFT_OUT:
        return "a name without a value"
    if isinstance(value, dict | list):
        return "a mapping or a list"
    return "an empty text"
