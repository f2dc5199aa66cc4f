"""``k8sgen diff``: show what generate would change."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Exit
from k8sgen_core.cli.judging import evaluated
from k8sgen_core.cli.options import (
    add_format,
    add_output,
    add_quiet,
    add_target,
    existing_file,
    exit_code,
)
from k8sgen_core.cli.report import report, shown_path
from k8sgen_core.cli.targets import folder_for, planned, targets, wanted_formats
from k8sgen_core.cli.terminal import Terminal, inert

if TYPE_CHECKING:
    from k8sgen_core.disk.tree import Plan

_STYLES = {"+": "created", "-": "removed", "@": "hint"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "examples:\n  k8sgen diff app.py\n  k8sgen diff app.py -o deploy --env prod"
    parser.add_argument("file", metavar="FILE", help="a DSL file")
    add_format(parser)
    add_output(parser)
    add_target(parser)
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Print a unified diff; exit 1 if there is one. Secret values are never shown."""
    path = existing_file(chosen.file)
    [name] = wanted_formats(chosen)
    folder = folder_for(path, chosen, name)
    evaluation = evaluated(path, chosen, format=name, folder=folder, origins=False)
    report([evaluation], evaluation.findings, quiet=True)
    code = exit_code(evaluation.findings, None)
    if code is not Exit.OK:
        return code
    found = [target for target in targets([evaluation]) if target.files]
    plans = [writing.plan for writing in planned(found, force=True, dry=True)]
    if not chosen.quiet:
        _print(plans)
    return Exit.OK if all(plan.is_empty for plan in plans) else Exit.FINDINGS


def _print(plans: Sequence[Plan]) -> None:
    terminal = Terminal()
    for plan in plans:
        for text in _differences(plan):
            style = _STYLES.get(text[:1])
            terminal.line(terminal.paint(inert(text), style) if style else inert(text))


def _differences(plan: Plan) -> Iterator[str]:
    for change in sorted((*plan.created, *plan.changed, *plan.removed), key=lambda c: c.path):
        name = shown_path(plan.folder / change.path)
        old = "/dev/null" if change.old is None else name
        new = "/dev/null" if change.new is None else name
        if change.private:
            yield from (f"--- {old}", f"+++ {new}", "@@ secret values differ @@")
        else:
            before, after = _lines(change.old), _lines(change.new)
            yield from difflib.unified_diff(before, after, old, new, lineterm="")


def _lines(content: bytes | None) -> list[str]:
    if not content:
        return []
    return content.decode("utf-8", "replace").removesuffix("\n").split("\n")
