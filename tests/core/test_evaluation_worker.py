"""The worker of the language server: warm, replaceable, and never in the way."""

import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
import venv
from dataclasses import replace
from pathlib import Path

import pytest

from k8sgen_core.evaluation.request import Limits, Request
from k8sgen_core.evaluation.worker import Worker, WorkerUnavailable
from k8sgen_core.judging.request import Judging

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the tests send signals")

WEB = "from k8s_gen import App\nApp('web').image('nginx:1.27')\n"
LOOP = "while True: pass\n"
# Before a run is asked for, while it starts, while it runs, after it; in seconds.
MOMENTS = (0, 0.001, 0.004, 0.01, 0.03)


@pytest.fixture(params=[True, False], ids=["forking", "spawning"])
async def worker(request):
    worker = Worker(fork=request.param)
    yield worker
    await worker.close()


def asked(folder: Path, text: str, name: str = "app.py", timeout: float = 5.0) -> Request:
    return Request(folder / name, folder, text=text, limits=Limits(timeout=timeout))


def rules(result) -> list[str]:
    return [each["rule"] for each in result["findings"]]


async def running(worker: Worker) -> None:
    while worker._running is None:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)


async def test_the_versions_of_the_other_side(worker):
    python = ".".join(map(str, sys.version_info[:3]))

    assert await worker.start() == {"k8sgen": "1.0.0", "python": python, "protocol": 1}


async def test_one_outcome_after_another(worker, tmp_path):
    results = [await worker.evaluate(asked(tmp_path, text)) for text in (WEB, "1 / 0\n", WEB)]

    assert list(map(rules, results)) == [[], ["uncaught-exception"], []]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (WEB, []),
        (WEB + "print('a')\n" * 20_000, []),
        ("App('web')\n", ["uncaught-exception"]),
        (WEB + "App('b').image('a:1').port(0).port(-1)\n", ["invalid-port", "invalid-port"]),
    ],
)
async def test_findings_are_told_before_the_preview_is_made(tmp_path, text, refused):
    worker = Worker(fork=True)
    told, without = [], []
    wanted = replace(asked(tmp_path, text), early=True, judging=Judging())
    result = await worker.evaluate(wanted, told.append)
    await worker.evaluate(replace(wanted, preview=False), without.append)
    await worker.close()

    *first, last = told
    assert last == {"findings": result["findings"], "imports": result["imports"], "all": True}
    assert result["preview"]["findings"] == result["findings"] != []
    # What is refused needs no judging, and comes even before all that does.
    assert [rules(each) for each in first] == ([refused] if refused else [])
    assert first == without
    assert all(each in result["findings"] for told in first for each in told["findings"])
    assert not any(each["all"] for each in first)


async def test_nothing_but_the_outcome_is_told_where_nobody_asks(worker, tmp_path):
    told = []
    await worker.evaluate(asked(tmp_path, WEB), told.append)

    assert told == []


async def test_the_server_goes_on_while_a_file_hangs(worker, tmp_path):
    hanging = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, timeout=1.0)))
    longest, last = 0.0, time.monotonic()
    while not hanging.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()

    assert rules(await hanging) == ["evaluation-timeout"]
    assert longest < 0.5


async def test_a_newer_request_takes_the_place_of_one_that_waits(worker, tmp_path):
    await worker.start()
    first = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, "other.py", 1.0)))
    await running(worker)
    older = asyncio.create_task(worker.evaluate(asked(tmp_path, "1 / 0\n")))
    await asyncio.sleep(0)
    newer = asyncio.create_task(worker.evaluate(asked(tmp_path, WEB)))

    assert rules(await first) == ["evaluation-timeout"]
    assert (await older, rules(await newer)) == (None, [])


async def test_a_run_that_takes_long_gives_way_and_is_run_again(worker, tmp_path):
    await worker.start()
    hanging = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, "hangs.py", 8.0)))
    await running(worker)

    others = [await worker.evaluate(asked(tmp_path, text)) for text in (WEB, "1 / 0\n", WEB)]

    assert list(map(rules, others)) == [[], ["uncaught-exception"], []]
    assert not hanging.done()
    assert rules(await hanging) == ["evaluation-timeout"]


async def test_two_files_that_take_long_come_to_their_end(worker, tmp_path):
    slow = f"import time\ntime.sleep(3.5)\n{WEB}"
    asking = [worker.evaluate(asked(tmp_path, slow, name, 20.0)) for name in ("one.py", "two.py")]

    assert list(map(rules, await asyncio.gather(*asking))) == [[], []]


async def test_a_run_can_be_cancelled(worker, tmp_path):
    await worker.start()
    began = time.monotonic()
    task = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, timeout=60.0)))
    await running(worker)

    worker.cancel(tmp_path / "app.py")

    assert await task is None
    assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []
    assert time.monotonic() - began < 20


async def test_a_task_that_is_given_up_ends_its_run(worker, tmp_path):
    await worker.start()
    task = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, timeout=60.0)))
    await running(worker)
    began = time.monotonic()

    task.cancel()

    assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []
    assert time.monotonic() - began < 20


