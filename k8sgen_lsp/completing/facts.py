"""What the files of a workspace name: resources, keys, images, ports, hosts, environments."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from weakref import WeakKeyDictionary

from k8sgen_core.config.discovery import files_below
from k8sgen_lsp.static.pieces import Piece, pieces_of

_QUOTE = r"""\(\s*(?:name\s*=\s*)?(?:"(?P<{0}>[^"\\\n]*)"|'(?P<{1}>[^'\\\n]*)'{2})"""
_NAMED = re.compile(
    r"(?<![.\w])(?P<made>[A-Z]\w*)" + _QUOTE.format("a", "b", "|")
    + r"|\.(?P<called>\w+)" + _QUOTE.format("c", "d", "")
)  # fmt: skip
_BOUND = re.compile(r"(?<![.\w])([^\W\d]\w*)\s*(?::[^=\n]*)?=\s*\(?\s*\Z")
_HELD = re.compile(r"([\w.]+|\])\s*\Z")
_BEFORE = 80
_PORT = re.compile(r"\.(?:port|add_port)\(\s*(?P<number>\d{1,5})\b")
_PACKAGE = "k8s_gen"
_KEYED = ("add", "add_json", "add_yaml", "from_file", "generate_password")
_LARGEST = 1_000_000
_MOST_FILES = 2000
_FRESH = 3.0
_BUDGET = 0.02


class Fact(NamedTuple):
    """That something of a kind is named; ``owner`` is the resource that has a key."""

    kind: str
    name: str
    owner: str = ""


_known: WeakKeyDictionary[Piece, tuple[Fact, ...]] = WeakKeyDictionary()


def _facts_in(piece: Piece) -> tuple[Fact, ...]:
    if piece not in _known:
        _known[piece] = tuple(found_in(piece.text))
    return _known[piece]


def found_in(piece: str, *variables: str) -> Iterator[Fact]:
    """Yield the facts of a text; what is put into one of these variables is owned by it."""
    owner = ""
    owners = {each: each for each in variables}
    for each in _NAMED.finditer(piece):
        name = next((part for part in each.group("a", "b", "c", "d") if part), "")
        if each["made"]:
            owner = name
            for variable in _BOUND.findall(piece[max(each.start() - _BEFORE, 0) : each.start()]):
                owners[variable] = name
            yield Fact(each["made"], name)
        elif each["called"] in _KEYED:
            held = _HELD.search(piece, max(each.start() - _BEFORE, 0), each.start())
            # What goes on with a chain is put into what the chain began with.
            owner = owners.get(held[1], "") if held else owner
            yield Fact("key", name, owner)
        else:
            yield Fact(f".{each['called']}", name)
    for each in _PORT.finditer(piece):
        yield Fact("port", each["number"])


def facts_of(text: str) -> list[Fact]:
    """Return what a source names; of a source that is edited only the edited piece is read."""
    return [fact for piece in pieces_of(text) for fact in _facts_in(piece)]


class WorkspaceFacts:
    """
    The facts of the projects that documents belong to.

    Files are read a little at a time: whoever asks waits for a few of them only, and is told
    whether these were all.
    """

    def __init__(self, text_of: Callable[[Path], str | None] = lambda path: None) -> None:
        self._text_of = text_of
        self._listed: dict[Path, tuple[float | None, list[Path]]] = {}
        self._listing: dict[Path, Thread] = {}
        # Of a file that has nothing to do with us there are none.
        self._read: dict[Path, tuple[tuple[int, int], tuple[Fact, ...] | None]] = {}

    def of(self, root: Path | None, path: Path | None, text: str) -> tuple[list[Fact], bool]:
        """Return the facts of a document first, then its project's, and whether these are all."""
        found = facts_of(text)
        if root is None:
            return found, True
        files, is_complete = self._files(root)
        until = time.monotonic() + _BUDGET
        for each in files:
            unsaved = self._text_of(each) if each != path else ""
            if unsaved is not None:
                found += facts_of(unsaved)
                continue
            if time.monotonic() > until:
                return found, False
            found += self._of_file(each) or ()
        return found, is_complete

    def are_of_dsl(self, root: Path) -> tuple[bool, bool]:
        """Has a project files that speak of us? And is that sure, as far as they were read?"""
        files, is_complete = self._files(root)
        until = time.monotonic() + _BUDGET
        for path in files:
            unsaved = self._text_of(path)
            if self._of_file(path) is not None if unsaved is None else _PACKAGE in unsaved:
                return True, True
            if time.monotonic() > until:
                return False, False
        return False, is_complete

    def _files(self, root: Path) -> tuple[list[Path], bool]:
        """Return the files of a project as far as they are known; a large one is listed aside."""
        listed, files = self._listed.get(root, (None, []))
        if listed is not None and time.monotonic() - listed <= _FRESH:
            return files, True
        listing = self._listing.get(root)
        if listing is None:
            listing = Thread(target=self._list, args=(root,), daemon=True)
            self._listing[root] = listing
            listing.start()
        if listed is None:
            listing.join(_BUDGET)
        return self._listed.get(root, (None, files))[1], root in self._listed

    def _list(self, root: Path) -> None:
        files = files_below(root, ".py")[:_MOST_FILES]
        self._listed[root] = (time.monotonic(), files)
        self._listing.pop(root, None)

    def _of_file(self, path: Path) -> tuple[Fact, ...] | None:
        try:
            stat = path.stat()
            mark = (stat.st_mtime_ns, stat.st_size)
            known = self._read.get(path)
            if known is None or known[0] != mark:
                text = path.read_text("utf-8", "replace") if stat.st_size <= _LARGEST else ""
                facts = tuple(found_in(text)) if _PACKAGE in text else None
                known = self._read[path] = (mark, facts)
        except OSError:
            return None
        return known[1]


def names(facts: Iterable[Fact], *kinds: str, owner: str = "") -> Mapping[str, int]:
    """Return the names of some kinds, with how often each is used."""
    counted: dict[str, int] = {}
    for each in facts:
        if each.kind in kinds and each.name and (not owner or each.owner == owner):
            counted[each.name] = counted.get(each.name, 0) + 1
    return counted
