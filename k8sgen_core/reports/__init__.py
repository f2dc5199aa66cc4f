"""Reports for machines: findings in the formats that CI systems read, one in each module."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8sgen_core.reports.reported import Reported

# The names of ``--output``, and the modules that write them.
KINDS: Mapping[str, str] = {
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
    "gitlab": "gitlab",
}


def report(kind: str, reported: Sequence[Reported], files: Sequence[str]) -> str:
    """
    Return a report on all files that were judged, those without findings included.

    Args:
        kind: One of ``KINDS``.
        reported: The findings.
        files: The files, as the findings name them.
    """
    module = importlib.import_module(f"{__name__}.{KINDS[kind]}")
    text: str = module.report(reported, files)
    return text
