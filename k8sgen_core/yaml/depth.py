"""Nesting and directives of which there may be too many: the parser's time is quadratic in both."""

import re

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, StreamEndEvent

from k8sgen_core.yaml.chunks import Chunk
from k8sgen_core.yaml.limits import DEPTH, TOO_DEEP, Limits
from k8sgen_core.yaml.nodes import open_parser

# A level of block style costs a column of indentation or markers, two levels at most share one
# ("a:" with its "-" below); a level of flow style costs a bracket. Less than this is 120 deep.
_WIDE = re.compile(r"[ \t?:-]{40}")
_FEW_BRACKETS = 40
_DIRECTIVE = re.compile("[\n\r\x85\u2028\u2029]%TAG")
_DIRECTIVES = 100


def check_structure(chunk: Chunk, limits: Limits) -> None:
    """Refuse deep nesting and many directives."""
    directives = "%TAG" in chunk.text and len(_DIRECTIVE.findall(chunk.text))
    if directives > _DIRECTIVES:
        message = f"the document has {directives:,} %TAG directives"
        raise chunk.error(0, message, "remove them, Kubernetes has no use for tags")
    if not _may_be_deep(chunk.text):
        return
    try:
        _count(chunk, limits.values)
    except (yaml.YAMLError, UnicodeEncodeError):
        return  # The tree is composed next, and reports what is wrong.


def _count(chunk: Chunk, most: int) -> None:
    parser = open_parser(chunk.text)
    depth = 0
    # A node has two events at most; a document with more nodes than this is refused anyway.
    for _ in range(2 * most + 4):
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
