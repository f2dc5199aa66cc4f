"""Output formats: from what is described to files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from k8sgen_core.kubernetes.lowered import Lowered
from k8sgen_core.secrets import SecretText
from k8sgen_core.yaml.emitter import Header, Note


@dataclass(frozen=True, slots=True)
class WrittenObject:
    """Where an object stands in a file: its first line, and the line after its last."""

    lowered: Lowered
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file of output, with what each line was made of."""

    path: PurePosixPath
    text: str
    root: str
    notes: list[Note | Header] = field(default_factory=list, compare=False, repr=False)
    objects: tuple[WrittenObject, ...] = field(default=(), compare=False, repr=False)
    secrets: tuple[SecretText, ...] = field(default=(), compare=False, repr=False)
