"""The file that configures a project: which one it is, what it says, and where in it a key is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from k8sgen_core.findings import Finding, Place, Position, Range

RULE = "configuration"
OWN, SHARED = "k8sgen.toml", "pyproject.toml"
SHARED_TABLE = ("tool", "k8sgen")
LARGEST = 1 << 20
DEEPEST = len((*SHARED_TABLE, "table", "key"))
START = Range(Position(0, 0), Position(0, 0))

PART = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
DOTTED = rf"{PART}(?:[ \t]*\.[ \t]*{PART})*"
NAMED = re.compile(rf"[ \t]*(?:\[\[?[ \t]*(?P<table>{DOTTED})[ \t]*\]|(?P<key>{DOTTED})[ \t]*=)")
# The memory that tomllib takes for a dotted key grows with the square of its parts.
TOO_DEEP = re.compile(rf"^[ \t]*\[{{0,2}}[ \t]*(?:{PART}[ \t]*\.[ \t]*){{32}}", re.MULTILINE)
TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)

Names = tuple[str, ...]


class ConfigurationError(ValueError):
    """A configuration that cannot be used, as the finding that says where and why."""

    def __init__(self, message: str, place: Place | None, hint: str | None) -> None:
        super().__init__(message, place, hint)
        self.finding = Finding(RULE, message, place, hint=hint)

    def __str__(self) -> str:
        found = self.finding
        return f"{found.message} ({found.hint})" if found.hint else found.message


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """What one file says about the project; ``above`` are the tables around it."""

    path: Path
    above: Names
    table: Mapping[str, object]
    ranges: Mapping[Names, Range]

    def place(self, *names: str) -> Place:
        """Return where the key of these names is, or else the innermost table around it."""
        wanted = (*self.above, *names)
        around = (wanted[:depth] for depth in range(len(wanted), -1, -1))
        return Place(str(self.path), next(self.ranges[at] for at in around if at in self.ranges))


def project_root(path: Path) -> Path:
    """
    Return the folder that a file, or folder, belongs to.

    That is the nearest with a configuration, else the nearest with ``pyproject.toml`` or
    ``.git``, else the file's own. A configuration that cannot be read counts: loading it
    says what is wrong with it.
    """
    start = os.path.abspath(path)
    nearest = start if os.path.isdir(start) else os.path.dirname(start)
    marked = None
    for folder in _upwards(nearest):
        if is_configured(folder):
            return Path(folder)
        if marked is None and _is_marked(folder):
            marked = folder
    return Path(marked or nearest)


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and all around it, as texts: an editor asks at every key."""
    while True:
        yield folder
        outer = os.path.dirname(folder)
        if outer == folder:
            return
        folder = outer


def is_configured(folder: str) -> bool:
    """Has a folder a configuration of ours, readable or not?"""
    if os.path.isfile(os.path.join(folder, OWN)):
        return True
    if not os.path.isfile(os.path.join(folder, SHARED)):
        return False
    try:
        return _shared(Path(folder)) is not None
    except ConfigurationError:
        return True


def _is_marked(folder: str) -> bool:
    shared, git = os.path.join(folder, SHARED), os.path.join(folder, ".git")
    return os.path.isfile(shared) or os.path.exists(git)


def project_file(root: Path) -> ProjectFile | None:
    """Return what configures the project, of which there may be only one."""
    own, shared = _own(root), _shared(root)
    if own and shared:
        raise ConfigurationError(
            f"both {OWN} and [tool.k8sgen] in {SHARED} configure the project in {root}",
            shared.place(),
            "keep one of them",
        )
    return own or shared


def _own(root: Path) -> ProjectFile | None:
    path = root / OWN
    if not os.path.isfile(path):
        return None
    text, table = _parsed(path, _content(path))
    return ProjectFile(path, (), table, _ranges(text))


def _shared(root: Path) -> ProjectFile | None:
    path = root / SHARED
    content = _content(path) if os.path.isfile(path) else b""
    if b"k8sgen" not in content:
        return None
    text, document = _parsed(path, content)
    match document:
        case {"tool": {"k8sgen": dict() as table}}:
            return ProjectFile(path, SHARED_TABLE, table, _ranges(text))
        case {"tool": {"k8sgen": _}}:
            place = Place(str(path), _ranges(text)[SHARED_TABLE])
            message = f"`tool.k8sgen` in {SHARED} is not a table"
            raise ConfigurationError(message, place, "write [tool.k8sgen] and the keys below it")
    return None


def _content(path: Path) -> bytes:
    top = _line(path, 0)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        raise ConfigurationError(message, top, "make it readable, or remove it") from None
    if len(content) > LARGEST:
        message = f"{path.name} is larger than {LARGEST} bytes"
        raise ConfigurationError(message, top, "keep only configuration in it")
    return content


# Whoever evaluates while somebody types asks for the same file again and again.
@lru_cache(maxsize=32)
def _parsed(path: Path, content: bytes) -> tuple[str, Mapping[str, Any]]:
    import tomllib

    text = _decoded(path, content)
    if found := TOO_DEEP.search(text):
        place = _line(path, text.count("\n", 0, found.start()))
        message = f"{path.name} has a key of more than 32 parts"
        raise ConfigurationError(message, place, "remove it")
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = re.sub(r" \(at [^()]*\)$", "", str(error))
        message = f"{path.name} is not valid TOML: {reason}"
        place = Place(str(path), _range_of_fault(text, str(error)))
        raise ConfigurationError(message, place, "correct what is at the place shown") from None


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _line(path, content.count(b"\n", 0, error.start))
        message = f"{path.name} is not UTF-8: byte {content[error.start]:#04x}"
        raise ConfigurationError(message, place, "save the file as UTF-8") from None


def _line(path: Path, number: int) -> Place:
    return Place(str(path), Range(Position(number, 0), Position(number, 0)))


def _range_of_fault(text: str, message: str) -> Range:
    """Return the place that only the message of ``tomllib`` tells."""
    if found := re.search(r"\(at line ([0-9]+), column ([0-9]+)\)$", message):
        at = Position(int(found[1]) - 1, int(found[2]) - 1)
    elif message.endswith("(at end of document)"):
        at = Position(text.count("\n"), len(text) - text.rfind("\n") - 1)
    else:
        at = START.start
    return Range(at, at)


@lru_cache(maxsize=32)
def _ranges(text: str) -> Mapping[Names, Range]:
    """Return where each key and table is first written: ``tomllib`` gives values only."""
    table: Names = ()
    ranges: dict[Names, Range] = {(): START}
    for number, line in enumerate(TEXT.sub(_without_lines, text).split("\n")):
        if found := NAMED.match(line):
            group = "table" if found["table"] else "key"
            names = (*(table if group == "key" else ()), *_names(found[group]))
            table = names if group == "table" else table
            start, end = (Position(number, column) for column in found.span(group))
            for depth in range(len(names[:DEEPEST])):
                ranges.setdefault(names[: depth + 1], Range(start, end))
    return ranges


def _without_lines(found: re.Match[str]) -> str:
    """Blank the texts of several lines, whose content may look like keys."""
    return re.sub("[^\n]", " ", found[0]) if "\n" in found[0] else found[0]


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(PART, dotted))
