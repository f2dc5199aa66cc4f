"""What would change: in the folder on disk, or since the last commit. Secret values stay hidden."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from k8sgen_core.config import project_root
from k8sgen_lsp.repository import at_head

if TYPE_CHECKING:
    from k8sgen_core.evaluation.planned import Writing
    from k8sgen_lsp.outcomes import Evaluation
    from k8sgen_lsp.server import K8sGenServer

Json: TypeAlias = dict[str, Any]
HIDDEN = "@@ secret values differ @@"


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Json]:
    """Return what is different between two sets of files, by path."""
    paths = sorted({*old, *new})
    return [
        difference(path, old.get(path), new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    ]


def difference(path: str, old: str | None, new: str | None) -> Json:
    """Return what is different in a file; ``None`` stands for one that is not there."""
    before, after = _lines(old), _lines(new)
    names = ("/dev/null" if old is None else path, "/dev/null" if new is None else path)
    lines = list(difflib.unified_diff(before, after, *names, lineterm=""))
    return {
        "path": path,
        "change": _change(old, new),
        "old": old,
        "new": new,
        "diff": "".join(f"{line}\n" for line in lines),
        "added": sum(line.startswith("+") for line in lines[2:]),
        "removed": sum(line.startswith("-") for line in lines[2:]),
    }


def _change(old: object, new: object) -> str:
    if old is None:
        return "created"
    return "removed" if new is None else "changed"


def _lines(text: str | None) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def hidden(path: str, change: str) -> Json:
    """Return that the secret values in a file are different, and no more."""
    same = {"path": path, "change": change, "old": None, "new": None}
    return {**same, "diff": f"--- {path}\n+++ {path}\n{HIDDEN}\n", "added": 0, "removed": 0}


def on_disk(writings: Iterable[Writing], root: Path) -> list[Json]:
    """Return what writing would change in folders."""
    found: list[Json] = []
    for writing in writings:
        plan = writing.plan
        for change in sorted((*plan.created, *plan.changed, *plan.removed), key=lambda c: c.path):
            path = _shown(plan.folder / change.path, root)
            if change.private:
                found.append(hidden(path, _change(change.old, change.new)))
            else:
                found.append(difference(path, _text(change.old), _text(change.new)))
    return found


def _shown(path: Path, root: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")


async def since_head(ls: K8sGenServer, now: Evaluation) -> list[Json] | None:
    """
    Return what a file deploys otherwise than its last commit does, with what it imports.

    ``None`` if looking at that commit was cancelled.

    Raises:
        NoRepository: if there is no commit to compare with.
        ConfigurationError: if its project is configured wrongly.
        WorkerUnavailable: if there is no interpreter to evaluate with.
    """
    path = now.subject.path
    new = _files(ls.evaluations.shown(now))
    committed = await at_head(project_root(path), {path, *now.imports})
    text = committed.pop(path, None)
    if text is None:
        return differences({}, new)
    before = await ls.evaluations.committed(now.subject, text, committed)
    return None if before is None else differences(_files(before), new)


def _files(preview: Json) -> dict[str, str]:
    return {each["path"]: each["text"] for each in preview["files"]}
