"""
Secret values as the model knows them: references that only the disk session makes real.

Whatever renders sees ``***``. A renderer for the disk session asks for a placeholder
instead, and the writer puts the value where the placeholder stands.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from k8sgen_core.carriers import Origins

MASK = "***"

# Given values of this process, so that they can be taken out of what programs say themselves.
# What is shorter may be any word, and masking it would hide what a message is about.
_SHORTEST = 6
_given: set[str] = set()


def noted(text: str) -> str:
    """Remember a given value, and return it."""
    if len(text) >= _SHORTEST:
        _given.add(text)
    return text


def masked(text: str) -> str:
    """Return a text without the values that were given to Secrets."""
    # A value may be a part of another one, which must not give the rest of it away.
    for value in sorted(_given, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text


class Given:
    """A value that stands in the user's file."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = noted(text)


class Generated(NamedTuple):
    """A value that the secret store keeps."""

    namespace: str | None
    name: str
    key: str
    length: int
    charset: str


class Checksum(NamedTuple):
    """A keyed digest of values, which tells only whether they changed."""

    parts: tuple[tuple[str, Given | Generated], ...]


Reference: TypeAlias = "Given | Generated | Checksum"


class SecretText:
    """
    A value in an object that only the disk session may write.

    It is no ``str``, so that it cannot leak by joining, and everybody else sees ``***``.
    """

    __slots__ = ("encoded", "origin", "reference")

    def __init__(self, reference: Reference, origin: Origins, *, encoded: bool = False) -> None:
        self.reference = reference
        self.origin = origin
        self.encoded = encoded

    def __repr__(self) -> str:
        return MASK

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a secret value cannot be copied or stored")
