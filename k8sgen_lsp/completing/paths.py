"""Paths of the project, inside a text that names a file: one folder at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from k8sgen_core.config.discovery import MANIFESTS, is_foreign
from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.completing.places import Document, Offers
from k8sgen_lsp.static.active import Active, Callee
from k8sgen_lsp.static.calls import CONSTRUCTOR
from k8sgen_lsp.static.files import file_argument, in_project
from k8sgen_lsp.static.named import PLUGINS, TEMPLATES
from k8sgen_lsp.static.pieces import Quoted

# What is usually named by what, by its endings.
_USUAL = {
    "Manifests": MANIFESTS,
    "from_env_file": (".env",),
    TEMPLATES: (".j2",),
    PLUGINS: (".py",),
}
_NOT_PLAIN = frozenset("\\\n{~")
_MOST = 500


class _Entry(NamedTuple):
    name: str
    is_folder: bool


def names_file(active: Active) -> bool:
    """Is the argument at a place the path of a file?"""
    callee, parameter = active.callee, active.parameter
    named = file_argument(*_called(callee))
    return named is not None and parameter is not None and parameter.name == named[0]


def _called(callee: Callee) -> tuple[str, str, str]:
    """Return the name of the class, the same with dots, and the method."""
    if callee.owner is not None:
        return callee.owner.name, callee.owner.qualified, callee.name
    return callee.of.rpartition(".")[2], callee.of, CONSTRUCTOR


def paths_in(document: Document, active: Active, quoted: Quoted, offset: int) -> Offers:
    """Return the files and folders that can go on what is written before a place in a text."""
    start = quoted.start + len(quoted.mark)
    typed = document.text[start:offset]
    folder, slash, begun = typed.rpartition("/")
    place = _folder(document.root, folder + slash)
    if place is None or not _NOT_PLAIN.isdisjoint(typed):
        return Offers(())
    is_closed = document.text.startswith(quoted.mark, quoted.end)
    end = quoted.end if is_closed else offset
    usual = _usual(active.callee)
    found = list(_entries(place))
    is_complete = len(found) <= _MOST
    if not is_complete:
        found = [each for each in found if each.name.startswith(begun)][:_MOST]
    return Offers(
        [_offer(folder + slash, each, usual, (start, end)) for each in found], is_complete
    )


def _folder(root: Path | None, written: str) -> Path | None:
    """Return a folder of the project; where a link leads out of it is nobody's business."""
    found = None if root is None else in_project(root, written)
    if root is None or found is None or not found.is_dir():
        return None
    return found if found.resolve().is_relative_to(root.resolve()) else None


def _entries(folder: Path) -> Iterator[_Entry]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda each: each.name)
    except OSError:
        return
    for each in found:
        is_folder = each.is_dir()
        if not (is_folder and (is_foreign(each.name) or each.is_symlink())):
            yield _Entry(each.name, is_folder)


def _usual(callee: Callee) -> tuple[str, ...]:
    kind, qualified, method = _called(callee)
    named = (_USUAL.get(each) for each in (qualified, method, kind))
    return next(filter(None, named), ())


def _offer(before: str, entry: _Entry, usual: tuple[str, ...], place: tuple[int, int]) -> Offer:
    path = f"{before}{entry.name}{'/' if entry.is_folder else ''}"
    sort = Sort.FOLDER if entry.is_folder else Sort.FILE
    rank = f"{_rank(entry, usual)}{entry.name}"
    return Offer(path, sort, rank=rank, inserted=path, start=place[0], end=place[1])


def _rank(entry: _Entry, usual: tuple[str, ...]) -> int:
    if entry.is_folder:
        return 1
    if usual and entry.name.endswith(usual):
        return 0
    return 3 if entry.name.startswith(".") else 2
