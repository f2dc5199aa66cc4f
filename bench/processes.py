"""Cold processes in turns, pinned to one core where the system allows, by their CPU time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
Command = Sequence[str | Path]


@dataclass(frozen=True)
class Run:
    """What one process cost, with the children that it waited for, and what it printed."""

    seconds: float
    megabytes: float
    output: str
    # From its start to its end, in seconds.
    wall: float = 0.0


def run(command: Command) -> Run:
    """Run a process to its end."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    began = perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    )
    with process, process.stdout as stream:
        output = stream.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with exit code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20, output, wall)


def in_turns(
    commands: Mapping[str, Command], rounds: int, *, pinned: bool = True
) -> dict[str, list[Run]]:
    """Run each command once to warm the caches of files and bytecode, then all of them in turns."""
    if pinned and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for command in commands.values():
        run(command)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return runs


def ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """Return the median of the ratios of CPU time, each of two processes that ran in turn."""
    return median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))


def table(runs: Mapping[str, Sequence[Run]], peer: str) -> None:
    """Print what each command cost beside the peer."""
    print(f"{'':32}{'CPU s':>8}{'min':>8}{'ratio':>8}{'MB':>8}{'ratio':>8}")
    size = median(run.megabytes for run in runs[peer])
    for name, done in runs.items():
        seconds = [run.seconds for run in done]
        megabytes = median(run.megabytes for run in done)
        print(
            f"{name:32}{median(seconds):8.3f}{min(seconds):8.3f}{ratio(done, runs[peer]):8.2f}"
            f"{megabytes:8.0f}{megabytes / size:8.2f}"
        )
