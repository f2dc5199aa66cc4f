"""``k8sgen init``: start a project."""

from __future__ import annotations

import argparse
from importlib import resources
from pathlib import Path

from k8sgen_core.cli.failure import Exit, Failure, unwritable
from k8sgen_core.cli.options import add_quiet
from k8sgen_core.cli.report import shown_path
from k8sgen_core.cli.terminal import Terminal

TEMPLATES = ("web", "stateful", "job")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen init shop                   a web application in the folder shop\n"
        "  k8sgen init --template stateful    an application with storage, right here"
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="the folder, and what the application is called"
    )
    parser.add_argument(
        "--template",
        choices=TEMPLATES,
        default=TEMPLATES[0],
        metavar="T",
        help=f"what to start with: {', '.join(TEMPLATES)} (default {TEMPLATES[0]})",
    )
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Write the first files; none that exists is touched."""
    folder = Path(chosen.name or ".")
    name = _name(folder)
    if (folder / "app.py").exists():
        path = shown_path(folder / "app.py")
        raise Failure("foreign-file", f"{path} exists", "choose another folder")
    created: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in _files(folder, chosen.template, name).items():
            target = folder / path
            if not target.exists():
                target.write_text(text, encoding="utf-8", newline="\n")
                created.append(target)
    except OSError as error:
        raise unwritable(error, "choose another folder", Exit.USAGE) from None
    if chosen.quiet:
        return Exit.OK
    terminal = Terminal()
    for target in created:
        terminal.line(f"{terminal.paint('created', 'created')} {shown_path(target)}")
    terminal.line(f"next: k8sgen preview {shown_path(folder / 'app.py')}")
    return Exit.OK


def _files(folder: Path, template: str, name: str) -> dict[str, str]:
    files = {"app.py": _scaffold(f"{template}.py.txt").replace("NAME", name)}
    if not (folder / "pyproject.toml").exists():
        files["k8sgen.toml"] = _scaffold("k8sgen.toml")
    return {**files, ".gitignore": _scaffold("gitignore.txt")}


def _name(folder: Path) -> str:
    """Return the name of the application; a folder that exists is called as it is."""
    from k8sgen_core.builders.naming import nearest_workload_name, short_workload_name
    from k8sgen_core.grammar import ArgumentError

    name = folder.resolve().name
    try:
        return short_workload_name(name, "the name")
    except ArgumentError as error:
        if folder.is_dir():
            return nearest_workload_name(name)
        raise Failure(error.rule, error.message, error.hint) from None


def _scaffold(name: str) -> str:
    folder = resources.files("k8sgen_core") / "cli" / "scaffolds"
    return (folder / name).read_text(encoding="utf-8")
