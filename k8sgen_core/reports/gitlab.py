"""The Code Quality report of GitLab, shown in merge requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from k8sgen_core.reports.reported import Reported

SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def report(reported: Sequence[Reported], files: Sequence[str]) -> str:
    """Return the list of findings; one without a place is on the first line of the project."""
    return json.dumps([_entry(each) for each in reported], indent=2, ensure_ascii=False) + "\n"


def _entry(reported: Reported) -> dict[str, Any]:
    finding = reported.finding
    lines = {"begin": 1, "end": 1}
    if finding.place is not None:
        start, end = finding.place.range
        lines = {"begin": start.line + 1, "end": end.line + 1}
    hint = f" ({finding.hint})" if finding.hint else ""
    return {
        "description": f"{finding.message}{hint}",
        "check_name": finding.rule,
        "fingerprint": reported.fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {"path": reported.path or ".", "lines": lines},
    }
