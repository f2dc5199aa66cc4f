"""``k8sgen doctor``: show what the tool finds: interpreter, project, extras."""

from __future__ import annotations

import argparse
import importlib.util
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.options import add_quiet
from k8sgen_core.cli.report import shown_path
from k8sgen_core.cli.terminal import Terminal, inert, print_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "examples:\n  k8sgen doctor\n  k8sgen doctor path/to/project"
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="a project folder")
    parser.add_argument("--json", action="store_true", help="print it as data")
    add_quiet(parser, "problems")


def run(chosen: argparse.Namespace) -> int:
    """Print what was found; exit 2 if something is wrong."""
    folder = Path(chosen.folder)
    if not folder.is_dir():
        raise Failure("unreadable-file", f"there is no folder {folder}", "check the path")
    facts = list(_facts(folder.resolve()))
    if chosen.json:
        shown = [{"name": n, "value": v, "problem": p} for n, v, p in facts]
        print_json(shown)
    else:
        terminal = Terminal()
        for name, value, problem in facts:
            if chosen.quiet and not problem:
                continue
            terminal.line(f"{name:16} {inert(value)}")
            if problem:
                terminal.line(f"{'':16} {terminal.paint('problem:', 'error')} {inert(problem)}")
    return Exit.USAGE if any(problem for _, _, problem in facts) else Exit.OK


def _facts(folder: Path) -> Iterator[tuple[str, str, str | None]]:
    from k8sgen_core import __version__
    from k8sgen_core.config import ConfigurationError, load, project_root
    from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION, VERSIONS
    from k8sgen_core.trust import Trust

    yield "k8s-gen", __version__, None
    yield "python", f"{platform.python_version()} ({sys.executable})", None
    yield "system", f"{platform.system()} {platform.machine()}", None
    yield "schemas", f"{VERSIONS[0]} to {VERSIONS[-1]}, default {DEFAULT_VERSION}", _schemas()
    found = importlib.util.find_spec("pygls") is not None
    yield (
        "language server",
        "installed" if found else "not installed: pip install 'k8s-gen[lsp]'",
        None,
    )
    root = project_root(folder / "app.py")
    yield "project root", str(root), None
    try:
        config = load(root)
    except ConfigurationError as error:
        yield "configuration", "not valid", error.finding.message
    else:
        files = config.dsl_files(root)
        yield "DSL files", ", ".join(f.relative_to(root).as_posix() for f in files) or "none", None
    try:
        trusted = Trust().is_trusted(root)
        yield "trusted", "yes" if trusted else f"no: k8sgen trust {shown_path(root)}", None
    except ValueError as error:
        yield "trusted", "no", str(error)
    isolation = "limits, process group" + (", subreaper" if sys.platform == "linux" else "")
    yield "evaluation", isolation if sys.platform != "win32" else "process limits only", None


def _schemas() -> str | None:
    from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION, has_schema

    try:
        has_schema("apps/v1", "Deployment", DEFAULT_VERSION)
    except OSError as error:
        return f"{error}; reinstall k8s-gen"
    return None
