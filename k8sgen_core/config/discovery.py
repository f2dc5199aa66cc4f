"""Which files of a project are DSL files: by their place, and by what they import."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

EXTENSIONS = frozenset({"plugins", "validators", "output_formats", "tests"})
FOREIGN = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})
ANY_FOLDERS = "**"
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+k8s_gen\b|import[ \t]+(?:[\w.][\w. \t]*,[ \t]*)*k8s_gen\b)", re.MULTILINE
)


def is_foreign(folder: str) -> bool:
    """Tell whether folders of this name hold what others made, or what is hidden."""
    return folder.startswith(".") or folder in FOREIGN


def matches(path: Sequence[str], pattern: str) -> bool:
    """
    Tell whether the parts of a path fit ``pattern``, in which ``**`` is any number of folders.

    All positions in the pattern are followed at once, so no pattern takes exponential time.
    """
    steps = pattern.split("/")
    reached = _with_skips({0}, steps)
    for part in path:
        onward = {
            at + (steps[at] != ANY_FOLDERS) for at in reached if _fits(part, steps[at : at + 1])
        }
        reached = _with_skips(onward, steps)
    return len(steps) in reached


def _fits(part: str, step: Sequence[str]) -> bool:
    return any(each == ANY_FOLDERS or fnmatchcase(part, each) for each in step)


def _with_skips(reached: set[int], steps: Sequence[str]) -> set[int]:
    for at, step in enumerate(steps):
        if at in reached and step == ANY_FOLDERS:
            reached.add(at + 1)
    return reached


def imports_k8s_gen(text: str) -> bool:
    """Tell whether Python source imports ``k8s_gen``; if it is broken, a line that does counts."""
    if "k8s_gen" not in text:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return IMPORT.search(text) is not None
    return any(module.split(".")[0] == "k8s_gen" for module in _imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def python_files(folder: Path) -> list[Path]:
    """
    Return the Python files below ``folder``, sorted.

    Links are not followed: what they lead to inside is found where it is, and what is
    outside is none of the project's.
    """
    found: list[Path] = []
    pending = [os.fspath(folder)]
    while pending:
        for entry in _entries(pending.pop()):
            if entry.name.endswith(".py") and entry.is_file(follow_symlinks=False):
                found.append(Path(entry.path))
            elif entry.is_dir(follow_symlinks=False) and not is_foreign(entry.name):
                pending.append(entry.path)
    return sorted(found, key=lambda path: path.parts)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """Return nothing for a virtual environment, a junction, or a folder that cannot be read."""
    if os.path.exists(os.path.join(folder, "pyvenv.cfg")) or (
        os.name == "nt" and _is_junction(folder)
    ):
        return []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _is_junction(folder: str) -> bool:
    # Python 3.11 takes the junctions of Windows for folders; they may lead back up.
    parent = os.path.realpath(os.path.dirname(folder))
    return os.path.dirname(os.path.realpath(folder)) != parent
