"""
What a file may do wrong is a finding at the place where it does, and costs nobody else anything.

A comment ``#^ id`` marks the line of a finding.
"""

import os
import re
import sys
import time
from pathlib import Path

import pytest

from k8sgen_core.evaluation.backends import Forking
from k8sgen_core.evaluation.process import evaluate_once
from k8sgen_core.evaluation.request import Limits, Request

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the tests look into /proc")

LIMITS = Limits(timeout=1.0, memory=256 << 20, output=2_000, objects=200)
# What a run may take beyond its own limits on a busy machine.
MARGIN = 6.0

CASES = {
    "infinite loop": "while True: pass  #^ evaluation-timeout",
    "infinite loop that catches everything": """
        while True:
            try:
                while True: pass  #^ evaluation-timeout
            except BaseException: pass
        """,
    "a loop in C that holds the interpreter": """
        import itertools
        sum(itertools.repeat(1))  #^ evaluation-timeout
        """,
    "catastrophic regular expression": r"""
        import re
        re.match(r'(a+)+$', 'a' * 40 + '!')  #^ evaluation-timeout
        """,
    "huge power": "10 ** 10 ** 8  #^ evaluation-timeout",
    "sleeping": "import time\ntime.sleep(60)  #^ evaluation-timeout",
    "waiting for a lock": """
        import threading
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()  #^ evaluation-timeout
        """,
    "huge text": '"x" * 10**11  #^ memory-limit',
    "memory bomb": """
        kept = []
        while True:
            kept.append("x" * 100_000)  #^ memory-limit
        """,
    "os._exit": "import os\nos._exit(0)  #^ process-exit",
    "os.abort": "import os\nos.abort()  #^ process-exit",
    "sys.exit": "import sys\nsys.exit(1)  #^ process-exit\nprint()",
    "sys.exit in the middle": "import sys\nsys.exit()  #^ process-exit\nprint()",
    "killing itself": "import os\nos.kill(os.getpid(), 9)  #^ side-effect",
    "crash in C": """
        import faulthandler
        faulthandler._sigsegv()  #^ process-exit
        """,
    "print flood": """
        while True: print("x")  #^ too-much-output #^ evaluation-timeout
        """,
    "much output that ends": """
        for n in range(50_000): print("x")  #^ too-much-output
        print("y")
        """,
    "one long line": 'print("x" * 10_000)  #^ too-much-output',
    "fork bomb": "import os\nwhile True:\n    os.fork()  #^ side-effect",
    "fork bomb that goes on": """
        import contextlib, os
        with contextlib.suppress(OSError): os.fork()  #^ side-effect
        while True: pass  #^ evaluation-timeout
        """,
    "recursion": "def f(): return f()  #^ recursion-limit\nf()",
    "syntax error": 'App("web"  #^ syntax-error',
    "import of what is not there": "import not_installed  #^ import-error",
    "import of a name that is not there": "from k8s_gen import Ap  #^ import-error",
    "exception": "1 / 0  #^ uncaught-exception",
    "exception in a text that is run": 'exec("1 / 0")  #^ uncaught-exception',
    "a refusal in a text that is run": 'exec("app.replicas(-9)")  #^ invalid-value',
    "a null character": 'print("a\0b")  #^ syntax-error',
    "exception in a callback": """
        def key(name):
            raise ValueError(name)  #^ uncaught-exception
        sorted(["a"], key=key)
        """,
    "exception in a thread": """
        import threading
        def work():
            raise ValueError("no")  #^ uncaught-exception
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        """,
    "thread left running": """
        import threading, time
        threading.Thread(target=time.sleep, args=(60,)).start()  #^ thread-left-running
        """,
    "daemon thread": """
        import threading, time
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """,
    "endless work at exit": "import atexit, time\natexit.register(time.sleep, 60)",
    "input": "input('name? ')  #^ reads-input",
    "standard input": "import sys\nsys.stdin.read()  #^ reads-input",
    "endless objects": """
        n = 0
        while True:
            n += 1
            App(f"web-{n}").image("nginx:1.27")  #^ too-many-objects
        """,
    "process": "import subprocess\nsubprocess.run(['true'])  #^ side-effect",
    "shell": "import os\nos.system('true')  #^ side-effect",
    "the C library": 'import ctypes\nctypes.CDLL(None).system(b"true")  #^ side-effect',
    "a function of C": 'import ctypes\nctypes.pythonapi.system(b"true")  #^ side-effect',
    "a function of Python itself": "import ctypes\nctypes.pythonapi.Py_GetVersion()",
    "a named pipe": 'import os\nos.mkfifo("pipe")  #^ side-effect',
    "a node": """
        import contextlib, os
        with contextlib.suppress(OSError): os.mknod("node")  #^ side-effect
        """,
    "signalling itself": "import signal\nsignal.raise_signal(9)  #^ side-effect",
    "network": """
        import socket
        socket.create_connection(("127.0.0.1", 9))  #^ side-effect
        """,
    "download": """
        import urllib.request
        urllib.request.urlopen("http://127.0.0.1:9/")  #^ side-effect
        """,
    "writing": 'open("out.txt", "w")  #^ side-effect',
    "making a folder": 'from pathlib import Path\nPath("out").mkdir()  #^ side-effect',
    "removing a folder": 'import shutil\nshutil.rmtree(".")  #^ side-effect',
    "a database on disk": 'import sqlite3\nsqlite3.connect("x.db")  #^ side-effect',
    "a side effect whose error is caught": """
        try:
            open("out.txt", "w")  #^ side-effect
        except Exception:
            pass
        """,
    "a side effect in a library": """
        import logging
        logging.FileHandler("out.log")  #^ side-effect
        """,
    "temporary files": """
        import tempfile, sqlite3, os
        os.mkfifo(os.path.join(tempfile.gettempdir(), "pipe"))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x")
            with open(path, "w") as file: file.write("x")
            os.rename(path, path + "y")
        with open(os.devnull, "w") as nothing: nothing.write("x")
        sqlite3.connect(":memory:").close()
        """,
    "reading": "open(__file__).close()",
    "asyncio": "import asyncio\nasyncio.run(asyncio.sleep(0))",
    "sys.exit at the end": 'import sys\nif __name__ == "__main__":\n    sys.exit(0)',
    "misspelt method": "app.replica(3)  #^ unknown-setting",
    "misspelt argument": "app.replicas(cuont=3)  #^ unknown-setting",
    "missing argument": "app.replicas()  #^ wrong-type",
}


