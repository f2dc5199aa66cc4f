"""A warm process that evaluates for the language server, one file at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from k8sgen_core.evaluation.request import Request

Key: TypeAlias = tuple[Path, str, str | None, str]


class WorkerUnavailable(Exception):
    """The interpreter cannot evaluate; the text says why, and which command helps."""


class Worker:
    """
    Evaluates in the user's interpreter; the process that asks never runs user code.

    ``interpreter`` is a Python with k8s-gen installed; default: the one that runs this.
    """

    def __init__(self, interpreter: Path | None = None, *, fork: bool = True) -> None: ...

    async def start(self) -> dict[str, Any]:
        """Start the process and return ``{"k8sgen": "1.0.0", "python": "3.11.7", "protocol": 1}``.

        Raises:
            WorkerUnavailable: if the interpreter has no compatible k8s-gen.
        """
        raise NotImplementedError

    async def evaluate(self, request: Request) -> dict[str, Any] | None:
        """Return the outcome; ``None`` if a newer request took its place or it was cancelled."""
        raise NotImplementedError

    def cancel(self, path: Path) -> None:
        """End the running and the waiting evaluations of a file."""

    async def restart(self) -> dict[str, Any]:
        """Start afresh, after an installed package changed."""
        raise NotImplementedError

    async def close(self) -> None:
        """End the process and everything it started."""
