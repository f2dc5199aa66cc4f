"""
Race imports and ``k8sgen --help`` against the start of Python itself.

``python bench/imports/run.py [ROUNDS]``
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from processes import in_turns, table

PEER = "python -c pass"
PROGRAMS = {
    PEER: "pass",
    "import k8s_gen": "import k8s_gen",
    "from k8s_gen import App": "from k8s_gen import App",
    "k8sgen --help": "import sys; from k8sgen_core.cli import main; sys.exit(main(['--help']))",
    "import argparse": "import argparse",
}


def main(rounds: int) -> None:
    """Run all in turns and print the table."""
    commands = {name: [sys.executable, "-c", code] for name, code in PROGRAMS.items()}
    print(f"{rounds} rounds, Python {sys.version.split()[0]}")
    table(in_turns(commands, rounds), PEER)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
