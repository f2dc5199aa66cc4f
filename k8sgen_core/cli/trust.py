"""``k8sgen trust``: let the language server run the files of a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.options import add_quiet
from k8sgen_core.cli.terminal import Terminal


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "The language server runs the files of a folder only if you trust it. On the command\n"
        "line, naming a file is consent.\n\n"
        "examples:\n"
        "  k8sgen trust .\n"
        "  k8sgen trust --remove .\n"
        "  k8sgen trust --list"
    )
    parser.add_argument("folder", nargs="?", metavar="DIR", help="the folder")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--remove", action="store_true", help="do not trust it any more")
    action.add_argument("--list", action="store_true", help="show the trusted folders")
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Change or show the store of trusted folders."""
    from k8sgen_core.trust import Trust

    store, terminal = Trust(), Terminal()
    try:
        if chosen.list:
            for folder in store.folders():
                terminal.line(str(folder))
            return Exit.OK
        if chosen.folder is None:
            raise Failure("usage", "name the folder to trust", "k8sgen trust .")
        folder = Path(chosen.folder)
        if chosen.remove:
            store.distrust(folder)
            said = "is not trusted any more"
        else:
            store.trust(folder)
            said = "is trusted: the language server runs its files"
    except (ValueError, OSError) as error:
        raise Failure("trust", str(error)) from None
    if not chosen.quiet:
        terminal.line(f"{folder.resolve()} {said}")
    return Exit.OK
