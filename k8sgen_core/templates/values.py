"""The data that templates see: plain values, and what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from jinja2 import Undefined, UndefinedError

from k8sgen_core.carriers import Dict


class Fields(Dict):
    """A mapping whose names are documented: those without a value are unset, others unknown."""

    __slots__ = ("known", "title")
    known: tuple[str, ...]
    title: str


class Worded(Dict):
    """A mapping that is a text where it is written: ``{{ environment }}`` is a name."""

    __slots__ = ("text",)
    text: str


class Unset(Undefined):
    """A documented name without a value: falsy, empty, and so is everything in it."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """The name, with the mappings around it."""
        return self._undefined_name or ""

    def inner(self, name: object) -> Unset:
        """Return what is not there either."""
        return Unset(name=f"{self.title}.{name}")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def __getitem__(self, name: object) -> Any:
        return self.inner(name)

    def items(self) -> tuple[()]:
        """Return nothing; an unset mapping is empty."""
        return ()

    keys = values = items

    def get(self, key: object, default: object = None) -> object:
        """Return the default; an unset mapping is empty."""
        del key
        return default


class Unknown(Undefined):
    """A name that nobody documents: an error unless it is tested or has a default."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def __getitem__(self, key: object) -> Any:
        return self

    def _fail(self, *_: object) -> NoReturn:
        message = self._undefined_message
        raise self._undefined_exception(message)

    def __iter__(self) -> Iterator[Any]:
        self._fail()

    def __str__(self) -> str:
        self._fail()

    def __len__(self) -> int:
        self._fail()

    def __bool__(self) -> bool:
        self._fail()

    def __eq__(self, other: object) -> bool:
        self._fail()

    def __ne__(self, other: object) -> bool:
        self._fail()

    def __hash__(self) -> int:
        return id(type(self))

    __contains__ = __call__ = _fail


def unknown_field(mapping: Fields, name: str) -> Unknown:
    """Return what a misspelt field of a documented mapping is."""
    from difflib import get_close_matches

    near = get_close_matches(name, mapping.known, 1)
    message = f"{mapping.title!r} has no {name!r}"
    message += f"; did you mean {near[0]!r}?" if near else ""
    return Unknown(message, exc=UndefinedError)
