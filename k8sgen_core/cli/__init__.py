"""
The command line. Each command is a module; only the one that is asked for is loaded.

Exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 plugin, template or registry,
4 integrity, 5 internal.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.parsing import Parser
from k8sgen_core.garbage import collect_no_more, collect_rarely

# What shells report for a program that a signal ended: 128 and the number of the signal.
INTERRUPTED = 130
BROKEN_PIPE = 141

COMMANDS = {
    "init": "start a project",
    "generate": "write what DSL files describe",
    "validate": "show what is wrong with DSL files and manifests",
    "preview": "show what a DSL file generates, and which call made each line",
    "diff": "show what generate would change",
    "explain": "describe a finding: why, and what to do",
    "plugins": "list plugins, and start a new one",
    "stubs": "let type checkers and editors know the project's plugins",
    "secret": "list or rotate generated secrets",
    "templates": "list templates, and check them",
    "trust": "let the language server run the files of a folder",
    "doctor": "show what the tool finds: interpreter, project, extras",
    "lsp": "run the language server on standard input and output",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # The server lives too long to keep its garbage.
    is_brief = arguments is None and "lsp" not in given
    if is_brief:
        collect_rarely()
    _speak_utf8()
    try:
        code = _run(given)
        sys.stdout.flush()
        if is_brief:
            collect_no_more()
    except Failure as failure:
        failure.show()
        return failure.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not flush the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - a defect of ours must not look like a user's.
        from k8sgen_core.cli.failure import internal

        internal(error).show()
        return Exit.INTERNAL
    return code


def _run(given: list[str]) -> int:
    parser = _parser()
    named = next((word for word in given if word in COMMANDS), None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    chosen_parser = parser
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
        )
        if name == named:
            chosen_parser = sub
            importlib.import_module(f"k8sgen_core.cli.{name}").configure(sub)
    chosen, unknown = parser.parse_known_args(given)
    if unknown:
        chosen_parser.unknown(unknown)
    if chosen.command is None:
        parser.print_help()
        return Exit.USAGE
    code: int = importlib.import_module(f"k8sgen_core.cli.{chosen.command}").run(chosen)
    return code


def _parser() -> Parser:
    from k8sgen_core import __version__

    parser = Parser(
        prog="k8sgen",
        description="Describe applications in Python, see what deploys them, generate it.",
        epilog=(
            "examples:\n"
            "  k8sgen init shop              start a project in the folder shop\n"
            "  k8sgen preview app.py         show the manifests, with the call behind each line\n"
            "  k8sgen generate app.py        write the manifests into k8s/\n"
            "  k8sgen COMMAND --help         options and examples of one command"
        ),
    )
    parser.add_argument("--version", action="version", version=f"k8sgen {__version__}")
    return parser


def _speak_utf8() -> None:
    """Write the same bytes on every system."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
