"""How much a text may ask for: a short text can describe a value that fills any memory."""

import re
from dataclasses import dataclass

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, StreamEndEvent

from k8sgen_core.yaml.chunks import Chunk
from k8sgen_core.yaml.nodes import DEPTH, TOO_DEEP, open_parser

# A level of block style costs a column of indentation or markers, two levels at most share one
# ("a:" with its "-" below); a level of flow style costs a bracket. Less than this is 120 deep.
_WIDE = re.compile(r"[ \t?:-]{40}")
_FEW_BRACKETS = 40
_DIRECTIVE = re.compile("[\n\r\x85\u2028\u2029]%TAG")
_DIRECTIVES = 100
_SPLIT_HINT = "split the file into smaller ones"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for before it is refused."""

    size: int = 64 * 1024 * 1024
    """Bytes of a file, or characters of a text."""
    values: int = 1_000_000
    """Keys, scalars, mappings and lists in one document."""
    total: int = 2_000_000
    """The same in all documents of a file."""
    expansion: int = 1_000_000
    """Values and characters that aliases may add to one document."""

    def check_size(self, content: str | bytes, name: str) -> None:
        """Refuse a file that is too long to be read."""
        if len(content) > self.size:
            unit = "bytes" if isinstance(content, bytes) else "characters"
            message = f"the file has {len(content):,} {unit}, more than {self.size:,}"
            raise Chunk(name, "", 1).error(0, message, _SPLIT_HINT)

    def check_structure(self, chunk: Chunk) -> None:
        """Refuse deep nesting, and many directives: the parser's time is quadratic in both."""
        directives = "%TAG" in chunk.text and len(_DIRECTIVE.findall(chunk.text))
        if directives > _DIRECTIVES:
            message = f"the document has {directives:,} %TAG directives"
            raise chunk.error(0, message, "remove them, Kubernetes has no use for tags")
        if not _may_be_deep(chunk.text):
            return
        try:
            self._count(chunk)
        except (yaml.YAMLError, UnicodeEncodeError):
            return  # The tree is composed next, and reports what is wrong.

    def _count(self, chunk: Chunk) -> None:
        parser = open_parser(chunk.text)
        depth = 0
        # A node has two events at most; a document with more nodes than this is refused anyway.
        for _ in range(2 * self.values + 4):
            if parser.check_event(StreamEndEvent):
                return
            event = parser.get_event()
            if issubclass(event.__class__, CollectionStartEvent):
                depth += 1
                if depth > DEPTH:
                    raise chunk.error(event.start_mark.index, *TOO_DEEP)
            elif issubclass(event.__class__, CollectionEndEvent):
                depth -= 1


def _may_be_deep(text: str) -> bool:
    return text.count("[") + text.count("{") > _FEW_BRACKETS or _WIDE.search(text) is not None
