"""
Race the validation of 6,000 good documents against kubeconform and kube-linter.

``python bench/validate/run.py [ROUNDS]``; the peers are looked for in ``build/bin`` and on the
path, and what is not there is left out:

    GOBIN=$PWD/build/bin go install github.com/yannh/kubeconform/cmd/kubeconform@latest
    GOBIN=$PWD/build/bin go install golang.stackrox.io/kube-linter/cmd/kube-linter@latest
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import corpus  # noqa: E402
import schemas  # noqa: E402
from processes import ROOT, Command, Run, in_turns, ratio, run, table  # noqa: E402

VERSION = "1.34"
CONFORM = "kubeconform, its default"
LINTER = "kube-linter"
SCHEMAS_ONLY = "k8s-gen, schemas only"
CONFORM_ALL = "kubeconform, 9,000"
ALL_RULES = "k8s-gen, all rules, 9,000"


def main(rounds: int) -> None:
    """Check that both find the objects good, then run all in turns and print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        six, guarded = corpus.write(folder / "manifests")
        location = schemas.write(folder / "schemas", VERSION)
        commands = {**peers(six, guarded, location), **ours(six, guarded)}
        for name, command in commands.items():
            print(f"{name}: {run_quietly(command)}")
        # On one core a program in Go does without its parallel collector, which is no default.
        runs = in_turns(commands, rounds, pinned=False)
    print(f"{rounds} rounds, Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    table(runs, CONFORM if CONFORM in runs else next(iter(runs)))
    told(runs)


def ours(six: Path, guarded: Path) -> dict[str, Command]:
    """Return our own commands."""
    command = [sys.executable, "-m", "k8sgen_core", "validate", "--kubernetes-version", VERSION]
    # One rule that has nothing to say stands for none at all.
    nothing = ["--select", "naming-convention"]
    return {
        SCHEMAS_ONLY: [*command, *nothing, six],
        ALL_RULES: [*command, guarded],
    }


def peers(six: Path, guarded: Path, location: str) -> dict[str, Command]:
    """Return the commands of the peers that are there."""
    found: dict[str, Command] = {}
    conform, linter = program("kubeconform"), program("kube-linter")
    if conform:
        strict = [conform, "-strict", "-kubernetes-version", f"{VERSION}.0", "-schema-location"]
        found[CONFORM] = [*strict, location, six]
        found[CONFORM_ALL] = [*strict, location, guarded]
    if linter:
        # Its findings are no failure of the race.
        found[LINTER] = ["/bin/sh", "-c", f'"{linter}" lint "{guarded}" >/dev/null 2>&1 || true']
    return found


def program(name: str) -> str | None:
    """Return where a program is."""
    own = ROOT / "build/bin" / name
    return str(own) if own.is_file() else shutil.which(name)


def run_quietly(command: Command) -> str:
    """Run once, and return the last line that was printed."""
    lines = run(command).output.strip().splitlines()
    return lines[-1] if lines else "nothing to say"


def told(runs: dict[str, list[Run]]) -> None:
    """Print the goals beside what was measured."""
    if CONFORM in runs:
        goals = ((SCHEMAS_ONLY, CONFORM, 0.5), (ALL_RULES, CONFORM_ALL, 1.0))
        for name, peer, goal in goals:
            print(f"{name}: {ratio(runs[name], runs[peer]):.2f} x kubeconform, goal {goal}")
    if LINTER in runs:
        print(f"{ALL_RULES}: {ratio(runs[ALL_RULES], runs[LINTER]):.2f} x kube-linter")
    most = max(median(each.megabytes for each in runs[n]) for n in (SCHEMAS_ONLY, ALL_RULES))
    print(f"memory: {most:.0f} MB, goal 60")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
