"""One template: read, checked, rendered, and put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateError, TemplateNotFound, nodes

from k8sgen_core.carriers import plain
from k8sgen_core.digests import digest_of
from k8sgen_core.templates import checking
from k8sgen_core.templates.faults import TemplateFault, of_error, place_at
from k8sgen_core.templates.layout import Tokens, split_marks
from k8sgen_core.templates.loading import Jail
from k8sgen_core.templates.sandbox import Sandbox
from k8sgen_core.templates.structure import Structure, Unfit, structured
from k8sgen_core.templates.weight import TooMuch
from k8sgen_core.yaml.chunks import split

LARGEST = 8 << 20
# Whatever an expression of a template may raise: it computes with values of users.
_ERRORS = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Text(NamedTuple):
    """A rendered text: tokens in place of values, and where each line comes from."""

    text: str
    places: list[tuple[int, int]]
    tokens: Tokens


class Template:
    """A template and what it includes."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self._jail = Jail(path, root)
        self._sandbox = Sandbox(self._jail)

    @property
    def texts(self) -> dict[str, str]:
        """The texts of all files that were read, by path."""
        return self._jail.texts

    @cached_property
    def _compiled(self) -> JinjaTemplate:
        return self._sandbox.get_template(self.path.name)

    @cached_property
    def trees(self) -> dict[str, nodes.Template]:
        """The syntax trees of the template and of what it names, by path."""
        found: dict[str, nodes.Template] = {}
        waiting: list[tuple[str, str, int]] = [(self.path.name, "", 0)]
        parse = super(Sandbox, self._sandbox)._parse
        while waiting:
            name, outer, line = waiting.pop()
            try:
                text, path, _ = self._jail.get_source(self._sandbox, name)
            except TemplateNotFound as error:
                if not outer:
                    raise
                place = place_at(outer, self.texts[outer], line, name)
                raise TemplateFault("template-error", str(error.message), place) from None
            if path not in found:
                found[path] = parse(text, name, path)
                waiting += [(inner, path, at) for inner, at in _named_in(found[path])]
        return found

    @cached_property
    def names(self) -> set[str]:
        """The names that it takes from its context."""
        return {name for tree in self.trees.values() for name in checking.names_read(tree)}

    def faults(self, known: Iterable[str]) -> list[TemplateFault]:
        """Return what is wrong whatever the values are: syntax, unknown names."""
        try:
            unguarded = self._unguarded
        except TemplateFault as fault:
            return [fault]
        except _ERRORS as error:
            return [of_error(error, self.texts, str(self.path))]
        known = {*known, *self._sandbox.globals}
        return [
            _unknown(name, known, place_at(path, self.texts[path], line, name))
            for path, name, line in unguarded
            if name not in known
        ]

    @cached_property
    def _unguarded(self) -> list[tuple[str, str, int]]:
        # Compiling finds unknown filters and tests.
        self._sandbox.get_template(self.path.name)
        return [
            (path, name, line)
            for path, tree in self.trees.items()
            for name, line in checking.unguarded(tree).items()
        ]

    @cached_property
    def decides(self) -> bool:
        """Does it choose whether it says something?"""
        return any(
            tree.find(kind) for tree in self.trees.values() for kind in (nodes.If, nodes.For)
        )

    @cached_property
    def constants(self) -> list[Any]:
        """The literals that conditions compare with."""
        return [value for tree in self.trees.values() for value in checking.constants(tree)]

    def rendered(self, context: Mapping[str, Any], nonce: str) -> Text:
        """Return the text for a context."""
        tokens = Tokens(nonce)
        self._sandbox.start(tokens)
        parts, length = [], 0
        try:
            for part in self._compiled.generate(context):
                length += len(part)
                if length > LARGEST:
                    raise TooMuch(f"the text has more than {LARGEST:,} characters")
                parts.append(part)
        except _ERRORS as error:
            raise of_error(error, self.texts, str(self.path)) from None
        text, places = split_marks("".join(parts))
        return Text(text, places, tokens)

    def structure(self, made: Text) -> Structure:
        """Return the objects that a rendered text says."""
        try:
            return structured(list(split(made.text, self.path.name)), made.tokens)
        except Unfit as unfit:
            path, line = self.place(made, unfit.line)
            place = place_at(path, self.texts[path], line)
            raise TemplateFault("template-output", unfit.message, place, unfit.hint) from None

    def place(self, made: Text, line: int) -> tuple[str, int]:
        """Return the template and its line that a line of rendered text comes from."""
        file, number = made.places[min(line, len(made.places)) - 1]
        files = self._sandbox.files
        return (files[file] if file < len(files) else str(self.path)), number


def nonce_of(context: Mapping[str, Any]) -> str:
    """Return what no text of a context contains, the same for the same context."""
    shown = {name: plain(value) for name, value in context.items()}
    return digest_of(repr(shown))[:16]


def _unknown(name: str, known: Iterable[str], place: Any) -> TemplateFault:
    hint = checking.nearest(name, list(known))
    return TemplateFault(
        "unknown-template-name",
        f"nothing gives the template a value for {name!r}",
        place,
        hint or f"pass it: use_template(..., {name}=...), or write {{{{ {name} | default(...) }}}}",
    )


def _named_in(tree: nodes.Template) -> list[tuple[str, int]]:
    found = []
    for kind in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        for node in tree.find_all(kind):
            named: Any = getattr(node, "template")  # noqa: B009 - The base class has no field.
            optional = getattr(node, "ignore_missing", False)
            if isinstance(named, nodes.Const) and isinstance(named.value, str) and not optional:
                found.append((named.value, node.lineno))
    return found
