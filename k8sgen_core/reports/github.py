"""Workflow commands of GitHub Actions, which annotate the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from k8sgen_core.reports.reported import Reported

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def report(reported: Sequence[Reported], files: Sequence[str]) -> str:
    """Return a line for each finding."""
    return "".join(map(_line, reported))


def _line(reported: Reported) -> str:
    finding = reported.finding
    properties: dict[str, object] = {}
    if reported.path is not None and finding.place is not None:
        start, end = finding.place.range
        properties = {"file": reported.path, "line": start.line + 1, "endLine": end.line + 1}
        if end.line == start.line:
            # Columns count for one line only.
            properties |= {"col": start.character + 1, "endColumn": end.character + 1}
    properties["title"] = f"k8sgen: {finding.rule}"
    hint = f"\n{finding.hint}" if finding.hint else ""
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{LEVELS[finding.severity]} {told}::{_escaped(finding.message + hint)}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
