"""What a run is to show and to write: files with their secret values still to be filled in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from k8sgen_core.drafts import Draft, drafts, placeholder
from k8sgen_core.evaluation.request import Request
from k8sgen_core.formats import FORMATS, OutputFile
from k8sgen_core.formats.kubernetes import paths_of
from k8sgen_core.kubernetes.lowered import Lowered, Problem
from k8sgen_core.rendering import Rendering, problems_in
from k8sgen_core.secrets import Checksum, Generated, Given, Reference
from k8sgen_core.session import Request as Asked
from k8sgen_core.shown import Shown

Json = dict[str, Any]


class Outputs:
    """
    What a run comes to in the format that is wanted, and in those that the file asks for.

    ``requests`` are the file's own; with a format that was chosen they do not count.
    """

    def __init__(self, request: Request, rendering: Rendering, requests: Sequence[Asked]) -> None:
        self.names = rendering.formats()
        self._build = rendering.build
        self._rendering = rendering
        self._requests = requests if request.format is None else ()
        known = request.shown if request.shown in self.names else FORMATS[0]
        self.shown = rendering.format(known, request.folder)
        self._others = list(rendering.requests(self._requests))

    def problems(self) -> list[Problem]:
        """Return what is wrong with the description, for the formats that are wanted."""
        wanted = {each.format for each in self._requests if each.output is None}
        rendered = list(self._others)
        if not self._requests:
            wanted.add(self.shown.format)
            rendered.append(self.shown)
        own = [problem for each in rendered for problem in each.problems]
        return [*problems_in(self._build, wanted), *own]

    def drafts(self, shown: Shown) -> list[Json]:
        """Return the files in the format that is shown."""
        return _drafts(self.shown.files(placeholder), shown)

    def requests(self, shown: Shown) -> list[Json]:
        """Return the folders that the file asks for, each with its files."""
        return [*self._of_kubernetes(), *self._of_others(shown)]

    def _of_kubernetes(self) -> Iterator[Json]:
        """Yield which of the drafts go to which folder, under which names."""
        asked: dict[str, set[int]] = {}
        for each in self._requests:
            if each.output is None and each.format == FORMATS[0]:
                folder = os.path.normpath(each.path)
                resource = self._rendering.resource(each.builder)
                asked.setdefault(folder, set()).add(id(resource))
        for folder, roots in asked.items():
            yield {
                "format": FORMATS[0],
                "folder": folder,
                "files": _numbered(self.shown.lowered, roots),
            }

    def _of_others(self, shown: Shown) -> Iterator[Json]:
        for each in self._others:
            masked = [file.text for file in each.files()]
            made = _drafts(each.files(placeholder), shown)
            files = [{**d, "shown": text} for d, text in zip(made, masked, strict=True)]
            yield {"format": each.format, "folder": each.folder, "made": files}


def _numbered(lowered: Sequence[Lowered], roots: set[int]) -> list[tuple[int, str]]:
    """Return the objects of these roots, by number, with the paths they have by themselves."""
    found = [number for number, each in enumerate(lowered) if id(each.root) in roots]
    return list(zip(found, paths_of([lowered[n].object for n in found]), strict=True))


def _drafts(files: Iterable[OutputFile], shown: Shown) -> list[Json]:
    found = list(files)
    pairs = zip(drafts(found), found, strict=True)
    return [{**_draft(draft), "places": _places(file, shown)} for draft, file in pairs]


def _places(file: OutputFile, shown: Shown) -> list[Json | None]:
    """Return where each secret value that the store keeps is asked for."""
    found = [
        shown.locator.place(each.origin) if isinstance(each.reference, Generated) else None
        for each in file.secrets
    ]
    return [place and shown.place(place) for place in found]


def _draft(draft: Draft) -> Json:
    return {
        "path": str(draft.path),
        "text": draft.text,
        "root": draft.root,
        "verbatim": draft.verbatim,
        "values": [[s, _reference(reference), encoded] for s, reference, encoded in draft.values],
    }


def _reference(reference: Reference) -> Json:
    if isinstance(reference, Given):
        return {"text": reference.text}
    if isinstance(reference, Checksum):
        return {"parts": [[key, _reference(part)] for key, part in reference.parts]}
    return {
        "namespace": reference.namespace,
        "name": reference.name,
        "key": reference.key,
        "length": reference.length,
        "charset": reference.charset,
    }
