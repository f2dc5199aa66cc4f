"""A baseline: the findings that are known, so that only new ones fail."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from k8sgen_core.findings import Finding
from k8sgen_core.reports.reported import Reported

VERSION = 1


class BadBaseline(ValueError):
    """Raised for a file that is no baseline."""


class Compared(NamedTuple):
    """What is new, how many findings were known, and what was known and is gone."""

    new: list[Finding]
    known: int
    stale: list[str]


def written(reported: Sequence[Reported]) -> str:
    """Return the text of a baseline with these findings, sorted so that changes are small."""
    entries = [
        {
            "fingerprint": each.fingerprint,
            "rule": each.finding.rule,
            "object": each.finding.object,
            "path": each.path,
        }
        for each in reported
    ]
    entries.sort(key=lambda entry: [str(entry[key]) for key in ("rule", "object", "fingerprint")])
    return json.dumps({"version": VERSION, "findings": entries}, indent=2) + "\n"


def compared(text: str, reported: Sequence[Reported]) -> Compared:
    """
    Return the findings that a baseline does not know.

    Raises:
        BadBaseline: for a text that is none.
    """
    entries = _entries(text)
    left = Counter(entry["fingerprint"] for entry in entries)
    new = []
    for each in reported:
        if left[each.fingerprint]:
            left[each.fingerprint] -= 1
        else:
            new.append(each.finding)
    stale = [_title(entry) for entry in entries if left[entry["fingerprint"]]]
    return Compared(new, len(reported) - len(new), stale)


def _entries(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
        entries: list[dict[str, Any]] = found["findings"]
        if found["version"] != VERSION:
            raise BadBaseline(f"it has version {found['version']!r}, and {VERSION} is known here")
        for entry in entries:
            hash(entry["fingerprint"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        if isinstance(error, BadBaseline):
            raise
        raise BadBaseline("it is no baseline") from None
    return entries


def _title(entry: dict[str, Any]) -> str:
    return " ".join(str(entry[key]) for key in ("rule", "object") if entry.get(key))
