"""Where a run is, or was when it failed: the frames of the workspace, and what they show."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from types import FrameType, TracebackType

from k8sgen_core.findings import Place, Position, Range, Related
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Frame, is_library

OUTER = 8


class Places:
    """
    Finds the workspace's part of a stack.

    ``main`` is the path of the file that runs, ``read`` has those of all that were read to run.
    """

    def __init__(self, locator: Locator, main: str, read: Container[str] = ()) -> None:
        self.locator = locator
        self.main = main
        self.read = read

    def running(self, frame: FrameType | None) -> list[Frame]:
        """Return the workspace frames of a stack that is running, innermost first."""
        found = []
        while frame is not None:
            found.append(Frame(frame.f_code, frame.f_lasti, None))
            frame = frame.f_back
        return self._inside(found)

    def raised(self, traceback: TracebackType | None) -> list[Frame]:
        """Return the workspace frames that an exception went through, innermost first."""
        found = []
        while traceback is not None:
            found.append(Frame(traceback.tb_frame.f_code, traceback.tb_lasti, None))
            traceback = traceback.tb_next
        return self._inside(reversed(found))

    def _inside(self, frames: Iterable[Frame]) -> list[Frame]:
        return [frame for frame in frames if self._is_inside(frame)]

    def _is_inside(self, frame: Frame) -> bool:
        path = frame.code.co_filename
        return path == self.main or (not is_library[path] and self.locator.is_inside(frame))

    def place(self, frames: Sequence[Frame]) -> Place:
        """Return what the innermost frame was running; without one, the start of the file."""
        return self._at(frames[0]) if frames else self.start()

    def outer(self, frames: Sequence[Frame]) -> tuple[Related, ...]:
        """Return the places that led to the innermost frame, each once, at most a few."""
        inner = self.place(frames)
        places = dict.fromkeys(self._at(frame) for frame in dict.fromkeys(frames[1:]))
        return tuple(
            Related("called from here", place) for place in list(places)[:OUTER] if place != inner
        )

    def _at(self, frame: Frame) -> Place:
        return self.locator.at(self.locator.sources.call_range(frame))

    def start(self) -> Place:
        """Return the first line of the file, for what no line of it can be blamed for."""
        return self.line(self.main, 0)

    def line(self, path: str, number: int) -> Place:
        """Return the text of one line, counted from 0."""
        text = self.locator.line(path, number)
        start = len(text) - len(text.lstrip())
        end = max(start, len(text.rstrip()))
        return Place(path, Range(Position(number, start), Position(number, end)))
