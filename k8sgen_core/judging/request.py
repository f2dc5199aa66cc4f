"""That the built-in rules are asked for, as a request carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Judging:
    """
    By what to judge, besides the configuration of the project.

    ``options`` are those of the command line, by the name of the key. ``context`` are the
    objects of the project's other files, which are known and not judged.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    context: Sequence[Mapping[str, Any]] = ()
