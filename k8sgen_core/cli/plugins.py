"""``k8sgen plugins``: list a project's plugins, start a new one, show what one offers."""

from __future__ import annotations

import argparse
import ast
import importlib
import keyword
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.options import add_quiet, configuration
from k8sgen_core.cli.report import shown_path
from k8sgen_core.cli.terminal import Terminal, inert, print_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "examples:\n"
        "  k8sgen plugins new redis-cache     write plugins/redis_cache.py, and its tests\n"
        "  k8sgen plugins list                show the plugins of the project\n"
        "  k8sgen plugins show redis-cache    load a plugin, and show what it offers"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    new = actions.add_parser("new", help="start a plugin, with tests that pass")
    new.add_argument("name", metavar="NAME", help="its name, such as redis-cache")
    add_quiet(new)
    listing = actions.add_parser("list", help="show the plugins that the configuration lists")
    listing.add_argument("--json", action="store_true", help="print it as data")
    new.epilog = (
        "examples:\n"
        "  k8sgen plugins new redis-cache             write plugins/redis_cache.py, and its tests\n"
        "  k8sgen plugins new cache --project shop    in another project"
    )
    listing.epilog = (
        "examples:\n  k8sgen plugins list\n  k8sgen plugins list --json    as data for programs"
    )
    show = actions.add_parser("show", help="load a plugin, and show what it offers")
    show.add_argument("name", metavar="NAME", help="its name, or that of its class")
    show.add_argument("--json", action="store_true", help="print it as data")
    show.epilog = (
        "examples:\n"
        "  k8sgen plugins show redis-cache           methods, arguments, allowed values\n"
        "  k8sgen plugins show RedisCache --json     as data for programs"
    )
    for each in (new, listing, show):
        each.add_argument("--project", metavar="DIR", default=".", help="a folder of the project")


def run(chosen: argparse.Namespace) -> int:
    """Start a plugin, list them, or show one."""
    project = Path(chosen.project)
    if not project.is_dir():
        raise Failure("unreadable-file", f"there is no folder {project}", "check the path")
    config = configuration(project.resolve())
    if chosen.action == "show":
        from k8sgen_core.cli.showing import show

        return show(config, chosen)
    return _new(config.root, chosen) if chosen.action == "new" else _list(config, chosen)


def _new(root: Path, chosen: argparse.Namespace) -> int:
    kind, module = _names(chosen.name)
    files = {
        root / "plugins" / f"{module}.py": "plugin.py.txt",
        root / "tests" / f"test_{module}.py": "test_plugin.py.txt",
    }
    for path in files:
        if path.exists():
            raise Failure("foreign-file", f"{shown_path(path)} exists", "choose another name")
    terminal = Terminal()
    for path, scaffold in files.items():
        text = _scaffold(scaffold)
        for word, new in (("CLASS", kind), ("MODULE", module), ("METHOD", module)):
            text = text.replace(word, new)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        if not chosen.quiet:
            terminal.line(f"{terminal.paint('created', 'created')} {inert(shown_path(path))}")
    if not chosen.quiet:
        terminal.line(f"next: from plugins.{module} import {kind}")
    return Exit.OK


def _names(given: str) -> tuple[str, str]:
    """Return the class and the module that a new plugin gets."""
    from k8sgen_core.builders.app import StatefulApp
    from k8sgen_core.plugins.naming import names_of

    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", given))
    kind = "".join(word[:1].upper() + word[1:] for word in words)
    module = next(iter(names_of(kind)), "")
    is_readable = re.fullmatch(r"[A-Za-z0-9 _-]+", given) and kind.isidentifier()
    if not is_readable or keyword.iskeyword(module):
        message = f"{given!r} cannot be the name of a plugin"
        raise Failure("usage", message, "use words of letters and digits, such as redis-cache")
    public = importlib.import_module("k8s_gen").__all__
    if kind in public or hasattr(StatefulApp, f"add_{module}"):
        message = f"{given!r} cannot be the name of a plugin: K8s-Gen has one of its own"
        raise Failure("usage", message, "say more of what it is, such as redis-cache")
    return kind, module


def _scaffold(name: str) -> str:
    folder = resources.files("k8sgen_core") / "cli" / "scaffolds"
    return (folder / name).read_text(encoding="utf-8")


def _list(config: Any, chosen: argparse.Namespace) -> int:
    from k8sgen_core.plugins.classes import parsed
    from k8sgen_core.plugins.discovery import listed

    files = [source.file for source in listed(config.root).values()]
    trees = {file: parsed(file.read_text(encoding="utf-8", errors="replace")) for file in files}
    found = [row for file in files for row in _rows(file, trees, config.root)]
    if chosen.json:
        print_json(found)
        return Exit.OK
    terminal = Terminal()
    width = max((len(row["class"]) for row in found), default=0)
    for row in found:
        adds = ", ".join(row["methods"])
        told = f"{row['class']:{width}}  {row['path']}  {row['summary']}"
        terminal.line(inert(told).rstrip())
        terminal.line(f"{'':{width}}  {adds}")
    return Exit.OK


def _rows(path: Path, trees: Mapping[Path, ast.Module], root: Path) -> list[dict[str, Any]]:
    from k8sgen_core.plugins.classes import aliases_of, plugins_in
    from k8sgen_core.plugins.naming import names_of

    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return [
        {
            "class": node.name,
            "path": shown.as_posix(),
            "summary": (ast.get_docstring(node) or "").partition("\n")[0],
            "methods": [f"add_{name}" for name in names_of(node.name, aliases_of(node))],
        }
        for node in plugins_in(trees[path], trees.values())
    ]
