"""From origins to places in the workspace, for findings and previews."""

from __future__ import annotations

from pathlib import Path

from k8sgen_core.carriers import Origin, Origins, each
from k8sgen_core.columns import lines_of, place_of
from k8sgen_core.findings import Place
from k8sgen_core.origin import Frame, Sources, Span, frames


class Locator:
    """Finds the calls of a workspace in the texts that ran."""

    def __init__(self, root: Path, sources: Sources | None = None) -> None:
        self.root = root
        self.sources = sources or Sources()
        self._lines: dict[str, list[str]] = {}
        self._inside: dict[str, bool] = {}
        # Many findings are about the same call.
        self._places: dict[Origin, Place | None] = {}

    def place(self, origins: Origins) -> Place | None:
        """Return where the first of these was written: the argument, else the call."""
        for origin in each(origins):
            if origin not in self._places:
                frame = self.innermost(origin.call.frame)
                written = frame and self.at(self.sources.argument_range(origin, frame))
                self._places[origin] = written
            found = self._places[origin]
            if found is not None:
                return found
        return None

    def call_place(self, origin: Origin) -> Place | None:
        """Return the range of the call, from the method's name to its closing parenthesis."""
        frame = self.innermost(origin.call.frame)
        return None if frame is None else self.at(self.sources.call_range(frame))

    def via(self, origin: Origin) -> list[Place]:
        """Return the calls in the workspace that led to a call, from the inside out."""
        frame = origin.call.frame
        if frame is None or frame.outer is None:
            return []
        inner = self.innermost(frame)
        outer = [each for each in frames(frame) if self.is_inside(each)]
        return [self.at(self.sources.call_range(each)) for each in outer if each is not inner]

    def innermost(self, frame: Frame | None) -> Frame | None:
        """Return the innermost frame in the workspace, else the innermost of all."""
        if frame is not None and frame.outer is None:
            return frame
        found = frames(frame)
        return next((each for each in found if self.is_inside(each)), found[0] if found else None)

    def is_inside(self, frame: Frame) -> bool:
        """Does the frame run a file of the workspace, and not an installed package?"""
        path = frame.code.co_filename
        if path not in self._inside:
            try:
                parts = Path(path).relative_to(self.root).parts
            except ValueError:
                self._inside[path] = False
            else:
                self._inside[path] = not {"site-packages", "dist-packages"} & set(parts)
        return self._inside[path]

    def at(self, span: Span) -> Place:
        """Return the place of a span."""
        if span.path not in self._lines:
            self._lines[span.path] = lines_of(self.sources.text(span.path) or "")
        return place_of(span, self._lines[span.path])

    def line(self, path: str, number: int) -> str:
        """Return one line of a file, counted from 0."""
        if path not in self._lines:
            self._lines[path] = lines_of(self.sources.text(path) or "")
        lines = self._lines[path]
        return lines[number] if 0 <= number < len(lines) else ""
