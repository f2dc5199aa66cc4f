"""
Kubernetes YAML and JSON, read as ``sigs.k8s.io/yaml`` reads it, the library inside kubectl.

Three rules are stricter: a key may not be given twice even when one is quoted and one a number,
an anchor may not be defined twice, and a document needs its ``---`` even after a ``...``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from k8sgen_core.yaml.chunks import Chunk, YamlError, chunks
from k8sgen_core.yaml.limits import DEPTH, Limits
from k8sgen_core.yaml.lines import LineReader
from k8sgen_core.yaml.scalars import Json

__all__ = ["Document", "Json", "Limits", "YamlError", "load_all"]

_JSON_OBJECT = re.compile(r"(?:---)?[ \t\r\n]*\{")
# Escapes of characters beyond U+FFFF come in pairs; one without the other is caught by the group.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file; ``line`` is the first line of ``text`` in the file, from 1."""

    value: Json
    text: str
    line: int
    index: int


def load_all(
    content: str | bytes,
    *,
    name: str = "<yaml>",
    limits: Limits | None = None,
    lines: LineReader | None = None,
) -> Iterator[Document]:
    """
    Yield the documents of a file, without those that are empty; ``name`` is for messages.

    Many files are read faster if they have the reader of ``lines`` in common.
    """
    limits = limits or Limits()
    limits.check_size(content, name)
    return _documents(chunks(content, name), _Reader(limits, lines or LineReader()))


def _documents(written: Iterator[Chunk], reader: _Reader) -> Iterator[Document]:
    index = 0
    for chunk in written:
        found = reader.read(chunk)
        if found is not None:
            yield Document(found[0], chunk.text, chunk.line, index)
            index += 1


class _Reader:
    """Reads one document after another; equal scalars are worked out once."""

    def __init__(self, limits: Limits, lines: LineReader) -> None:
        self._limits = limits
        self._left = limits.total
        self._lines = lines
        self._json = json.JSONDecoder(
            object_pairs_hook=_unique,
            parse_int=lines.values.__getitem__,
            parse_float=lines.values.__getitem__,
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
        # Loading the parser costs as much as reading a hundred manifests without it.
        from k8sgen_core.yaml.conversion import converted

        allowed = min(self._limits.values, self._left)
        found, size = converted(
            chunk, self._limits, allowed, (self._lines.values, self._lines.names)
        )
        self._left -= size
        return found

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
