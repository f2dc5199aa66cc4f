"""``k8sgen secret``: list or rotate generated secrets; values are never shown."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from k8sgen_core.cli.failure import Exit, Failure, disk_failures
from k8sgen_core.cli.terminal import Terminal


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen secret list\n"
        "  k8sgen secret rotate shop/database:password      the next generate makes a new value"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="show which secrets are stored")
    listing.add_argument("--json", action="store_true", help="print it as data")
    rotate = actions.add_parser("rotate", help="forget a value, so that a new one is made")
    rotate.add_argument("selector", metavar="[NAMESPACE/]NAME:KEY", help="which secret")
    rotate.add_argument("--env", metavar="NAME", default="default", help="the environment")
    for each in (listing, rotate):
        each.add_argument("--project", metavar="DIR", default=".", help="a folder of the project")


def run(chosen: argparse.Namespace) -> int:
    """Show or rotate."""
    from k8sgen_core.config import project_root
    from k8sgen_core.disk.secret_store import SecretStore

    store = SecretStore(project_root(Path(chosen.project).resolve()))
    terminal = Terminal()
    with disk_failures():
        if chosen.action == "rotate":
            changed = store.rotate(chosen.selector, chosen.env)
        else:
            changed = tuple(store.list())
    if chosen.action == "rotate" and not changed:
        raise Failure(
            "secret-store", f"no secret {chosen.selector} is stored", "k8sgen secret list"
        )
    if chosen.action == "list" and chosen.json:
        import json

        json.dump([asdict(each) for each in changed], sys.stdout, indent=2)
        sys.stdout.write("\n")
        return Exit.OK
    verb = "rotated, the next generate makes a new value" if chosen.action == "rotate" else ""
    for each in changed:
        place = f"{each.namespace}/" if each.namespace else ""
        size = f"{each.length} {each.charset}"
        line = f"{place}{each.name}:{each.key}  {each.environment}  {size}  {verb}"
        terminal.line(line.rstrip())
    return Exit.OK
