"""What the core knows as data for front ends: places, findings, origins, files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from k8sgen_core.carriers import Origin, plain
from k8sgen_core.columns import Unit, in_units
from k8sgen_core.findings import Finding, Place, Related
from k8sgen_core.locating import Locator

if TYPE_CHECKING:
    from k8sgen_core.formats import OutputFile
    from k8sgen_core.kubernetes.lowered import Lowered
    from k8sgen_core.origin import Call
    from k8sgen_core.session import Request

Json: TypeAlias = dict[str, Any]
# What stands for a call where a line of a template is an origin.
TEMPLATE = "template"


class Shown:
    """Turns what the core knows into what a front end reads, in its unit of columns."""

    def __init__(self, locator: Locator, unit: Unit = "utf-16", *, uris: bool = False) -> None:
        self.locator = locator
        self.unit = unit
        self.uris = uris
        self._origins: dict[tuple[Call, str | None], Json | None] = {}
        self._places: dict[str, Json | None] = {}
        self._files: dict[str, Json] = {}

    def range(self, place: Place) -> Json:
        """Return a range with its columns in the unit."""
        return {
            side: {
                "line": position.line,
                "character": in_units(
                    self.locator.line(place.path, position.line), position.character, self.unit
                ),
            }
            for side, position in zip(("start", "end"), place.range, strict=True)
        }

    def place(self, place: Place) -> Json:
        """Return a place: path relative to the project root, and range."""
        if place.path not in self._files:
            self._files[place.path] = self._file(place.path)
        return {**self._files[place.path], "range": self.range(place)}

    def _file(self, path: str) -> Json:
        shown: Json = {"path": self.path(path)}
        if self.uris:
            shown["uri"] = Path(path).as_uri()
        return shown

    def path(self, path: str) -> str:
        """Return a path relative to the project root, with ``/``."""
        try:
            return Path(path).relative_to(self.locator.root).as_posix()
        except ValueError:
            return Path(path).as_posix()

    def finding(self, finding: Finding) -> Json:
        """Return a finding."""
        shown: Json = {
            "rule": finding.rule,
            "severity": finding.severity,
            "message": finding.message,
            "hint": finding.hint,
            "path": None,
            "range": None,
            "object": finding.object,
            "field": finding.field,
            "related": [self._related(each) for each in finding.related],
        }
        return shown if finding.place is None else {**shown, **self.place(finding.place)}

    def _related(self, related: Related) -> Json:
        return {"message": related.message, **self.place(related.place)}

    def origin(self, origin: Origin) -> Json | None:
        """Return an origin: which call, which argument, where, and what led there."""
        key = (origin.call, argument_name(origin))
        if key not in self._origins:
            place = self.locator.call_place(origin)
            made = None if place is None else self._origin(origin, place)
            # A call in a loop is many calls at one place.
            self._origins[key] = self._places.setdefault(repr(made), made)
        return self._origins[key]

    def _origin(self, origin: Origin, place: Place) -> Json:
        return {
            "call": origin.call.name,
            "argument": argument_name(origin),
            **self.place(place),
            "via": [self.place(each) for each in self.locator.via(origin)],
        }

    def file(self, file: OutputFile) -> Json:
        """Return a file with the origins of its lines."""
        found: dict[int, int] = {}
        origins: list[Json] = []
        lines: list[list[int]] = []
        # Findings are shown without it, in commands that only read.
        from k8sgen_core.yaml.emitter import line_origins
        from k8sgen_core.yaml.positions import places_of_lines

        laid = places_of_lines(file.text, file.places) if file.places else {}
        for number, made in enumerate(line_origins(file.notes)):
            template = laid.get(number)
            by_call = [self.origin(origin) for origin in made]
            by_template = None if template is None else self._laid_out(template)
            for shown in (*by_call, by_template):
                if shown is None:
                    continue
                key = id(shown)
                if key not in found:
                    found[key] = len(origins)
                    origins.append(shown)
                pair = [number, found[key]]
                if pair not in lines[-len(made) - 1 :]:
                    lines.append(pair)
        return {"path": str(file.path), "text": file.text, "origins": origins, "lines": lines}

    def _laid_out(self, place: Place) -> Json | None:
        """Return a line of a template as an origin, beside the calls whose values it lays out."""
        made: Json = {"call": TEMPLATE, "argument": None, **self.place(place), "via": []}
        return self._places.setdefault(repr(made), made)

    def object(self, file: OutputFile) -> Iterable[Json]:
        """Yield the objects in a file."""
        for each in file.objects:
            place = {"file": str(file.path), "lines": [each.start, each.end]}
            origin = self._made_by(each.lowered)
            yield {**_names(each.lowered), **place, "origin": origin}

    def described(self, lowered: Lowered) -> Json:
        """Return what an object is called, and the call that made it."""
        return {**_names(lowered), "origin": self._made_by(lowered)}

    def _made_by(self, lowered: Lowered) -> Json | None:
        origins = lowered.resource.origin
        return self.origin(origins) if isinstance(origins, Origin) else None

    def request(self, request: Request) -> Json:
        """Return a wish of the file's own to be written."""
        place = self.locator.place(Origin((request.call, None)))
        shown = None if place is None else self.range(place)
        return {"format": request.format, "path": request.path, "range": shown}


def _names(lowered: Lowered) -> Json:
    value = lowered.object
    metadata = value["metadata"]
    return {
        "apiVersion": plain(value["apiVersion"]),
        "kind": plain(value["kind"]),
        "namespace": plain(metadata.get("namespace")),
        "name": plain(metadata.get("name")),
    }


def argument_name(origin: Origin) -> str | None:
    """Return the name of the argument, without what is inside it."""
    argument = origin.argument
    first = argument[0] if isinstance(argument, tuple) else argument
    if not isinstance(first, int):
        return first if first is None else str(first)
    return origin.call.parameter(first)
