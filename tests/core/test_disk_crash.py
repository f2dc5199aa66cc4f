"""A write that is killed, fails or meets another one leaves the old tree or the new one."""

import json
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from k8sgen_core.disk.journal import BadJournal, pending, recover
from k8sgen_core.disk.tree import Producer, TreeFile, plan, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the tests fork and kill")

APP = Producer("app.py", "kubernetes")

PRELUDE = """
import os, random, shutil, signal, sys, time
from pathlib import Path, PurePosixPath
from k8sgen_core.disk.journal import pending, recover
from k8sgen_core.disk.tree import Producer, TreeFile, plan, write

base = Path(sys.argv[1])
folder = base / "k8s"
APP = Producer("app.py", "kubernetes")

def generate(contents, folder=folder):
    files = [
        TreeFile(PurePosixPath(path), text.encode() * 99, "a", 0o600 if "secret" in path else 0o644)
        for path, text in contents.items()
    ]
    write(plan(folder, files, APP))

def tree():
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }

def fork(action):
    child = os.fork()
    if not child:
        action()
        os._exit(0)
    return child

def killed_at(event, action):
    "Run in a child that is killed just before its n-th change or opening of a file."
    def hook(name, args):
        nonlocal event
        if name in {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}:
            event -= 1
            if event == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    child = fork(lambda: (sys.addaudithook(hook), action()))
    return os.waitpid(child, 0)[1] == signal.SIGKILL
"""

EVERY_STEP = """
old = {"a": "1", "b": "1", "gone/x": "1", "swap": "1", "s-secret": "1", "pair/p": "1"}
new = {"a": "2", "b": "1", "new/y": "2", "swap/z": "2", "s-secret": "2", "pair": "2"}
generate(old)
trees = [tree()]
shutil.copytree(folder, base / "old")
generate(new)
trees.append(tree())

def start_from(source):
    shutil.rmtree(folder)
    shutil.copytree(source, folder)

outcomes, moment = [], 1
start_from(base / "old")
while killed_at(moment, lambda: generate(new)):
    shutil.rmtree(base / "crashed", ignore_errors=True)
    shutil.copytree(folder, base / "crashed")
    again = 1
    while killed_at(again, lambda: recover(folder)):
        recover(folder)
        assert tree() in trees, (moment, again)
        start_from(base / "crashed")
        again += 1
    outcomes.append(trees.index(tree()))
    assert not pending(folder)
    start_from(base / "old")
    moment += 1
assert tree() == trees[1]
assert sorted(outcomes) == outcomes
print(outcomes.count(0), outcomes.count(1))
"""

RANDOM_MOMENTS = """
def generation(number):
    kept = {f"f{index:03}": str(number) for index in range(40)}
    return kept | {f"d{number}/g{index:03}": str(number) for index in range(20)}

start = time.perf_counter()
generate(generation(0))
longest = time.perf_counter() - start
before, outcomes = tree(), [0, 0]
for number in range(1, 201):
    shutil.rmtree(base / "reference", ignore_errors=True)
    child = fork(lambda: generate(generation(number)))
    time.sleep(random.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    recover(folder)
    after = tree()
    if after != before:
        generate(generation(number), base / "reference")
        assert after == {
            str(path.relative_to(base / "reference")): path.read_bytes() if path.is_file() else None
            for path in (base / "reference").rglob("*")
        }
    outcomes[after != before] += 1
    # However busy the machine is, about half of the kills come too early.
    longest *= 0.9 if after != before else 1.1
    before = after
print(*outcomes)
"""

TWO_WRITERS = """
contents = {text: {f"f{index}": text for index in range(30)} for text in "xy"}
generate(contents["x"])

def write_often(text):
    for _ in range(25):
        generate(contents[text])

def files(text):
    return [TreeFile(PurePosixPath(p), t.encode() * 99, "a") for p, t in contents[text].items()]

children = [fork(lambda text=text: write_often(text)) for text in "xy"]
seen = set()
while children:
    seen.add(len(plan(folder, files("x"), APP).changed))
    children = [child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)]
assert {path.read_text()[0] for path in folder.glob("f*")} in ({"x"}, {"y"})
assert not pending(folder)
print(*sorted(seen))
"""

DISK_FULL = """
import resource
generate({"a": "1", "gone": "1"})
before = tree()
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    generate({"a": "2", "b": "2" * 300})
except OSError as error:
    print(error)
assert tree() == before
"""


