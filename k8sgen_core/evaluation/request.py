"""What a run is asked for; it crosses process borders as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from k8sgen_core.columns import Unit
from k8sgen_core.formats import FORMATS
from k8sgen_core.judging.request import Judging

# How the line begins that takes a request back.
CANCEL = b'{"cancel": '
KIBI = 1 << 10
GIBI = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What one run may use.

    ``timeout`` in seconds of wall clock, ``memory`` in bytes beyond what the interpreter
    has at its start, ``output`` in bytes of captured print, ``objects`` in builders.
    """

    timeout: float = 10.0
    memory: int = GIBI
    output: int = 64 * KIBI
    objects: int = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    """
    One file to run, and what to make of it.

    ``text`` is the unsaved text of the file, ``texts`` are those of others by absolute path.
    ``preview`` asks for what the file deploys; without it there are findings only, sooner.
    ``origins`` asks for the calls that made its lines, which takes longer than the lines.
    ``format`` is the one that is wanted; without it those that the file itself asks for
    count, and the preview is that of Kubernetes. ``folder`` is where it will be written to.
    ``objects`` asks for the objects themselves, without secret values, as context for others.
    ``described`` asks for their names only, and where they were described.
    ``plugins`` asks what the plugins offer that were loaded.
    ``early`` asks for the findings as soon as they are known, before the preview; those that
    are refusals even before others are looked for.
    ``judging`` lets the built-in rules judge what the file describes.
    ``allow`` names the side effects that the configuration permits: ``"process"``,
    ``"network"``, ``"write"``.
    """

    path: Path
    root: Path
    text: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None
    version: str = "1.37"
    format: str | None = None
    folder: str = "."
    unit: Unit = "utf-16"
    uris: bool = False
    drafts: bool = False
    preview: bool = True
    origins: bool = True
    objects: bool = False
    described: bool = False
    plugins: bool = False
    early: bool = False
    judging: Judging | None = None
    allow: frozenset[str] = frozenset()
    limits: Limits = Limits()

    @property
    def shown(self) -> str:
        """The format of the preview."""
        return self.format or FORMATS[0]

    def to_json(self) -> dict[str, Any]:
        """Return the request as JSON has it."""
        # asdict would copy all that the project's other files describe.
        return {
            **_shallow(self),
            "limits": _shallow(self.limits),
            "judging": self.judging and _shallow(self.judging),
            "path": str(self.path),
            "root": str(self.root),
            "texts": dict(self.texts),
            "allow": sorted(self.allow),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Request:
        """Return the request that :meth:`to_json` wrote."""
        return cls(
            **{
                **value,
                "path": Path(value["path"]),
                "root": Path(value["root"]),
                "allow": frozenset(value["allow"]),
                "limits": Limits(**value["limits"]),
                "judging": value["judging"] and Judging(**value["judging"]),
            }
        )


def _shallow(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def asking(request: Request, hidden: Iterable[str], number: int = 0) -> bytes:
    """
    Return the line that asks for a run, with the number that its answer has.

    ``hidden`` are the variables that the program does not see, for the hint when it misses one.
    """
    message = {"id": number, "evaluate": request.to_json(), "hidden": sorted(hidden)}
    return json.dumps(message).encode() + b"\n"


def cancelling(number: int) -> bytes:
    """Return the line that takes back the request of a number."""
    return CANCEL + b"%d}\n" % number


def folder_line(folder: str) -> bytes:
    """Return the line before it, which names the folder for what a run itself writes."""
    return json.dumps(folder).encode() + b"\n"
