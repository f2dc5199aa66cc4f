"""What is wrong in a text, at which range of it."""

from __future__ import annotations

from typing import NamedTuple

from k8sgen_core.findings import Range, Severity


class Problem(NamedTuple):
    """A finding before it is known in which file: the columns are code points."""

    rule: str
    message: str
    range: Range
    hint: str | None = None
    severity: Severity = "error"
