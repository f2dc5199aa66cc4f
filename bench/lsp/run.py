"""
Race the language server against others, on files of 200 and of 2,000 lines.

``python bench/lsp/run.py [--rounds N] [--corpus NAME]... [--server NAME]...``

The peers are installed into ``build/lsp/venv``, with the libraries of the corpora. Every
server has the same files and the same places in them; each is measured by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from corpus import SIZES, Corpus, corpora  # noqa: E402
from measuring import Environment, Row, Server, measured  # noqa: E402

ROOT = HERE.parents[1]
FOLDER = ROOT / "build" / "lsp"
BIN = FOLDER / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
PACKAGES = (
    "ty", "zuban", "pyrefly", "basedpyright", "jedi-language-server", "python-lsp-server",
    "celestra", "psutil",
)  # fmt: skip
OURS = "k8sgen"
SERVERS = (
    Server(OURS, (BIN / "python", "-P", "-m", "k8sgen_lsp")),
    Server("ty", (BIN / "ty", "server")),
    Server("zuban", (BIN / "zuban", "server")),
    Server("pyrefly", (BIN / "pyrefly", "lsp")),
    Server("basedpyright", (BIN / "basedpyright-langserver", "--stdio")),
    Server("jedi-ls", (BIN / "jedi-language-server",)),
    Server("pylsp", (BIN / "pylsp",)),
)


def main(arguments: Sequence[str]) -> None:
    """Install what is missing, run every server on every file, and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--corpus", action="append", choices=("synth", "celestra", "ours"))
    parser.add_argument("--server", action="append", choices=[each.name for each in SERVERS])
    parser.add_argument("--size", type=int, action="append", choices=SIZES)
    asked = parser.parse_args(arguments)
    install()
    if Path(sys.prefix).resolve() != (FOLDER / "venv").resolve():
        # What counts the memory is installed there too.
        command = [BIN / "python", HERE / "run.py", *arguments]
        sys.exit(subprocess.run(command, check=False).returncode)
    place = Environment(BIN / "python")
    for corpus in corpora(FOLDER / "corpora", place.python):
        if asked.corpus and corpus.name not in asked.corpus:
            continue
        for size in asked.size or SIZES:
            chosen = [each for each in SERVERS if not asked.server or each.name in asked.server]
            table(corpus, size, [run(each, corpus, size, place, asked.rounds) for each in chosen])


def install() -> None:
    """Make the environment of the peers, once."""
    done = FOLDER / "installed"
    if done.is_file() and done.read_text("utf-8") == " ".join(PACKAGES):
        return
    venv.create(FOLDER / "venv", with_pip=True)
    command = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *PACKAGES, "--editable", f"{ROOT}[lsp]"], check=True)
    done.write_text(" ".join(PACKAGES), encoding="utf-8")


def run(server: Server, corpus: Corpus, size: int, place: Environment, rounds: int) -> Row:
    """Return what a server did; one that fails has an empty row."""
    try:
        return asyncio.run(measured(server, corpus, size, place, rounds))
    except (TimeoutError, RuntimeError, OSError) as error:
        print(f"{server.name} on {corpus.name}: {error}", file=sys.stderr)
        return Row(server.name)


COLUMNS: Sequence[tuple[str, Callable[[Row], float | None]]] = (
    ("init", lambda row: row.initialized or None),
    ("first", lambda row: row.first),
    ("compl50", lambda row: row.completion.quantile(0.5)),
    ("compl95", lambda row: row.completion.quantile(0.95)),
    ("right %", lambda row: row.completion.share),
    ("burst50", lambda row: row.burst.quantile(0.5)),
    ("burst95", lambda row: row.burst.quantile(0.95)),
    ("hover50", lambda row: row.hover.quantile(0.5)),
    ("hover95", lambda row: row.hover.quantile(0.95)),
    ("right %", lambda row: row.hover.share),
    ("diag50", lambda row: row.diagnostics.quantile(0.5)),
    ("diag95", lambda row: row.diagnostics.quantile(0.95)),
    ("chain10", lambda row: row.chains.get(10)),
    ("chain80", lambda row: row.chains.get(80)),
    ("chain300", lambda row: row.chains.get(300)),
    ("MB", lambda row: row.megabytes or None),
)


def table(corpus: Corpus, size: int, rows: Sequence[Row]) -> None:
    """Print what was measured, in milliseconds, and the ratio to the best peer in each column."""
    print(f"\n{corpus.name}, {size} lines: ms; right and chains in %; then ours : each")
    print(f"{'':14}" + "".join(f"{name:>9}" for name, _ in COLUMNS))
    ours = next((each for each in rows if each.server == OURS), None)
    for row in rows:
        values = [read(row) for _, read in COLUMNS]
        print(f"{row.server:14}" + "".join(map(_shown, values)))
    for row in rows:
        if ours is not None and row is not ours:
            ratios = [_ratio(read(ours), read(row)) for _, read in COLUMNS]
            print(f"{'ours : ' + row.server:14}" + "".join(map(_shown, ratios)))
    sys.stdout.flush()


def _shown(value: float | None) -> str:
    if value is None:
        return f"{'-':>9}"
    return f"{value:9.0f}" if value >= 100 else f"{value:9.2f}"


def _ratio(ours: float | None, theirs: float | None) -> float | None:
    return ours / theirs if ours is not None and theirs else None


if __name__ == "__main__":
    main(sys.argv[1:])
