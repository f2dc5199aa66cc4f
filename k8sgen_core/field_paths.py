"""Paths of fields as people write them: ``spec.template.spec.containers[0].image``."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STEP = re.compile(
    r"""\[(?P<number>\d+)\] | \['(?P<quoted>[^']*)'\] | \.?(?P<name>[^.\[]+)""", re.X
)


def field_path(path: Sequence[str | int]) -> str:
    """Return a path as people write it: ``spec.template.spec.containers[0].image``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif "." in step or "/" in step:
            text += f"[{step!r}]"
        else:
            text += f".{step}" if text else step
    return text


def steps(field: str) -> list[str | int]:
    """Return the path that a field is written as: ``spec.containers[0].image``."""
    return [
        int(each["number"]) if each["number"] else each["quoted"] or each["name"]
        for each in _STEP.finditer(field)
    ]
