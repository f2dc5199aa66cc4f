"""
Race 1,000 applications of six objects each against rjsonnet.

``python bench/generators/run.py [ROUNDS]``
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import yaml

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from processes import Run, in_turns, run, table  # noqa: E402

PEER = "rjsonnet"
CHECK = "check"
OURS = {
    "k8s-gen": "generate",
    "k8s-gen, one file previewed": "preview",
    "k8s-gen, notes of all files": "notes",
    "k8s-gen, schemas validated": "validate",
    "k8s-gen, Python's own GC": "stock",
}


def main(rounds: int) -> None:
    """Check that both make the same objects, then run both in turns and print the table."""
    # In a process of its own: what this one has in memory counts as its children's at their start.
    if subprocess.run([sys.executable, __file__, CHECK], check=False).returncode:
        sys.exit(1)
    commands = {PEER: [sys.executable, HERE / "peer.py", "generate"]}
    commands |= {name: [sys.executable, HERE / "ours.py", how] for name, how in OURS.items()}
    runs = in_turns(commands, rounds)
    print(f"{rounds} rounds, Python {sys.version.split()[0]}")
    table(runs, PEER)
    for name in (PEER, "k8s-gen"):
        print(f"{name}: {json.loads(runs[name][0].output)['lines']:,} lines")
    print("k8s-gen by phase, CPU s:", phases(runs["k8s-gen"]))


def check() -> None:
    """End unless both make the same objects, but for the digests in annotations."""
    made = [objects(run([sys.executable, HERE / name, "show"])) for name in ("ours.py", "peer.py")]
    if made[0] != made[1]:
        sys.exit("the two programs do not describe the same objects")
    print(f"both make the same {len(made[0]):,} objects")


def objects(done: Run) -> list[object]:
    """Return the objects in a text, in no order that matters."""
    loaded = list(yaml.load_all(done.output, yaml.CSafeLoader))
    for each in loaded:
        if each["kind"] == "Deployment":
            annotations = each["spec"]["template"]["metadata"]["annotations"]
            annotations.update(dict.fromkeys(annotations, ""))
    return loaded


def phases(runs: Sequence[Run]) -> str:
    """Return the median cost of each phase."""
    marks = [json.loads(done.output)["marks"] for done in runs]
    names = list(marks[0])
    costs = {
        name: median(each[name] - (each[before] if before else 0) for each in marks)
        for before, name in zip([None, *names], names, strict=False)
    }
    return ", ".join(f"{name} {cost:.3f}" for name, cost in costs.items())


if __name__ == "__main__":
    if sys.argv[1:] == [CHECK]:
        check()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
