"""``k8sgen templates``: list the templates of a project, and check them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.options import configuration
from k8sgen_core.cli.report import Report, counted, shown_path, summary
from k8sgen_core.cli.terminal import Terminal, inert, print_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen templates list                  built-in templates, and those in templates/\n"
        "  k8sgen templates check templates/*.j2\n"
        "  k8sgen templates check web.yaml.j2 --value team --value tier"
    )
    parser.add_argument(
        "action", choices=("list", "check"), metavar="list|check", help="list, or check FILE..."
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="the templates to check")
    parser.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that use_template gives a value; once for each",
    )
    parser.add_argument("--json", action="store_true", help="print data for programs")


def run(chosen: argparse.Namespace) -> int:
    """List or check templates."""
    return _list(chosen) if chosen.action == "list" else _check(chosen)


def _list(chosen: argparse.Namespace) -> int:
    from k8sgen_core.templates.registry import builtin
    from k8sgen_core.templates.sample import kind_of, values_of

    def described(name: str, path: Path, origin: str) -> dict[str, Any]:
        made = {"name": name, "from": origin, "makes": kind_of(path, root)}
        return {**made, "values": values_of(path, root)}

    root = configuration(Path.cwd() / "app.py").root
    found = [(name, path, "built-in") for name, path in builtin().items()]
    found += [
        (path.name, path, shown_path(path)) for path in sorted((root / "templates").rglob("*.j2"))
    ]
    rows = [described(*each) for each in found]
    if chosen.json:
        print_json({"version": 1, "templates": rows})
        return Exit.OK
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        takes = f"  takes {', '.join(row['values'])}" if row["values"] else ""
        told = f"{row['name']:<{width}}  {row['makes']:<12} {row['from']}{takes}"
        sys.stdout.write(f"{inert(told)}\n")
    return Exit.OK


def _check(chosen: argparse.Namespace) -> int:
    from k8sgen_core.locating import Locator
    from k8sgen_core.shown import Shown
    from k8sgen_core.templates.sample import findings_of

    if not chosen.files:
        raise Failure("usage", "no template is named", "k8sgen templates check FILE...")
    findings = []
    for name in chosen.files:
        path = Path(name)
        if not path.is_file():
            raise Failure("unreadable-file", f"there is no file {name}", "check the path")
        root = configuration(path.resolve()).root
        findings += findings_of(path.resolve(), root, chosen.value)
    if chosen.json:
        shown = Shown(Locator(root))
        report = {"version": 1, "findings": [shown.finding(each) for each in findings]}
        print_json(report)
    else:
        Report(Terminal()).show(findings)
        sys.stdout.write(f"{counted(len(chosen.files), 'template')}: {summary(findings)}\n")
    return Exit.EXTENSION if findings else Exit.OK
