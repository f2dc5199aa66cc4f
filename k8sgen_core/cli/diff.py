"""``k8sgen diff``: show what generate would change."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Exit, disk_failures
from k8sgen_core.cli.options import FORMATS, add_target, configuration, evaluated, existing_file
from k8sgen_core.cli.report import Report, shown_path
from k8sgen_core.cli.terminal import Terminal

if TYPE_CHECKING:
    from k8sgen_core.disk.tree import Plan


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "examples:\n  k8sgen diff app.py\n  k8sgen diff app.py -o deploy --env prod"
    parser.add_argument("file", metavar="FILE", help="a DSL file")
    parser.add_argument("-f", "--format", choices=FORMATS, default=FORMATS[0], help="the format")
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder (default k8s)")
    add_target(parser)


def run(chosen: argparse.Namespace) -> int:
    """Print a unified diff; exit 1 if there is one. Secret values are never shown."""
    from k8sgen_core.evaluation.result import planned

    path = existing_file(chosen.file)
    evaluation = evaluated(path, chosen)
    Report(Terminal(sys.stderr)).show(evaluation.blocking)
    if evaluation.blocking:
        return Exit.FINDINGS
    root = evaluation.request.root
    folder = Path(chosen.output) if chosen.output else root / configuration(path).output
    with disk_failures():
        plan = planned(evaluation.render(), folder, force=True, dry=True).plan
    terminal = Terminal()
    for text in _differences(plan):
        style = {"+": "created", "-": "removed", "@": "hint"}.get(text[:1])
        terminal.line(terminal.paint(text, style) if style else text)
    return Exit.OK if plan.is_empty else Exit.FINDINGS


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
    return (content or b"").decode("utf-8", "replace").splitlines()
