"""``k8sgen explain``: describe a finding: why, and what to do."""

from __future__ import annotations

import argparse
import difflib

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.terminal import Terminal
from k8sgen_core.ids import registry


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "examples:\n  k8sgen explain invalid-quantity\n  k8sgen explain      (all ids)"
    parser.add_argument("id", nargs="?", metavar="ID", help="the id of a finding")


def run(chosen: argparse.Namespace) -> int:
    """Print what an id means."""
    terminal, rules = Terminal(), registry()
    if chosen.id is None:
        width = max(map(len, rules))
        for rule in rules.values():
            terminal.line(f"{rule.id:{width}}  {rule.severity:7}  {rule.summary}")
        return Exit.OK
    if chosen.id not in rules:
        near = difflib.get_close_matches(chosen.id, rules, 1)
        hint = f"did you mean {near[0]!r}?" if near else "k8sgen explain lists all ids"
        raise Failure("unknown-id", f"there is no finding {chosen.id!r}", hint)
    rule = rules[chosen.id]
    terminal.line(f"{terminal.paint(rule.id, 'bold')} ({rule.severity})")
    terminal.line(rule.summary)
    terminal.line()
    terminal.line(f"Why:     {rule.why}")
    terminal.line(f"Remedy:  {rule.remedy}")
    if rule.example:
        terminal.line(f"Example: {rule.example}")
    return Exit.OK
