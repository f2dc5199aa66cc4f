"""
What git has of files, read so that nothing of a workspace is ever started for it.

A repository's own configuration may name programs: hooks, filters, monitors, helpers for
fetching. ``cat-file`` uses none of them as long as it need not fetch, which it is not let to.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

# How long, in seconds, git may take.
PATIENCE = 10.0
_SAFE = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("protocol.allow", "never"),
    ("safe.bareRepository", "explicit"),
)
_HEADER = re.compile(rb"[0-9a-f]+ blob ([0-9]+)\n")


class NoRepository(Exception):
    """There is nothing to compare with; the text says why."""


async def at_head(root: Path, paths: Iterable[Path]) -> dict[Path, str]:
    """
    Return the texts of files as they are in the last commit, of those that are in it.

    Raises:
        NoRepository: if the folder is in none, or git cannot be used.
    """
    inside = [path for path in paths if path.is_relative_to(root) and "\n" not in str(path)]
    names = [f"HEAD:./{path.relative_to(root).as_posix()}" for path in inside]
    # The commit itself is asked for first: without one there is nothing to compare with.
    answer = await _batch(root, ["HEAD", *names])
    commit, _, rest = answer.partition(b"\n")
    if b" commit " not in commit:
        raise NoRepository(f"nothing is committed yet in {root}")
    rest = rest[int(commit.split()[-1]) + 1 :]
    found: dict[Path, str] = {}
    for path in inside:
        header = _HEADER.match(rest)
        if header is None:
            rest = rest.partition(b"\n")[2]
            continue
        end = header.end() + int(header[1])
        found[path] = rest[header.end() : end].decode("utf-8", "replace")
        rest = rest[end + 1 :]
    return found


async def _batch(root: Path, names: list[str]) -> bytes:
    program = git_outside(root)
    options = [part for name, value in _SAFE for part in ("-c", f"{name}={value}")]
    process = await asyncio.create_subprocess_exec(
        program,
        *options,
        "cat-file",
        "--batch",
        cwd=root,
        env=environment(os.environ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    asked = "".join(f"{name}\n" for name in names).encode()
    try:
        answer, complaint = await asyncio.wait_for(process.communicate(asked), PATIENCE)
    except TimeoutError:
        process.kill()
        raise NoRepository(f"git took longer than {PATIENCE:.0f} s in {root}") from None
    if process.returncode:
        reason = complaint.decode("utf-8", "replace").strip().partition("\n")[0]
        raise NoRepository(f"git cannot be used in {root}: {reason}")
    return answer


def git_outside(root: Path) -> str:
    """Return the git to use: never one that is in the folder itself, or in a relative one."""
    real = os.path.realpath(root)
    folders = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if os.path.isabs(folder) and not _is_in(os.path.realpath(folder), real)
    ]
    found = shutil.which("git", path=os.pathsep.join(folders)) if folders else None
    # Windows looks in the working folder first, whatever the path says.
    if found is None or not os.path.isabs(found) or _is_in(os.path.realpath(found), real):
        raise NoRepository("git is not installed")
    return found


def _is_in(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for git: none that change what it does, and it must not fetch."""
    kept = {name: value for name, value in own.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
