"""Where a generated file has the field that a finding is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from k8sgen_core.field_paths import steps
from k8sgen_core.findings import Finding, Place, Position, Range
from k8sgen_core.yaml.loader import load_all
from k8sgen_core.yaml.positions import Positions


class GeneratedPlaces:
    """
    The places in the files of a preview, by the objects that they have.

    ``folder`` is the one that the files are written to.
    """

    def __init__(self, preview: Mapping[str, Any], folder: str) -> None:
        self._folder = folder
        self._objects: dict[str, Mapping[str, Any]] = {}
        for each in preview["objects"]:
            self._objects.setdefault(f"{each['kind']}/{each['name']}", each)
        self._texts = {each["path"]: each["text"] for each in preview["files"]}
        # Several findings are about one object.
        self._read: dict[str, Positions | None] = {}

    def of(self, finding: Finding) -> Place | None:
        """Return where the file has the field that a finding is about."""
        title = finding.object or ""
        made = self._objects.get(title)
        if made is None:
            return None
        if title not in self._read:
            self._read[title] = self._positions(made)
        positions, start = self._read[title], made["lines"][0]
        if positions is None:
            return None
        span = positions.locate(steps(finding.field or ""))
        line = start + span.line - 1
        at = Range(Position(line, span.column - 1), Position(line, span.column))
        if span.end_line == span.line:
            at = Range(at.start, Position(line, span.end_column - 1))
        return Place(PurePath(self._folder, made["file"]).as_posix(), at)

    def _positions(self, made: Mapping[str, Any]) -> Positions | None:
        start, end = made["lines"]
        text = "\n".join(self._texts[made["file"]].split("\n")[start:end])
        document = next(load_all(text, name=made["file"]), None)
        return None if document is None else Positions(document)