def run(script: str, base: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script, str(base)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_killed_at_every_single_step_and_again_while_recovering(tmp_path):
    before, after = map(int, run(EVERY_STEP, tmp_path).split())

    assert before > 10
    assert after > 10


@pytest.mark.slow
def test_killed_at_200_random_moments(tmp_path):
    old, new = map(int, run(RANDOM_MOMENTS, tmp_path).split())

    assert old + new == 200
    assert min(old, new) > 5


def test_two_writers_and_a_reader_see_whole_trees_only(tmp_path):
    assert set(run(TWO_WRITERS, tmp_path).split()) == {"0", "30"}


def test_a_full_disk_changes_nothing_and_says_so(tmp_path):
    assert "nothing was changed" in run(DISK_FULL, tmp_path)


def test_a_run_after_a_crash_starts_from_a_whole_tree(tmp_path):
    crash(tmp_path, {"version": 1, "put": ["a.yaml"], "remove": ["b.yaml"]}, b"staged")
    (tmp_path / "b.yaml").write_bytes(b"old")

    assert not plan(tmp_path, [], APP).created

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.yaml": b"staged"}


def test_nothing_happens_to_a_folder_without_a_crash(tmp_path):
    recover(tmp_path)
    recover(tmp_path / "missing")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "journal",
    [
        pytest.param({"version": 1, "put": ["../escaped"], "remove": []}, id="put outside"),
        pytest.param({"version": 1, "put": [], "remove": ["../victim"]}, id="remove outside"),
        pytest.param({"version": 1, "put": [], "remove": ["/etc/passwd"]}, id="absolute"),
        pytest.param({"version": 1, "put": [".git/hooks/x"], "remove": []}, id="git"),
        pytest.param({"version": 1, "put": ["link/a"], "remove": []}, id="put through link"),
        pytest.param({"version": 1, "put": [], "remove": ["link/victim"]}, id="remove by link"),
        pytest.param({"version": 1, "put": ["a", "A"], "remove": []}, id="collision"),
        pytest.param({"version": 1, "put": [{}], "remove": [[]]}, id="no paths"),
        pytest.param({"version": 2}, id="version"),
        pytest.param([[]], id="list"),
    ],
)
def test_a_hostile_journal_is_refused_and_nothing_is_touched(tmp_path, journal):
    folder = tmp_path / "k8s"
    (tmp_path / "victim").write_bytes(b"mine")
    crash(folder, journal, b"evil")
    (folder / "link").symlink_to(tmp_path)
    before = everything(tmp_path)

    with pytest.raises(BadJournal, match="nothing was touched"):
        plan(folder, [], APP)

    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["stage", "stage/0", "journal", "."])
def test_links_among_what_a_crash_left_are_refused(tmp_path, name):
    folder = tmp_path / "k8s"
    crash(folder, {"version": 1, "put": ["a"], "remove": []}, b"evil")
    place = folder / ".k8sgen-transaction" / name
    place.rename(tmp_path / "moved")
    place.symlink_to(tmp_path / "moved")
    before = everything(tmp_path)

    with pytest.raises(BadJournal):
        recover(folder)

    assert everything(tmp_path) == before


def test_a_stage_that_leads_elsewhere_is_not_emptied(tmp_path):
    folder = tmp_path / "k8s"
    (folder / ".k8sgen-transaction").mkdir(parents=True)
    (tmp_path / "victim").write_bytes(b"mine")
    (folder / ".k8sgen-transaction/stage").symlink_to(tmp_path)

    with pytest.raises(BadJournal):
        recover(folder)

    assert (tmp_path / "victim").read_bytes() == b"mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(OSError, match=tmp_path.name):
        write(plan(tmp_path, [TreeFile(PurePosixPath("a"), b"", "a")], APP))

    assert not pending(tmp_path)


def crash(folder: Path, journal: object, staged: bytes) -> None:
    """Leave what a process leaves that is killed after it committed."""
    stage = folder / ".k8sgen-transaction/stage"
    stage.mkdir(parents=True)
    (stage / "0").write_bytes(staged)
    (stage.parent / "journal").write_text(json.dumps(journal), encoding="utf-8")


def everything(base: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(base)): path.read_bytes() if path.is_file() else None
        for path in base.rglob("*")
    }