@pytest.fixture(scope="module")
def zygote():
    backend = Forking(Path(sys.executable))
    backend.greet()
    yield backend
    backend.stop()
    backend.free()


@pytest.mark.parametrize("source", CASES.values(), ids=CASES.keys())
def test_hostile_file(zygote, tmp_path, source):
    began = time.monotonic()
    path = tmp_path / "app.py"
    path.write_text(
        f"from k8s_gen import App\napp = App('web').image('nginx:1.27')\n{dedented(source)}"
    )

    result = zygote.evaluate(Request(path, tmp_path, limits=LIMITS))

    assert time.monotonic() - began < LIMITS.timeout + MARGIN
    assert found(result) == marks(path.read_text())
    assert what_stays(zygote, tmp_path) == set()
    assert [each.name for each in tmp_path.iterdir()] == ["app.py"]


def test_the_next_request_is_answered_as_before(zygote, tmp_path):
    path = tmp_path / "app.py"
    path.write_text("from k8s_gen import App\nApp('web').image('nginx:1.27')\n")
    request = Request(path, tmp_path, limits=LIMITS)
    before = zygote.evaluate(request)

    zygote.evaluate(Request(path, tmp_path, text="while True: pass", limits=LIMITS))

    assert without_time(zygote.evaluate(request)) == without_time(before)


DAEMON = """
import os, subprocess, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(4242)"])
    os._exit(0)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(4242)"], start_new_session=True)
import time
time.sleep(0.3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the session is ended")
def test_processes_that_were_allowed_end_with_the_run(zygote, tmp_path):
    path = tmp_path / "app.py"
    path.write_text(f"from k8s_gen import App\nApp('web').image('nginx:1.27')\n{DAEMON}")

    result = zygote.evaluate(Request(path, tmp_path, allow=frozenset({"process"}), limits=LIMITS))

    assert (found(result), what_stays(zygote, tmp_path)) == (set(), set())
    assert not [pid for pid in processes() if "time.sleep(4242)" in command(pid)]


STUCK = "import itertools\n\nsum(itertools.repeat(1))  #^ evaluation-timeout\n"
KILLED = "import os\nos.kill(os.getpid(), 9)\n"
SCRIBBLING = """
import contextlib, os
for number in range(3, 64):
    with contextlib.suppress(OSError): os.write(number, b"garbage" * 100{})
