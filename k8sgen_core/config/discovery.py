"""Which files of a project are DSL files: by their place, and by what they import."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

EXTENSIONS = frozenset({"plugins", "validators", "output_formats", "tests"})
MANIFESTS = (".yaml", ".yml", ".json")
FOREIGN = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})
ANY_FOLDERS = "**"
# How many modules of a project are read to find out whether one of them imports k8s_gen.
MOST_MODULES = 200
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
    # Most import it before anything else. Where a statement can begin, the line is one.
    first = IMPORT.search(text)
    if first and first[0][0] not in " \t" and _parsed(text[: first.start()]) is not None:
        return True
    tree = _parsed(text)
    if tree is None:
        return first is not None
    return any(module.split(".")[0] == "k8s_gen" for module in _imported(tree))


def leads_to_k8s_gen(text: str, folder: Path, root: Path) -> bool:
    """
    Tell whether source in ``folder`` imports ``k8s_gen`` itself or through modules of the project.

    A program may leave all builders to a module of helpers.
    """
    if imports_k8s_gen(text):
        return True
    seen: set[str] = set()
    pending = deque([(_modules(text), folder)])
    while pending and len(seen) < MOST_MODULES:
        modules, place = pending.popleft()
        for path in _files_of(modules, (place, root)):
            if str(path) in seen or not path.resolve().is_relative_to(root.resolve()):
                continue
            seen.add(str(path))
            status = path.stat()
            is_ours, further = _known(str(path), status.st_mtime_ns, status.st_size)
            if is_ours:
                return True
            pending.append((further, path.parent))
    return False


@lru_cache(maxsize=4096)
def _known(path: str, changed: int, size: int) -> tuple[bool, tuple[str, ...]]:
    """Return whether a module imports ``k8s_gen``, and what else; kept until the file changes."""
    del changed, size
    text = Path(path).read_bytes().decode("utf-8", "replace")
    return imports_k8s_gen(text), _modules(text)


def _modules(text: str) -> tuple[str, ...]:
    """Return the modules that source may import, by their dotted names."""
    tree = _parsed(text) if "import" in text else None
    return () if tree is None else tuple(dict.fromkeys(_mentioned(tree)))


def _mentioned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level < 2:
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}".strip(".") for alias in node.names)


def _files_of(modules: Sequence[str], folders: Sequence[Path]) -> Iterator[Path]:
    for module in filter(None, modules):
        for folder in folders:
            base = folder.joinpath(*module.split("."))
            for path in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
                if path.is_file():
                    yield path


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def only_defines(text: str) -> bool:
    """Tell whether a module only has functions and classes for others: it calls nothing itself."""
    tree = _parsed(text)
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if tree is None or not any(isinstance(each, defining) for each in tree.body):
        return False
    running = [each for each in tree.body if not isinstance(each, defining)]
    return not any(isinstance(node, ast.Call) for each in running for node in ast.walk(each))


def files_below(folder: Path, *endings: str) -> list[Path]:
    """
    Return the files below ``folder`` whose names end so, sorted.

    Links are not followed: what they lead to inside is found where it is, and what is
    outside is none of the project's.
    """
    found: list[Path] = []
    pending = [os.fspath(folder)]
    while pending:
        for entry in _entries(pending.pop()):
            if entry.name.endswith(endings) and entry.is_file(follow_symlinks=False):
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
