"""``k8sgen preview``: show what a DSL file generates, and which call made each line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from k8sgen_core.cli.failure import Exit
from k8sgen_core.cli.options import FORMATS, add_quiet, add_target, evaluated, existing_file
from k8sgen_core.cli.report import Report
from k8sgen_core.cli.terminal import Terminal, inert


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen preview app.py                 every line with the call that made it\n"
        "  k8sgen preview app.py --env prod --json"
    )
    parser.add_argument("file", metavar="FILE", help="a DSL file")
    parser.add_argument("-f", "--format", choices=FORMATS, default=FORMATS[0], help="the format")
    add_target(parser)
    parser.add_argument("--json", action="store_true", help="print it as data")
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Print the preview; secret values are masked."""
    unit = "utf-16" if chosen.json else "utf-32"
    evaluation = evaluated(existing_file(chosen.file), chosen, unit=unit, drafts=False)
    if chosen.json:
        import json

        shown = evaluation.preview or {"findings": evaluation.result["findings"]}
        json.dump(shown, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        findings = [f for f in evaluation.findings if not chosen.quiet or f.severity == "error"]
        Report(Terminal(sys.stderr)).show(findings)
        terminal = Terminal()
        for file in (evaluation.preview or {}).get("files", ()):
            _show(terminal, file)
    return Exit.FINDINGS if evaluation.blocking else Exit.OK


def _show(terminal: Terminal, file: dict[str, Any]) -> None:
    calls: dict[int, list[str]] = {}
    for line, index in file["lines"]:
        origin = file["origins"][index]
        start = origin["range"]["start"]
        calls.setdefault(line, []).append(f"{origin['call']}:{start['line'] + 1}")
    terminal.line(terminal.paint(f"# {file['path']}", "bold"))
    texts = file["text"].splitlines()
    width = min(60, max(map(len, texts), default=0))
    for number, text in enumerate(texts):
        made = ", ".join(dict.fromkeys(calls.get(number, ())))
        noted = f"{inert(text):{width}}  {terminal.paint(f'# {made}', 'dim')}" if made else text
        terminal.line(noted.rstrip())
    terminal.line()
