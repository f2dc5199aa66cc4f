"""``k8sgen secret``: list or rotate generated secrets; values are never shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.cli.failure import Exit, Failure, disk_failures
from k8sgen_core.cli.terminal import Terminal, inert, print_json

if TYPE_CHECKING:
    from k8sgen_core.disk.secret_store import SecretStore, StoredSecret


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
    listing.epilog = (
        "examples:\n"
        "  k8sgen secret list                   names, environments and lengths; never a value\n"
        "  k8sgen secret list --project shop"
    )
    rotate.epilog = (
        "examples:\n"
        "  k8sgen secret rotate shop/database:password\n"
        "  k8sgen secret rotate api:token --env prod    without a namespace, of an environment"
    )
    for each in (listing, rotate):
        each.add_argument("--project", metavar="DIR", default=".", help="a folder of the project")


def run(chosen: argparse.Namespace) -> int:
    """Show or rotate."""
    from k8sgen_core.config import project_root
    from k8sgen_core.disk.secret_store import SecretStore

    project = Path(chosen.project)
    if not project.is_dir():
        raise Failure("unreadable-file", f"there is no folder {project}", "check the path")
    store = SecretStore(project_root(project.resolve() / "app.py"))
    with disk_failures():
        stored = store.list()
    return _rotate(store, stored, chosen) if chosen.action == "rotate" else _list(stored, chosen)


def _list(stored: Sequence[StoredSecret], chosen: argparse.Namespace) -> int:
    if chosen.json:
        print_json([asdict(each) for each in stored])
        return Exit.OK
    rows = [
        (
            _selector(each),
            each.environment,
            f"{each.length} {each.charset}",
            each.created or "rotated: the next generate makes a new value",
        )
        for each in stored
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    terminal = Terminal()
    for row in rows:
        cells = (f"{inert(cell):{width}}" for cell, width in zip(row, widths, strict=True))
        terminal.line("  ".join(cells).rstrip())
    if not rows:
        sys.stderr.write("no secrets are stored\n")
    return Exit.OK


def _rotate(store: SecretStore, stored: Sequence[StoredSecret], chosen: argparse.Namespace) -> int:
    wanted, environment = chosen.selector, chosen.env
    if (wanted, environment) not in {(_selector(each), each.environment) for each in stored}:
        known = ", ".join(f"{_selector(each)} --env {each.environment}" for each in stored)
        raise Failure(
            "unknown-secret",
            f"no secret {wanted!r} is stored for the environment {environment!r}",
            f"stored: {known}" if known else "nothing is stored in this project",
        )
    with disk_failures():
        store.rotate(wanted, environment)
    Terminal().line(f"rotated {wanted} ({environment}): the next generate makes a new value")
    return Exit.OK


def _selector(each: StoredSecret) -> str:
    place = f"{each.namespace}/" if each.namespace else ""
    return f"{place}{each.name}:{each.key}"
