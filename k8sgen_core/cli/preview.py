"""``k8sgen preview``: show what a DSL file generates, and which call made each line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8sgen_core.cli.failure import Exit
from k8sgen_core.cli.judging import evaluated
from k8sgen_core.cli.options import (
    add_format,
    add_quiet,
    add_target,
    configuration,
    existing_file,
    exit_code,
)
from k8sgen_core.cli.report import report
from k8sgen_core.cli.terminal import Terminal, inert, print_json

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

_COLUMN = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen preview app.py                 every line with the call that made it\n"
        "  k8sgen preview app.py --env prod --json"
    )
    parser.add_argument("file", metavar="FILE", help="a DSL file")
    add_format(parser)
    add_target(parser)
    parser.add_argument("--json", action="store_true", help="print it as data")
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Print the preview; secret values are masked."""
    # The contract counts columns in UTF-16 units; an excerpt in code points.
    unit = "utf-16" if chosen.json else "utf-32"
    path = existing_file(chosen.file)
    folder = configuration(path).output
    settings = {"unit": unit, "drafts": False, "format": chosen.format, "folder": folder}
    evaluation = evaluated(path, chosen, **settings)
    code = exit_code(evaluation.findings, None)
    if chosen.json:
        print_json(evaluation.preview)
    else:
        report([evaluation], evaluation.findings, quiet=chosen.quiet)
        if code is not Exit.USAGE:
            _show(evaluation, Terminal())
    return code


def _show(evaluation: Evaluation, terminal: Terminal) -> None:
    own = evaluation.name
    for number, file in enumerate(evaluation.preview["files"]):
        if number:
            terminal.line()
        _show_file(terminal, file, own)


def _show_file(terminal: Terminal, file: Mapping[str, Any], own: str) -> None:
    calls: dict[int, dict[str, None]] = {}
    for line, index in file["lines"]:
        calls.setdefault(line, {})[_call(file["origins"][index], own)] = None
    terminal.line(terminal.paint(f"# {file['path']}", "bold"))
    texts = [inert(text) for text in file["text"].splitlines()]
    width = min(_COLUMN, max(map(len, texts), default=0))
    for number, text in enumerate(texts):
        made = ", ".join(calls.get(number, ()))
        noted = f"{text:{width}}  {terminal.paint(f'# {inert(made)}', 'dim')}" if made else text
        terminal.line(noted.rstrip())


def _call(origin: Mapping[str, Any], own: str) -> str:
    """Return the call and its line, with the file unless it is the one that was named."""
    line = origin["range"]["start"]["line"] + 1
    where = "" if origin["path"] == own else f" {origin['path']}"
    return f"{origin['call']}{where}:{line}"
