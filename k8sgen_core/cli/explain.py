"""``k8sgen explain``: describe a finding: why, and what to do."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.terminal import Terminal, print_json
from k8sgen_core.ids import Rule, registry

_FIXES = {"safe": "k8sgen validate --fix", "unsafe": "k8sgen validate --fix, if asked to"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "examples:\n  k8sgen explain invalid-quantity\n  k8sgen explain      (all ids)"
    parser.add_argument("id", nargs="?", metavar="ID", help="the id of a finding")
    parser.add_argument("--json", action="store_true", help="print it as data")


def run(chosen: argparse.Namespace) -> int:
    """Print what an id means."""
    rules = registry()
    if chosen.id is not None and chosen.id not in rules:
        near = difflib.get_close_matches(chosen.id, rules, 1)
        hint = f"did you mean {near[0]!r}?" if near else "k8sgen explain lists all ids"
        raise Failure("unknown-id", f"there is no finding {chosen.id!r}", hint)
    wanted = list(rules.values()) if chosen.id is None else [rules[chosen.id]]
    if chosen.json:
        print_json([_as_json(rule) for rule in wanted])
    elif chosen.id is None:
        _list(wanted)
    else:
        _explain(rules[chosen.id])
    return Exit.OK


def _as_json(rule: Rule) -> dict[str, Any]:
    options = {name: option._asdict() for name, option in rule.options.items()}
    return {**rule._asdict(), "options": options}


def _list(rules: Sequence[Rule]) -> None:
    terminal = Terminal()
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        severity = terminal.paint(f"{rule.severity:7}", rule.severity)
        terminal.line(f"{rule.id:{width}}  {severity}  {rule.summary}")


def _explain(rule: Rule) -> None:
    terminal = Terminal()
    default = "" if rule.default else ", not by default"
    terminal.line(f"{terminal.paint(rule.id, 'bold')} ({rule.severity}{default})")
    terminal.line(rule.summary)
    terminal.line()
    for label, text in _told(rule):
        first, *others = text.strip().splitlines()
        terminal.line(f"{label + ':':9}{first}")
        for line in others:
            terminal.line(f"{'':9}{line}")


def _told(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "Why", rule.why
    yield "Remedy", rule.remedy
    told = (("Example", rule.example), ("Fixed", rule.fixed), ("Versions", rule.versions))
    yield from ((label, text) for label, text in told if text)
    if rule.fix:
        yield "Fix", _FIXES[rule.fix]
    for name, option in rule.options.items():
        yield "Option", f"{name} = {json.dumps(option.default)}  {option.description}"
    if rule.sources:
        yield "Sources", ", ".join(rule.sources)
