"""What is wrong with a template, at its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType

from jinja2 import TemplateNotFound, TemplateSyntaxError

from k8sgen_core.findings import Place, Position, Range, Severity

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{.*|\{%.*")
_NAMED = re.compile(r"'([^']+)'")


class TemplateFault(Exception):
    """A template that cannot be rendered; ``place`` is where in its text."""

    def __init__(self, rule: str, message: str, place: Place, hint: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.place = place
        self.hint = hint
        self.severity: Severity = "error"


def place_at(path: str, text: str, line: int, word: str | None = None) -> Place:
    """Return the place of a word in a line, counted from 1; else of its tag, or of all of it."""
    lines = text.splitlines()
    content = lines[line - 1] if 0 < line <= len(lines) else ""
    start, end = _part(content, word)
    return Place(path, Range(Position(max(line - 1, 0), start), Position(max(line - 1, 0), end)))


def _part(content: str, word: str | None) -> tuple[int, int]:
    tags = list(_TAG.finditer(content))
    if word is not None:
        wanted = re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)")
        for tag in tags:
            found = wanted.search(content, tag.start(), tag.end())
            if found:
                return found.span()
        if found := wanted.search(content):
            return found.span()
    if len(tags) == 1:
        return tags[0].span()
    return len(content) - len(content.lstrip()), len(content.rstrip())


def of_error(error: Exception, texts: dict[str, str], path: str) -> TemplateFault:
    """Return what an error of Jinja, or inside it, comes to."""
    if isinstance(error, TemplateSyntaxError):
        path = error.filename or path
        return _fault(error.message or "syntax error", texts, path, error.lineno)
    if isinstance(error, TemplateNotFound):
        message = error.message or f"there is no template {error.name!r}"
    elif isinstance(error, RecursionError):
        message = "the template calls itself without an end"
    elif isinstance(error, MemoryError):
        message = "the template needs too much memory"
    else:
        message = str(error) or type(error).__name__
    path, line = next(_lines(error.__traceback__, texts), (path, 1))
    return _fault(message, texts, path, line)


def _fault(message: str, texts: dict[str, str], path: str, line: int) -> TemplateFault:
    named = _NAMED.search(message)
    word = named[1].rpartition(".")[2] if named else None
    return TemplateFault("template-error", message, place_at(path, texts.get(path, ""), line, word))


def _lines(trace: TracebackType | None, texts: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the lines of templates in a traceback, the innermost first."""
    found = []
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path in texts:
            found.append((path, trace.tb_lineno))
        trace = trace.tb_next
    yield from reversed(found)
