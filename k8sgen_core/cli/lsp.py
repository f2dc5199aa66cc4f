"""``k8sgen lsp``: run the language server on standard input and output."""

from __future__ import annotations

import argparse
import importlib
import importlib.util

from k8sgen_core.cli.failure import Exit, Failure


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; editors may add ``--stdio``, which is what it does anyway."""
    parser.epilog = "examples:\n  k8sgen lsp        what an editor starts; nothing for a terminal"
    parser.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)


def run(_: argparse.Namespace) -> int:
    """Load the server by name: core does not know it."""
    if importlib.util.find_spec("pygls") is None:
        hint = "pip install 'k8s-gen[lsp]'"
        raise Failure("missing-extra", "the language server is not installed", hint)
    importlib.import_module("k8sgen_lsp.__main__").main()
    return Exit.OK
