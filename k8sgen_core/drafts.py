"""Files as they leave rendering for the disk session: with stand-ins for their secret values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from k8sgen_core.secrets import Checksum, Generated, Reference, SecretText

if TYPE_CHECKING:
    from k8sgen_core.findings import Place
    from k8sgen_core.formats import OutputFile


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A file as it leaves rendering: ``values`` stand where the placeholders are.

    In a ``verbatim`` file they stand as they are, else as YAML writes them. ``places`` is where
    the values that the secret store keeps are asked for.
    """

    path: PurePosixPath
    text: str
    root: str
    values: tuple[tuple[str, Reference, bool], ...] = ()
    verbatim: bool = False
    places: Mapping[Generated, Place] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Does the file hold secret values themselves, and not only their checksums?"""
        return any(not isinstance(reference, Checksum) for _, reference, _ in self.values)


@cache
def _token() -> str:
    """What no text of a user's contains, because nobody knows it before."""
    from secrets import token_hex

    return token_hex(16)


def placeholder(_: SecretText, number: int) -> str:
    """Return what stands for a secret value until it is written; plain in YAML."""
    return f"secret-{_token()}-{number}-"


def drafts(files: Iterable[OutputFile]) -> list[Draft]:
    """Return rendered files as drafts; they must be rendered with :func:`placeholder`."""
    return [
        Draft(
            PurePosixPath(each.path),
            each.text,
            each.root,
            tuple(
                (placeholder(value, number), value.reference, value.encoded)
                for number, value in enumerate(each.secrets)
            ),
            each.verbatim,
        )
        for each in files
    ]
