"""``k8sgen stubs``: let type checkers and editors know a project's plugins."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from k8sgen_core.cli.failure import Exit, Failure
from k8sgen_core.cli.options import add_quiet, configuration
from k8sgen_core.cli.report import shown_path
from k8sgen_core.cli.terminal import Terminal, inert

FOLDER = "typings"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "Beside each plugin it writes a stub, NAME.pyi, and into typings/ one of k8s_gen in\n"
        "which builders have the methods add_<plugin>. pyright finds them by itself; mypy\n"
        "needs mypy_path = typings, jedi typings as an extra path. Nothing is run.\n\n"
        "examples:\n"
        "  k8sgen stubs\n"
        "  k8sgen stubs shop        the project in the folder shop"
    )
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="the project")
    add_quiet(parser)


def run(chosen: argparse.Namespace) -> int:
    """Write the stubs; those that somebody else wrote are left alone."""
    folder = Path(chosen.folder)
    if not folder.is_dir():
        raise Failure("unreadable-file", f"there is no folder {chosen.folder}", "check the path")
    terminal = Terminal()
    for path, text in _stubs(folder.resolve()):
        said = _write(path, text)
        if said != "unchanged" and not chosen.quiet:
            terminal.line(f"{terminal.paint(said, 'created')} {inert(shown_path(path))}")
    return Exit.OK


def _stubs(folder: Path) -> Iterator[tuple[Path, str]]:
    from k8sgen_core.plugins.classes import parsed
    from k8sgen_core.plugins.derived import known_in, modules_of, stub_of_package
    from k8sgen_core.plugins.discovery import listed

    config = configuration(folder)
    sources = list(listed(config.root).values())
    texts = {source: _text(source.file) for source in sources}
    trees = {source: parsed(text) for source, text in texts.items()}
    known = []
    names: list[str] = []
    for source, text in texts.items():
        others = [tree for other, tree in trees.items() if other is not source]
        if source.module is None:
            yield source.file.with_suffix(".pyi"), _stub(source.file, text, others)
        module = source.module or _module(source.file, config.root)
        known += known_in(trees[source], others, module, source.name)
        if module.startswith("plugins."):
            names.append(source.name)
    package = stub_of_package(known)
    for top in ("k8s_gen", "k8s_gen-stubs"):
        yield config.root / FOLDER / top / "__init__.pyi", package
    for name, text in modules_of(names).items():
        yield config.root / FOLDER / "k8s_gen" / "plugins" / name, text


def _stub(file: Path, text: str, others: Sequence[ast.Module]) -> str:
    from k8sgen_core.plugins.stubs import stub_of

    try:
        return stub_of(text, others)
    except SyntaxError as error:
        message = f"{shown_path(file)}:{error.lineno} {error.msg}"
        raise Failure("syntax-error", message, "correct it first", Exit.EXTENSION) from None


def _module(file: Path, root: Path) -> str:
    place = file.parent if file.stem == "__init__" else file.with_suffix("")
    return ".".join(place.relative_to(root.resolve()).parts)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure("unreadable-file", f"{shown_path(path)}: {error}", "check the file") from None


def _write(path: Path, text: str) -> str:
    from k8sgen_core.plugins.stubs import HEADER

    before = path.read_text(encoding="utf-8") if path.is_file() else None
    if before is not None and not before.startswith(HEADER):
        return "kept"
    if before == text:
        return "unchanged"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return "created" if before is None else "updated"
