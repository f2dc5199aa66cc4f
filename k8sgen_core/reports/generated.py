"""Where a generated file has the field that a finding is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from k8sgen_core.field_paths import steps
from k8sgen_core.findings import Finding, Place, Position, Range
from k8sgen_core.yaml.loader import load_all
from k8sgen_core.yaml.positions import Positions


def generated_place(preview: Mapping[str, Any], folder: str, finding: Finding) -> Place | None:
    """Return the place in the file that the preview has for the object, below ``folder``."""
    found = next((each for each in preview["objects"] if _is_of(each, finding)), None)
    if found is None:
        return None
    file = next(each for each in preview["files"] if each["path"] == found["file"])
    start, end = found["lines"]
    text = "\n".join(file["text"].split("\n")[start:end])
    document = next(load_all(text, name=file["path"]), None)
    if document is None:
        return None
    span = Positions(document).locate(steps(finding.field or ""))
    line = start + span.line - 1
    at = Range(Position(line, span.column - 1), Position(line, span.column))
    if span.end_line == span.line:
        at = Range(at.start, Position(line, span.end_column - 1))
    return Place(PurePath(folder, file["path"]).as_posix(), at)


def _is_of(made: Mapping[str, Any], finding: Finding) -> bool:
    return f"{made['kind']}/{made['name']}" == finding.object
