"""The syntax tree of one document, from the C parser where PyYAML has one."""

import operator
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import yaml
from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from k8sgen_core.yaml.chunks import Chunk, YamlError
from k8sgen_core.yaml.limits import TOO_DEEP
from k8sgen_core.yaml.scalars import PLAIN, QUOTED

COLLECTION: Final = "collection"

_HINTS = (
    ("mapping values are not allowed", "indent the key like its neighbours, or quote the value"),
    ("cannot start any token", "quote the value, and indent with spaces rather than tabs"),
    ("could not find expected ':'", "end the key with ': ', or indent the text below its key"),
    ("unexpected end of stream", "close the quote"),
    ("undefined alias", "define the anchor above, in the same document, or quote the value"),
    ("duplicate anchor", "give each anchor a name of its own"),
    ("unknown escape character", "double the backslash, or use single quotes"),
    ("block sequence entries", "begin the list on a line of its own"),
    ("expected ',' or", "close the bracket, or put a comma between the items"),
)
_ANY_HINT = "compare the indentation and the quotes with the lines around it"


class YamlParser(Protocol):
    """What the C parser and the Python one have in common."""

    ascend_resolver: Callable[[], object]

    def check_node(self) -> bool:
        """Return whether a document follows."""

    def get_node(self) -> Node | None:
        """Return the tree of the next document."""

    def check_event(self, *choices: type) -> bool:
        """Return whether the next event is one of these."""

    def get_event(self) -> Any:
        """Return the next event."""


class _AsWritten:
    """Notes how a scalar was written, in place of PyYAML's own idea of its type."""

    # Called for every node, and a function written in C is the cheapest there is.
    descend_resolver = operator.is_
    ascend_resolver: Callable[[], object] = tuple

    def resolve(self, _kind: type, _value: str | None, implicit: bool | tuple[bool, bool]) -> str:
        return _WRITTEN[implicit]


_WRITTEN: dict[bool | tuple[bool, bool], str] = {
    (True, False): PLAIN,
    (True, True): PLAIN,
    (False, True): QUOTED,
    (False, False): QUOTED,
    True: COLLECTION,
    False: COLLECTION,
}


class PythonParser(_AsWritten, Reader, Scanner, Parser, Composer):
    """The parser for a PyYAML without its C extension: ten times slower, and equal."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)


def _parser_class() -> Callable[[str], YamlParser]:
    if not yaml.__with_libyaml__:
        return PythonParser
    from yaml._yaml import CParser

    return type("LibyamlParser", (_AsWritten, CParser), {})


open_parser = _parser_class()


def compose(chunk: Chunk, limit: int) -> Node | None:
    """Return the tree of a document of at most ``limit`` nodes."""
    return composed(chunk, limit)[0]


def composed(chunk: Chunk, limit: int) -> tuple[Node | None, int]:
    """Return the tree of a document, and how many nodes it has left of ``limit``."""
    left = iter(range(limit))
    try:
        parser = open_parser(chunk.text)
        parser.ascend_resolver = left.__next__
        root = parser.get_node() if parser.check_node() else None
        if root is not None and parser.check_node():
            raise _second_document(chunk, parser)
    except StopIteration:
        message = f"the document has more than {limit:,} values"
        raise chunk.error(0, message, "split it into several documents") from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise _translated(error, chunk) from None
    return root, operator.length_hint(left)


def _second_document(chunk: Chunk, parser: YamlParser) -> YamlError:
    place = parser.get_event().start_mark.index
    return chunk.error(place, "a second document begins without '---'", "write '---' above it")


def scalars(root: Node) -> Iterator[tuple[ScalarNode, bool]]:
    """Yield the scalars of a tree, and whether each is a key, in any order."""
    if isinstance(root, ScalarNode):
        yield root, False
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode) or id(node) in seen:
            continue
        seen.add(id(node))
        for index, child in enumerate(children(node)):
            if isinstance(child, ScalarNode):
                yield child, isinstance(node, MappingNode) and index % 2 == 0
            else:
                waiting.append(child)


def children(node: Node) -> list[Node]:
    """Return the values of a sequence, or the keys and values of a mapping."""
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    values: list[Node] = node.value
    return values


def _translated(error: yaml.YAMLError | UnicodeEncodeError, chunk: Chunk) -> YamlError:
    foreign = chunk.foreign_character()
    if foreign is not None:
        return foreign
    if not isinstance(error, MarkedYAMLError):
        return chunk.error(0, str(error), _ANY_HINT)
    mark = error.problem_mark or error.context_mark
    if "nesting depth" in (error.problem or ""):
        # The parser looks ahead, and may give up before the first value is counted.
        return chunk.error(mark.index if mark else 0, *TOO_DEEP)
    message = " ".join(filter(None, (error.problem, error.context)))
    if "duplicate anchor" in message:
        message = "the anchor is defined twice"
    hint = next((hint for part, hint in _HINTS if part in message), _ANY_HINT)
    return chunk.error(mark.index if mark else 0, message, hint)
