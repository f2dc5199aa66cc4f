"""What the core knows as data for front ends: places, findings, origins, files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from k8sgen_core.carriers import Origin, plain
from k8sgen_core.columns import Unit, in_units
from k8sgen_core.findings import Finding, Place, Position, Related
from k8sgen_core.locating import Locator

if TYPE_CHECKING:
    from k8sgen_core.formats import OutputFile
    from k8sgen_core.kubernetes.lowered import Lowered
    from k8sgen_core.origin import Call
    from k8sgen_core.session import Request

Json: TypeAlias = dict[str, Any]
# What is shown, by a number by which it is told from all else.
Numbered: TypeAlias = tuple[int, Json]
# What stands for a call where a line of a template is an origin.
TEMPLATE = "template"


class Shown:
    """Turns what the core knows into what a front end reads, in its unit of columns."""

    def __init__(
        self,
        locator: Locator,
        unit: Unit = "utf-16",
        *,
        uris: bool = False,
        origins: bool = True,
    ) -> None:
        self._with_origins = origins
        self.locator = locator
        self.unit = unit
        self.uris = uris
        self._origins: dict[Origin, Numbered | None] = {}
        self._of_calls: dict[tuple[Call, str | None], Numbered | None] = {}
        self._distinct: dict[str, Numbered] = {}
        self._files: dict[str, Json] = {}
        self._ranges: dict[Place, Json] = {}

    def range(self, place: Place) -> Json:
        """Return a range with its columns in the unit."""
        if place not in self._ranges:
            start, end = (self._position(place.path, each) for each in place.range)
            self._ranges[place] = {"start": start, "end": end}
        return self._ranges[place]

    def _position(self, path: str, position: Position) -> Json:
        line = self.locator.line(path, position.line)
        return {
            "line": position.line,
            "character": in_units(line, position.character, self.unit),
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
        numbered = self._numbered(origin)
        return None if numbered is None else numbered[1]

    def _numbered(self, origin: Origin) -> Numbered | None:
        if origin not in self._origins:
            key = (origin.call, argument_name(origin))
            if key not in self._of_calls:
                place = self.locator.call_place(origin)
                made = None if place is None else self._once(self._origin(origin, place))
                self._of_calls[key] = made
            self._origins[origin] = self._of_calls[key]
        return self._origins[origin]

    def _once(self, shown: Json) -> Numbered:
        """Return what is shown, with a number; a call in a loop is many calls at one place."""
        return self._distinct.setdefault(repr(shown), (len(self._distinct), shown))

    def _origin(self, origin: Origin, place: Place) -> Json:
        return {
            "call": origin.call.name,
            "argument": argument_name(origin),
            **self.place(place),
            "via": [self.place(each) for each in self.locator.via(origin)],
        }

    def file(self, file: OutputFile) -> Json:
        """Return a file with the origins of its lines, if they are wanted."""
        if not self._with_origins:
            return {"path": file.path, "text": file.text, "origins": [], "lines": []}
        found: dict[int, int] = {}
        origins: list[Json] = []
        lines: list[list[int]] = []
        # Findings are shown without it, in commands that only read.
        from k8sgen_core.yaml.emitter import line_origins
        from k8sgen_core.yaml.positions import places_of_lines

        laid = places_of_lines(file.text, file.places) if file.places else {}
        for number, made in enumerate(line_origins(file.notes)):
            here: dict[int, Json] = {}
            for origin in made:
                numbered = self._numbered(origin)
                if numbered is not None:
                    here[numbered[0]] = numbered[1]
            if number in laid:
                key, shown = self._laid_out(laid[number])
                here[key] = shown
            for key, shown in here.items():
                index = found.get(key)
                if index is None:
                    index = found[key] = len(origins)
                    origins.append(shown)
                lines.append([number, index])
        return {"path": file.path, "text": file.text, "origins": origins, "lines": lines}

    def _laid_out(self, place: Place) -> Numbered:
        """Return a line of a template as an origin, beside the calls whose values it lays out."""
        return self._once({"call": TEMPLATE, "argument": None, **self.place(place), "via": []})

    def object(self, file: OutputFile) -> Iterable[Json]:
        """Yield the objects in a file."""
        for each in file.objects:
            place = {"file": file.path, "lines": [each.start, each.end]}
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
