"""What a plugin is called: how its class's name becomes ``add_<name>``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def names_of(class_name: str, own: Iterable[str] = ()) -> list[str]:
    """
    Return the names of a plugin: its class's in lower case, its own, and leading words.

    ``DatabaseCluster`` is ``database_cluster``, and ``database`` too. ``own`` are those that
    its author or a registration gave it; what cannot be part of a method's name is none.
    """
    words = [word.lower() for word in _WORDS.findall(class_name)]
    leading = ["_".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
    names = dict.fromkeys(["_".join(words), *own, *leading])
    return [name for name in names if name and f"add_{name}".isidentifier()]