async def test_each_request_gets_its_own_outcome_whenever_others_are_given_up(tmp_path):
    worker = Worker()
    await worker.start()
    for number, seconds in enumerate(itertools.islice(itertools.cycle(MOMENTS), 60)):
        given_up = asyncio.create_task(worker.evaluate(asked(tmp_path, "1 / 0\n", "wrong.py")))
        await asyncio.sleep(seconds)
        if number % 2:
            given_up.cancel()
        else:
            worker.cancel(tmp_path / "wrong.py")
        async with asyncio.timeout(4):
            assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []
        with contextlib.suppress(asyncio.CancelledError):
            outcome = await given_up
            assert outcome is None or rules(outcome) == ["uncaught-exception"]
    await worker.close()


async def test_a_killed_process_is_replaced_and_the_request_repeated(worker, tmp_path):
    await worker.start()
    for child in children(os.getpid(), "k8sgen_core.evaluation"):
        os.kill(child, signal.SIGKILL)
        while is_running(child):
            await asyncio.sleep(0.01)

    assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []


async def test_a_zygote_killed_while_idle_is_back_before_it_is_asked(tmp_path):
    worker = Worker()
    await worker.start()
    [zygote] = children(os.getpid(), "evaluation.zygote")

    os.kill(zygote, signal.SIGKILL)

    async with asyncio.timeout(20):
        while children(os.getpid(), "evaluation.zygote") in ([], [zygote]):
            await asyncio.sleep(0.01)
    assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []
    await worker.close()
    assert children(os.getpid(), "evaluation.zygote") == []


async def prepared(zygote: int) -> int:
    """Return the child that a zygote prepares for the next run."""
    async with asyncio.timeout(20):
        while not (found := children(zygote, "")):
            await asyncio.sleep(0.01)
    [child] = found
    return child


async def test_a_child_waits_for_each_run_and_ends_with_it(tmp_path):
    worker = Worker()
    await worker.start()
    [zygote] = children(os.getpid(), "evaluation.zygote")
    first = await prepared(zygote)

    results = [await worker.evaluate(asked(tmp_path, text)) for text in (WEB, "1 / 0\n")]
    second = await prepared(zygote)

    assert list(map(rules, results)) == [[], ["uncaught-exception"]]
    assert first != second
    assert not is_running(first)
    await worker.close()
    assert not is_running(second)


async def test_a_waiting_child_that_is_killed_costs_no_run(tmp_path):
    worker = Worker()
    await worker.start()
    [zygote] = children(os.getpid(), "evaluation.zygote")
    os.kill(await prepared(zygote), signal.SIGKILL)

    assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []

    await worker.close()


async def test_a_zygote_killed_during_a_run_leaves_nothing_and_the_run_is_repeated(tmp_path):
    worker = Worker()
    await worker.start()
    [zygote] = children(os.getpid(), "evaluation.zygote")
    task = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, timeout=1.5)))
    await running(worker)
    [run] = children(zygote, "")

    os.kill(zygote, signal.SIGKILL)

    assert rules(await task) == ["evaluation-timeout"]
    await worker.close()
    assert not is_running(run)


async def test_a_restart_forgets_nothing_that_is_asked_later(worker, tmp_path):
    first = await worker.start()

    assert await worker.restart() == first
    assert rules(await worker.evaluate(asked(tmp_path, WEB))) == []


async def test_closing_ends_everything_at_once(worker, tmp_path):
    await worker.start()
    task = asyncio.create_task(worker.evaluate(asked(tmp_path, LOOP, timeout=60.0)))
    await running(worker)
    began = time.monotonic()

    await worker.close()

    assert await task is None
    assert children(os.getpid(), "k8sgen_core.evaluation") == []
    assert time.monotonic() - began < 10


SERVER = """
import asyncio, sys
from pathlib import Path
from k8sgen_core.evaluation.request import Limits, Request
from k8sgen_core.evaluation.worker import Worker

async def main():
    worker = Worker(fork=sys.argv[2] == "True")
    await worker.start()
    print("ready", flush=True)
    path = Path(sys.argv[1])
    await worker.evaluate(Request(path, path.parent, text="while True: pass"))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the run ends at its time limit")
@pytest.mark.parametrize("fork", [True, False])
def test_nothing_outlives_a_server_that_is_killed(tmp_path, fork):
    path = tmp_path / "app.py"
    command = [sys.executable, "-c", SERVER, str(path), str(fork)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        time.sleep(0.5)
        [child] = children(server.pid, "k8sgen_core.evaluation")
        family = [child, *children(child, "")]
        server.kill()

    until = time.monotonic() + 5
    while any(is_running(each) for each in family) and time.monotonic() < until:
        time.sleep(0.05)

    assert [each for each in family if is_running(each)] == []


async def test_an_interpreter_without_the_product_is_named_with_the_remedy(tmp_path):
    venv.create(tmp_path / "bare", symlinks=True)
    python = tmp_path / "bare/bin/python"
    worker = Worker(python)

    with pytest.raises(WorkerUnavailable) as raised:
        await worker.start()
    await worker.close()

    assert str(raised.value) == (
        f"{python} cannot load k8s-gen; run: {python} -m pip install k8s-gen==1.0.0"
    )


async def test_an_interpreter_that_is_not_there(tmp_path):
    worker = Worker(tmp_path / "python")

    with pytest.raises(WorkerUnavailable, match="cannot be started: No such file"):
        await worker.start()
    await worker.close()


def children(process: int, named: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process and named in (path / "cmdline").read_text():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
