"""
Where templates run: data only, no way out of it, and a limit on everything.

The sandbox of Jinja keeps attributes of Python away. This one also keeps away every
method but the harmless ones of texts, mappings and lists.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from jinja2 import BaseLoader, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace

from k8sgen_core.carriers import join, origin_of, placed
from k8sgen_core.templates.filters import PADDING, Filters, check_text
from k8sgen_core.templates.layout import TemplateText, Tokens
from k8sgen_core.templates.marking import NAMESPACE, Marking
from k8sgen_core.templates.values import Fields, Unknown, Unset, unknown_field
from k8sgen_core.templates.weight import LONGEST, MOST, TooMuch, data, weigh

STEPS = 100_000
_OWN = (LoopContext, Macro, BlockReference, Cycler, Joiner, Namespace)
_TEXT = (
    "capitalize center count endswith find index isalnum isalpha isascii isdecimal isdigit islower"
    " isnumeric isspace istitle isupper join ljust lower lstrip partition removeprefix"
    " removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines"
    " startswith strip swapcase title upper zfill"
)
_OF_MAPPINGS = frozenset(("items", "keys", "values", "get"))
_METHODS: tuple[tuple[Any, frozenset[str]], ...] = (
    (str, frozenset(_TEXT.split())),
    (dict, _OF_MAPPINGS),
    ((list, tuple), frozenset(("index", "count"))),
)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one template and of what it includes."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=Unknown,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=("jinja2.ext.do", "jinja2.ext.loopcontrols"),
        )
        self.tokens = Tokens("")
        self.steps = 0
        self.files: list[str] = []
        del self.globals["lipsum"]
        self.globals[NAMESPACE] = self.globals["namespace"]
        self.filters = Filters(self).all()

    def start(self, tokens: Tokens) -> None:
        """Begin a rendering."""
        self.tokens = tokens
        self.steps = 0

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self.files.append(filename or name or "")
        Marking(len(self.files) - 1, source).visit(tree)
        return tree

    def counted(self, items: Iterable[Any]) -> list[Any]:
        """Return the items of a loop, as long as the template has steps left."""
        found = list(itertools.islice(items, STEPS + 1))
        self.steps += len(found)
        if self.steps > STEPS:
            raise TooMuch(f"the template loops more than {STEPS:,} times")
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what ``obj.attribute`` is: a harmless method, or what the mapping holds."""
        if isinstance(obj, Unset):
            return getattr(obj, attribute) if attribute in _OF_MAPPINGS else obj.inner(attribute)
        if isinstance(obj, _OWN) or _is_module(obj):
            return super().getattr(obj, attribute)
        for kind, methods in _METHODS:
            if isinstance(obj, kind) and attribute in methods:
                return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return what ``obj[argument]`` is; never an attribute of Python."""
        if isinstance(obj, Undefined):
            return obj[argument]
        if isinstance(obj, dict):
            return obj[argument] if _is_key(argument, obj) else _missing(obj, argument)
        if isinstance(obj, str | list | tuple) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return Unset(name=f"item {argument}")
        if isinstance(argument, str) and argument.startswith("_"):
            raise SecurityError(f"access to {argument!r} is not allowed")
        return Unknown(f"there is no {argument!r} in {type(obj).__name__}")

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, or a harmless method, and keep what it returns small."""
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str):
            _check_method(owner, obj.__name__, args)
        elif obj is not range and owner is None and not isinstance(obj, _CALLABLE):
            if isinstance(obj, Undefined):
                return obj()
            raise SecurityError(f"{obj!r} cannot be called")
        made = super().call(context, obj, *args, **kwargs)
        if isinstance(obj, Macro | BlockReference | LoopContext):
            return TemplateText(check_text(made))
        return check_text(made) if isinstance(made, str) else made

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute, as long as the result is small."""
        if operator == "%" and isinstance(left, str):
            raise SecurityError("'%' does not format text here; use '~'")
        if operator == "**" and _bits(left) * abs(right if isinstance(right, int) else 64) > 4096:
            raise TooMuch("the power is too large")
        if operator == "*":
            _check_product(left, right)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.joined([left, right])
        return super().call_binop(context, operator, left, right)

    def joined(self, parts: list[Any]) -> str:
        """Return one text; it is the template's own only if each part is."""
        from k8sgen_core.templates.layout import text_of

        if all(isinstance(part, TemplateText) for part in parts):
            return TemplateText(check_text("".join(parts)))
        origin, texts = None, []
        for part in parts:
            value = data(part, self.tokens)
            origin = join(origin, origin_of(value))
            texts.append(text_of(value))
        return placed(check_text("".join(texts)), origin)


_CALLABLE = (type(range), Macro, BlockReference, LoopContext, Cycler, Joiner)


def _is_module(obj: Any) -> bool:
    return type(obj).__name__ in ("TemplateModule", "TemplateReference")


def _is_key(argument: Any, mapping: dict[Any, Any]) -> bool:
    return isinstance(argument, str | int | float) and argument in mapping


def _missing(mapping: dict[Any, Any], name: Any) -> Undefined:
    if isinstance(mapping, Fields):
        if name in mapping.known:
            return Unset(name=f"{mapping.title}.{name}")
        return unknown_field(mapping, str(name))
    if str(name).startswith("_"):
        raise SecurityError(f"access to {name!r} is not allowed")
    return Unset(name=str(name))


@pass_context
def _finalize(context: Context, value: Any) -> str:
    sandbox: Any = context.environment
    if isinstance(value, TemplateText):
        return value
    tokens: Tokens = sandbox.tokens
    made: str = tokens.add(data(value, tokens))
    return made


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 64


def _check_product(left: Any, right: Any) -> None:
    for whole, count in ((left, right), (right, left)):
        most = LONGEST if isinstance(whole, str) else MOST
        known = isinstance(whole, str | list | tuple) and isinstance(count, int)
        if known and len(whole) * count > most:
            raise TooMuch(f"{count:,} times {len(whole):,} is too much")
    if isinstance(left, int) and isinstance(right, int) and _bits(left) + _bits(right) > 4096:
        raise TooMuch("the product is too large")


def _check_method(owner: str, method: str, args: tuple[Any, ...]) -> None:
    weigh(args)
    if method in PADDING and any(isinstance(each, int) and each > LONGEST for each in args):
        raise TooMuch(f"{method} to {max(a for a in args if isinstance(a, int)):,} is too much")
    if method == "replace" and len(args) > 1:
        _check_replaced(owner, *args[:2])
    if method == "join" and args:
        check_joined(owner, args[0])


def _check_replaced(text: Any, old: Any, new: Any) -> None:
    if str(text).count(str(old)) * len(str(new)) > LONGEST:
        raise TooMuch("the text becomes too long")


def check_joined(separator: Any, items: Any) -> None:
    """Refuse to join what would be too long."""
    total = sum(len(str(item)) + len(str(separator)) for item in items) if items else 0
    if total > LONGEST:
        raise TooMuch("the text becomes too long")
