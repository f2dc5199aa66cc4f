"""``kill -9`` of ``generate`` at any moment: afterwards there is the old tree or the new one."""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.project import Project

APPS = 60
KILLS = 200
OLD, NEW = "old", "new"
# Each version has files that the other has not, and the ones that both have differ.
DSL = """\
from k8s_gen import App, Secret

old = {old}
login = Secret("login").add("user", "a" if old else "b").generate_password("password")
for number in range({apps}):
    app = App(f"app-{{number:02}}").image("nginx:1.27" if old else "nginx:1.28")
    if old:
        app.port(8080).disruption_budget(max_unavailable=1)
    if not old or number % 3 == 0:
        app.port(9090).expose(f"app-{{number:02}}.example.com")
    app.env("PASSWORD", secret=login, key="password").replicas(2 if old else 3)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL"),
]


class Kills:
    """Old trees over which the new version is generated, and killed at some moment."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.folder / "k8s"
        self.trees = {version: self._generated(version) for version in (OLD, NEW)}
        assert self.trees[OLD].keys() - self.trees[NEW].keys()
        assert self.trees[NEW].keys() - self.trees[OLD].keys()
        self.kept = project.folder.parent / "kept"
        self._generated(OLD)
        shutil.copytree(self.folder, self.kept)

    def describe(self, version: str) -> None:
        self.project.write("app.py", DSL.format(old=version == OLD, apps=APPS))

    def _generated(self, version: str) -> dict[str, bytes]:
        self.describe(version)
        ran = self.project.run("generate", "app.py", "-q")
        assert ran.code == 0, ran.err
        return self.tree()

    def tree(self) -> dict[str, bytes]:
        """Return every file, whatever its name; folders that hold none count as files."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes() if path.is_file() else b""
            for path in self.folder.rglob("*")
        }

    def start(self) -> "subprocess.Popen[bytes]":
        """Put the old tree in place and start to generate the new one."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder)
        self.describe(NEW)
        return subprocess.Popen(
            [sys.executable, "-m", "k8sgen_core", "generate", "app.py", "-q"],
            cwd=self.project.folder,
            env=self.project.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def recovered(self, command: tuple[str, ...], version: str) -> str:
        """Return which tree there is once any command has touched the folder."""
        self.describe(version)
        ran = self.project.run(*command)
        assert ran.code in {0, 1}, ran.err
        found = self.tree()
        [which] = [name for name, tree in self.trees.items() if tree == found] or [
            differing(found, self.trees)
        ]
        assert ran.code == (which != version)
        return which


def differing(found: dict[str, bytes], trees: dict[str, dict[str, bytes]]) -> str:
    """Return what is wrong with a tree that is neither."""
    lines = ["neither the old tree nor the new one"]
    for name, tree in trees.items():
        paths = sorted(p for p in found.keys() | tree.keys() if found.get(p) != tree.get(p))
        lines.append(f"{len(paths)} differ from the {name} one, e.g. {paths[:5]}")
    pytest.fail("\n".join(lines))


def wait_until(condition: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    while not condition() and process.poll() is None:
        time.sleep(0.0002)


def measured(kills: Kills, begin: Path | None) -> float:
    """Return how long a run takes after something has appeared in the folder, in seconds."""
    process = kills.start()
    if begin is not None:
        wait_until(begin.exists, process)
    began = time.perf_counter()
    if begin is not None:
        wait_until(lambda: not begin.exists(), process)
    else:
        process.wait()
    took = time.perf_counter() - began
    assert process.wait() == 0
    return took


def test_200_kills_leave_the_old_tree_or_the_new_one(project, capsys):
    kills = Kills(project)
    state = kills.folder / ".k8sgen-transaction"
    # However busy the machine is, most of the kills fall where writing happens.
    aims = {"at any moment": None, "in staging": state, "in replacing": state / "journal"}
    took = {aim: max(measured(kills, begin) for _ in range(3)) for aim, begin in aims.items()}
    moments = random.Random(KILLS)  # noqa: S311 - moments are no secret.
    found = {aim: {OLD: 0, NEW: 0} for aim in aims}

    for number, (aim, begin) in zip(range(KILLS), itertools.cycle(aims.items()), strict=False):
        process = kills.start()
        if begin is not None:
            wait_until(begin.exists, process)
        time.sleep(moments.uniform(0, took[aim]))
        process.send_signal(signal.SIGKILL)
        process.wait()
        version = (OLD, NEW)[number % 2]
        command = (("generate", "app.py", "--check"), ("diff", "app.py"))[number // 2 % 2]
        found[aim][kills.recovered(command, version)] += 1

    with capsys.disabled():
        print(f"\n{KILLS} kills of a run that writes {len(kills.trees[NEW])} files:")  # noqa: T201
        for aim, counts in found.items():
            told = f"{aim} ({took[aim] * 1000:.0f} ms): {counts[OLD]} old, {counts[NEW]} new"
            print(f"  {told}, none between")  # noqa: T201 - it is the result of this test.
    assert sum(sum(counts.values()) for counts in found.values()) == KILLS
    assert found["in staging"][OLD] > 5
    assert found["in replacing"][NEW] > 5
