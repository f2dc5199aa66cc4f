"""
Race an evaluation in the warm worker against a cold ``python app.py``.

``python bench/evaluation/run.py [ROUNDS]``
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from processes import Run, in_turns, ratio, table  # noqa: E402

PEER = "python app.py"
EVALUATIONS = 20


def main(rounds: int) -> None:
    """Run all in turns; an evaluation costs what many cost more than none, divided."""
    commands = {
        PEER: [sys.executable, HERE / "app.py"],
        "k8sgen validate app.py": [
            *[sys.executable, "-m", "k8sgen_core", "validate", HERE / "app.py"],
        ],
        "idle": [sys.executable, HERE / "warm.py", "0"],
        "busy": [sys.executable, HERE / "warm.py", str(EVALUATIONS)],
    }
    runs = in_turns(commands, rounds)
    busy, idle = runs.pop("busy"), runs.pop("idle")
    warm = [
        Run((many.seconds - none.seconds) / EVALUATIONS, many.megabytes, many.output)
        for many, none in zip(busy, idle, strict=True)
    ]
    print(f"{rounds} rounds of {EVALUATIONS} evaluations, Python {sys.version.split()[0]}")
    table({**runs, "warm evaluation": warm}, PEER)
    answers = [float(line) for run in busy for line in run.output.split()]
    print(f"from save to findings: {median(answers) * 1000:.0f} ms of wall time (median)")
    print(f"warm evaluation / {PEER}: {ratio(warm, runs[PEER]):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
