"""The templates of a project as text: where they write the name of a resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from k8sgen_core.columns import Unit, in_units, lines_of
from k8sgen_lsp.shown import Shown
from k8sgen_lsp.static.named import TEMPLATES, registered

_LARGEST = 1_000_000
# What Jinja computes, and what is said in comments, is no text of the template.
_NO_TEXT = re.compile(r"\{[{%#].*?[}%#]\}|(?:^|(?<=\s))#.*")


class TemplateUse(NamedTuple):
    """A word of a template; ``is_whole`` if it is a scalar by itself."""

    location: types.Location
    is_whole: bool


def uses_in_templates(documents: Iterable[Shown], name: str) -> Iterator[TemplateUse]:
    """Yield where the registered templates of some documents write a name as a scalar."""
    yield from (use for use in all_uses(documents, name) if use.is_whole)


def all_uses(documents: Iterable[Shown], name: str) -> Iterator[TemplateUse]:
    """Yield where templates write a name, as a scalar or as a part of one."""
    done: set[Path] = set()
    for document in documents:
        for path in _paths(document):
            if path not in done:
                done.add(path)
                text = document.catalogue.text(path) if is_small(path) else None
                yield from words_in(path, text or "", name, document.unit)


def _paths(document: Shown) -> Iterator[Path]:
    for each in registered(document.document, TEMPLATES):
        if document.root is not None:
            path = document.root / each.path
            if path.resolve().is_relative_to(document.root.resolve()):
                yield path


def is_small(path: Path) -> bool:
    """Is there such a file, of a size that is looked at?"""
    try:
        return path.is_file() and path.stat().st_size <= _LARGEST
    except OSError:
        return False


def words_in(path: Path, text: str, name: str, unit: Unit) -> Iterator[TemplateUse]:
    """Yield where the text of a YAML file writes a name."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    for number, line in enumerate(lines_of(text)):
        shown = _NO_TEXT.sub(lambda found: "\0" * len(found[0]), line)
        for found in word.finditer(shown):
            place = types.Range(
                types.Position(number, in_units(line, found.start(), unit)),
                types.Position(number, in_units(line, found.end(), unit)),
            )
            location = types.Location(path.as_uri(), place)
            yield TemplateUse(location, _is_scalar(shown, found.start(), found.end()))


def _is_scalar(line: str, start: int, end: int) -> bool:
    """Does a value of YAML begin and end here? A key, and a word in a text, are something else."""
    before = line[:start].rstrip(" ")
    after = line[end:]
    quoted = before[-1:] in ("'", '"') and after[:1] == before[-1:]
    if quoted:
        before, after = before[:-1].rstrip(" "), after[1:]
    starts = before.endswith((":", "-", "[", ",")) and (quoted or line[start - 1 : start] == " ")
    return starts and re.match(r"[ \t]*(?:[,\]}\0]|$)", after) is not None
