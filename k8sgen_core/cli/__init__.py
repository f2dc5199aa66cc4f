"""
The command line. Each command is a module; only the one that is asked for is loaded.

Exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 plugin, template or registry,
4 integrity, 5 internal.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from k8sgen_core.cli.failure import Failure

COMMANDS = {
    "init": "start a project",
    "generate": "write what DSL files describe",
    "validate": "show what is wrong with DSL files and manifests",
    "preview": "show what a DSL file generates, and which call made each line",
    "diff": "show what generate would change",
    "explain": "describe a finding: why, and what to do",
    "secret": "list or rotate generated secrets",
    "trust": "let the language server run the files of a folder",
    "doctor": "show what the tool finds: interpreter, project, extras",
    "lsp": "run the language server on standard input and output",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    try:
        return _run(given)
    except Failure as failure:
        failure.show()
        return failure.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        return 0


def _run(given: list[str]) -> int:
    parser = _parser()
    named = next((word for word in given if word in COMMANDS), None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == named:
            module = importlib.import_module(f"k8sgen_core.cli.{name}")
            module.configure(sub)
    chosen = parser.parse_args(given)
    if chosen.command is None:
        parser.print_help()
        return 2
    code: int = importlib.import_module(f"k8sgen_core.cli.{chosen.command}").run(chosen)
    return code


def _parser() -> argparse.ArgumentParser:
    from k8sgen_core import __version__

    parser = argparse.ArgumentParser(
        prog="k8sgen",
        description="Describe applications in Python, see what deploys them, generate it.",
        epilog=(
            "examples:\n"
            "  k8sgen init shop              start a project in the folder shop\n"
            "  k8sgen preview app.py         show the manifests, with the call behind each line\n"
            "  k8sgen generate app.py        write the manifests into k8s/\n"
            "  k8sgen COMMAND --help         options and examples of one command"
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"k8sgen {__version__}")
    return parser


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
