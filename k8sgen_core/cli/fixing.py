"""``k8sgen validate --fix``: correct DSL files, and keep only what makes them better."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Failure
from k8sgen_core.cli.judging import evaluated
from k8sgen_core.cli.report import shown_path
from k8sgen_core.findings import Finding
from k8sgen_core.ids import blocks, registry

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

# A correction may uncover what another rule corrects; more rounds than this would be a circle.
_ROUNDS = 5


def fix(path: Path, chosen: argparse.Namespace) -> None:
    """Correct what safe corrections there are for in a DSL file, and in what it imports."""
    texts: dict[str, str] = {}
    before = _evaluate(path, chosen, texts)
    for _ in range(_ROUNDS):
        after, better = _round(before, path, chosen, texts)
        if not better:
            break
        before, texts = after, better
    for name, text in texts.items():
        _write(Path(name), text)


def _evaluate(path: Path, chosen: argparse.Namespace, texts: Mapping[str, str]) -> Evaluation:
    own = texts.get(str(path))
    others = {name: text for name, text in texts.items() if name != str(path)}
    return evaluated(path, chosen, text=own, texts=others, preview=False, drafts=False)


def _round(
    before: Evaluation, path: Path, chosen: argparse.Namespace, texts: Mapping[str, str]
) -> tuple[Evaluation, dict[str, str]]:
    """Return what the file comes to with all corrections at once, or with those that do good."""
    candidates = [each for each in before.findings if _is_fixable(each)]
    for batch in (candidates, *([each] for each in candidates)):
        changed = _changed(batch, texts)
        if changed:
            after = _evaluate(path, chosen, changed)
            if _is_better(before.findings, after.findings):
                return after, changed
    return before, {}


def _is_fixable(finding: Finding) -> bool:
    rule = registry().get(finding.rule)
    is_python = finding.place is not None and finding.place.path.endswith(".py")
    return is_python and rule is not None and rule.fix == "safe"


def _changed(findings: Iterable[Finding], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts with the corrections; nothing if none changes anything."""
    from k8sgen_core.fixes import fixed

    found = list(findings)
    changed = dict(texts)
    for path in {each.place.path: None for each in found if each.place is not None}:
        old = texts.get(path) or _read(path)
        new = fixed(found, path, old)
        if new != old:
            changed[path] = new
    return changed if changed != texts else {}


def _read(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def _is_better(before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    """Are there fewer findings, and none that prevents writing or that is an error anew?"""
    errors = [
        Counter(each.rule for each in some if each.severity == "error") for some in (before, after)
    ]
    blocking = [sum(map(blocks, some)) for some in (before, after)]
    return len(after) < len(before) and errors[1] <= errors[0] and blocking[1] <= blocking[0]


def _write(path: Path, text: str) -> None:
    from k8sgen_core.disk.durable import replace

    try:
        replace(path, text.encode())
    except OSError as error:
        message = f"{shown_path(path)} cannot be written: {error.strerror}"
        raise Failure("unreadable-file", message, "make it writable") from None
    sys.stderr.write(f"fixed {shown_path(path)}\n")
