"""``k8sgen plugins show``: what a plugin offers, as it comes out when it is loaded."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.terminal import Terminal, print_json

Json: TypeAlias = dict[str, Any]

# Run as a file of the project would be; the worker guards it as it guards any other.
_PROGRAM = "from k8s_gen import PluginManager\n\nPluginManager().load_all()\n"
_FILE = "k8sgen_plugins_show.py"


def show(config: Any, chosen: argparse.Namespace) -> int:
    """Load the plugins of a project, and print what one of them offers."""
    from k8sgen_core.evaluation.process import evaluate_once
    from k8sgen_core.evaluation.request import Limits, Request

    request = Request(
        config.root / _FILE,
        config.root,
        text=_PROGRAM,
        preview=False,
        plugins=True,
        allow=config.allow,
        limits=Limits(config.timeout, config.memory, objects=config.objects),
    )
    outcome = evaluate_once(request)
    known: list[Json] = outcome.get("plugins", [])
    found = [each for each in known if _is_named(each, chosen.name)]
    if not found:
        raise _unknown(chosen.name, known, outcome["findings"])
    if chosen.json:
        print_json(found)
    else:
        for each in found:
            _print(each)
    return Exit.OK


def _is_named(plugin: Json, name: str) -> bool:
    wanted = re.sub(r"[^a-z0-9]+", "_", name.lower())
    return name == plugin["class"] or wanted in plugin["names"]


def _unknown(name: str, known: list[Json], findings: list[Json]) -> Failure:
    failed = [each for each in findings if each["severity"] == "error"]
    if failed and not known:
        first = failed[0]
        return Failure(first["rule"], first["message"], first["hint"], Exit.EXTENSION)
    names = ", ".join(sorted({each["names"][0] for each in known}))
    hint = f"there are {names}" if names else "create one with: k8sgen plugins new NAME"
    return Failure("plugin-not-found", f"there is no plugin {name!r}", hint, Exit.EXTENSION)


def _print(plugin: Json) -> None:
    terminal = Terminal()
    terminal.line(f"{plugin['class']}({_written(plugin['parameters'] or [])})")
    for line in plugin["documentation"].splitlines():
        terminal.line(f"  {line}".rstrip())
    terminal.line(f"  {', '.join(f'add_{name}' for name in plugin['names'])}")
    for method in plugin["methods"]:
        if method["kind"] != "generator":
            terminal.line(f"  .{_signature(method)}")
            summary = method["documentation"].partition("\n")[0]
            if summary:
                terminal.line(f"      {summary}")


def _signature(method: Json) -> str:
    if method["kind"] == "property":
        return str(method["name"])
    return f"{method['name']}({_written(method['parameters'])})"


def _written(parameters: list[Json]) -> str:
    return ", ".join(_parts(parameters))


def _parts(parameters: list[Json]) -> Iterator[str]:
    is_marked = any(each["kind"] == "*" for each in parameters)
    for each in parameters:
        if each["only"] == "name" and not is_marked:
            is_marked = True
            yield "*"
        note = f": {each['annotation']}" if each["annotation"] else ""
        default = f" = {each['default']}" if each["default"] is not None else ""
        yield f"{each['kind']}{each['name']}{note}{default}"
