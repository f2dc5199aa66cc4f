"""What an expression can stand for, as far as that helps to complete what is written next."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, Union

from k8sgen_lsp.static.described import Class, Member


class Instance(NamedTuple):
    """An object of a class, the methods it has been called with, and its name if it is known."""

    found: Class
    called: frozenset[str] = frozenset()
    name: str = ""


class ClassItself(NamedTuple):
    """A name that is a class."""

    found: Class


class Function(NamedTuple):
    """A name that is a function of the document."""

    start: int


class Foreign(NamedTuple):
    """A name that is a function of another module."""

    function: Member


class Bound(NamedTuple):
    """A method of an object that is not called yet."""

    receiver: Meaning
    name: str


class Nameless(NamedTuple):
    """A lambda, by what it gives."""

    gives: Meaning


class Imported(NamedTuple):
    """A name that is a module."""

    name: str


class Several(NamedTuple):
    """What holds objects of one kind, in whatever way: a list, a set, an iterator."""

    element: Meaning


class Parts(NamedTuple):
    """A tuple of which each place has a kind of its own."""

    elements: tuple[Meaning, ...]


class Keyed(NamedTuple):
    """A mapping to objects of one kind."""

    value: Meaning


Meaning: TypeAlias = Union[  # noqa: UP007 - it names itself, which only a text may
    Instance, ClassItself, Function, Foreign, Bound, Nameless, Imported, Several, Parts, Keyed, None
]
