"""
What commands take for a file of 1,000 applications of six objects each, beside rjsonnet.

``python bench/generators/commands.py [ROUNDS]``
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from processes import in_turns, table  # noqa: E402

PEER = "rjsonnet"
PROGRAM = HERE / "apps.py"
COMMANDS = {
    "k8sgen validate": ("validate", PROGRAM),
    "k8sgen validate, as SARIF": ("validate", PROGRAM, "--output", "sarif"),
    "k8sgen generate --stdout": ("generate", PROGRAM, "--stdout"),
    "k8sgen preview": ("preview", PROGRAM),
    "k8sgen preview --json": ("preview", PROGRAM, "--json"),
}


def main(rounds: int) -> None:
    """Run all of them in turns, as people do on all cores, and print the table."""
    commands = {PEER: [sys.executable, HERE / "peer.py", "generate"]}
    for name, words in COMMANDS.items():
        commands[name] = [sys.executable, "-m", "k8sgen_core", *words]
    runs = in_turns(commands, rounds, pinned=False)
    print(f"{rounds} rounds, Python {sys.version.split()[0]}")
    table(runs, PEER)
    print("wall time, s:")
    for name, done in runs.items():
        print(f"{name:32}{median(run.wall for run in done):8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