"""
MUTED = "the file wrote to, or closed, what carries its result"
SILENT = {
    "killed": (KILLED, "the run was ended by signal 9 (SIGKILL)"),
    "without built-ins": (
        "import builtins\nbuiltins.len = None\n",
        "the run ended without a result (exit code 1)",
    ),
    "scribbling lines": (SCRIBBLING.format(' + b"\\n"'), MUTED),
    "scribbling": (SCRIBBLING.format(""), MUTED),
    "closing": ("import os\nos.closerange(3, 64)\n", MUTED),
}


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "spawned"])
@pytest.mark.parametrize(
    "name", ["infinite loop", "huge text", "os._exit", "syntax error", "input"]
)
def test_one_run_without_a_server(tmp_path, fork, name):
    path = tmp_path / "app.py"
    path.write_text(f"from k8s_gen import App\n{dedented(CASES[name])}\n")
    # Judges and zygotes of other tests may live as long as the session.
    before = descendants(os.getpid())

    result = evaluate_once(Request(path, tmp_path, limits=LIMITS), fork=fork)

    assert found(result) - {(1, "no-resources")} == marks(path.read_text())
    left = descendants(os.getpid()) - before
    # A zygote that has nothing to do prepares for its next run at any time.
    assert {each for each in left if "evaluation.zygote" not in command(each)} == set()


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "spawned"])
def test_a_stuck_run_says_where_it_was(tmp_path, fork):
    path = tmp_path / "app.py"
    path.write_text(STUCK)

    result = evaluate_once(Request(path, tmp_path, limits=LIMITS), fork=fork)

    assert found(result) == marks(STUCK)


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "spawned"])
@pytest.mark.parametrize(("source", "message"), SILENT.values(), ids=SILENT.keys())
def test_a_run_without_an_answer_is_reported_as_what_it_is(tmp_path, fork, source, message):
    path = tmp_path / "app.py"
    path.write_text(source)
    request = Request(path, tmp_path, allow=frozenset({"process"}), limits=LIMITS)

    [finding] = evaluate_once(request, fork=fork)["findings"]

    assert (finding["rule"], finding["message"]) == ("process-exit", message)


CRASHING = """
import faulthandler, os, tempfile
open({!r}, "a").write("ran\\n")
os.remove(os.path.join(tempfile.gettempdir(), "trace"))
faulthandler._sigsegv()
"""


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "spawned"])
def test_a_run_that_hides_its_traces_and_crashes_is_run_once(tmp_path, fork):
    path, log = tmp_path / "app.py", tmp_path / "log"
    path.write_text(CRASHING.format(str(log)))
    request = Request(path, tmp_path, allow=frozenset({"write"}), limits=LIMITS)

    [finding] = evaluate_once(request, fork=fork)["findings"]

    assert finding["rule"] == "process-exit"
    assert log.read_text() == "ran\n"


def test_the_worker_survives_a_run_that_writes_into_its_answer(zygote, tmp_path):
    path = tmp_path / "app.py"
    request = Request(path, tmp_path, text=SCRIBBLING.format(' + b"\\n"'), limits=LIMITS)

    assert found(zygote.evaluate(request)) == {(1, "process-exit")}
    good = zygote.evaluate(Request(path, tmp_path, text="1\n", limits=LIMITS))
    assert [each["rule"] for each in good["findings"]] == ["no-resources"]


def what_stays(zygote, folder: Path) -> set[int]:
    """Return the processes that a run leaves; the one that waits for the next serves it."""
    left = descendants(zygote._process.pid)
    zygote.evaluate(Request(folder / "app.py", folder, text="1\n", limits=LIMITS))
    return left & descendants(zygote._process.pid)


def dedented(source: str) -> str:
    indent = re.match(r"\n?( *)", source)[1]
    return re.sub(f"^{indent}", "", source.strip("\n"), flags=re.MULTILINE) + "\n"


def marks(source: str) -> set[tuple[int, str]]:
    return {
        (number, mark)
        for number, line in enumerate(source.splitlines(), 1)
        for mark in re.findall(r"#\^ (\S+)", line)
    }


def found(result) -> set[tuple[int, str]]:
    return {(each["range"]["start"]["line"] + 1, each["rule"]) for each in result["findings"]}


def without_time(result):
    return {key: value for key, value in result.items() if key != "seconds"}


def processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def descendants(process: int) -> set[int]:
    known = {each: parent(each) for each in processes()}
    left, added = set(), {process}
    while added:
        added = {each for each, its in known.items() if its in added}
        left |= added
    return left
