"""
Race an evaluation in the warm worker against a cold ``python app.py``.

``python bench/evaluation/run.py [ROUNDS]``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from processes import Run, in_turns, table  # noqa: E402

PEER = "python app.py"
EVALUATIONS = 20
WARM = {
    "save to what is refused": "refused",
    "save to all findings": "findings",
    "... with the preview of every file": "preview",
}


def main(rounds: int) -> None:
    """Run all in turns; an evaluation costs what many cost more than none, divided."""
    commands = {
        PEER: [sys.executable, HERE / "app.py"],
        "k8sgen validate app.py": [
            *[sys.executable, "-m", "k8sgen_core", "validate", HERE / "app.py"],
        ],
        "idle": [sys.executable, HERE / "warm.py", "0", "findings"],
    }
    for name, how in WARM.items():
        commands[name] = [sys.executable, HERE / "warm.py", str(EVALUATIONS), how]
    runs = in_turns(commands, rounds)
    idle = runs.pop("idle")
    warm = {name: runs.pop(name) for name in WARM}
    print(f"{rounds} rounds of {EVALUATIONS} evaluations, Python {sys.version.split()[0]}")
    table({**runs, **{name: each_of(busy, idle) for name, busy in warm.items()}}, PEER)
    print(
        "of an evaluation also what it takes to prepare the next one; wall time from the request:"
    )
    cold = median(run.wall for run in runs[PEER])
    print(f"{PEER:32}{cold:8.3f}")
    for name, busy in warm.items():
        waited = median(float(line) for run in busy for line in run.output.split())
        print(f"{name:32}{waited:8.3f} s, ratio {waited / cold:.2f}")


def each_of(busy: Sequence[Run], idle: Sequence[Run]) -> list[Run]:
    """Return what one of many evaluations cost."""
    return [
        Run((many.seconds - none.seconds) / EVALUATIONS, many.megabytes, many.output)
        for many, none in zip(busy, idle, strict=True)
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
