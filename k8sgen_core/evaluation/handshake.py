"""What both ends of the protocol must agree on before the first request."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from k8sgen_core import __version__

PROTOCOL = 1


class WorkerUnavailable(Exception):
    """The interpreter cannot evaluate; the text says why, and which command helps."""


def own() -> dict[str, Any]:
    """Return the versions of this side."""
    return {
        "k8sgen": __version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "protocol": PROTOCOL,
    }


def check(interpreter: str, answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """
    Return what the other side said of itself; ``None`` is a side that said nothing.

    Raises:
        WorkerUnavailable: if it cannot serve this side.
    """
    remedy = f"run: {interpreter} -m pip install k8s-gen=={__version__}"
    if answer is None:
        raise WorkerUnavailable(f"{interpreter} cannot load k8s-gen; {remedy}")
    if (answer["k8sgen"], answer["protocol"]) != (__version__, PROTOCOL):
        raise WorkerUnavailable(
            f"{interpreter} has k8s-gen {answer['k8sgen']}, this is {__version__}; {remedy}"
        )
    return dict(answer)
