"""The server as a process: what it imports, and what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.conftest import SERVER

GOOD = 'import os\nfrom k8s_gen import App\nApp(f"p{os.getppid()}").image("nginx:1.27")\n'
CLOSINGS = ["shutdown", "exit", "end of input", "killed"]


class Connection:
    """A client of a few lines, for what a real one would never do."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*SERVER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else message | {"id": number}).encode()
        self.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.stdin.flush()

    def ask(self, method: str, params: Any) -> Any:
        self.send(method, params, 1)
        while True:
            length = int(self.stdout.readline().split(b":")[1])
            while self.stdout.readline().strip():
                pass
            answer = json.loads(self.stdout.read(length))
            if answer.get("id") == 1:
                return answer

    def start(self, *trusted: Path) -> None:
        options = {"trusted": [str(each) for each in trusted]}
        self.ask("initialize", {"capabilities": {}, "initializationOptions": options})
        self.send("initialized", {})

    def open(self, path: Path, text: str) -> None:
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": document})

    def end(self, how: str) -> None:
        if how == "killed":
            self.process.kill()
        if how == "shutdown":
            self.ask("shutdown", None)
        if how in ("shutdown", "exit"):
            self.send("exit", None)
        self.stdin.close()
        self.process.wait(20)
        self.stdout.close()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("K8SGEN_CONFIG_HOME", str(tmp_path / "configuration"))
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    return folder


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="the worker's process has no fixed parent")
@pytest.mark.parametrize("how", CLOSINGS)
def test_nothing_is_left_running(workspace, how):
    app = workspace / "app.py"
    app.write_text(GOOD, encoding="utf-8")
    connection = Connection(workspace)
    connection.start(workspace)
    answer = connection.ask("k8sgen/preview", {"uri": app.as_uri()})
    worker = int(answer["result"]["objects"][0]["name"].removeprefix("p"))
    assert is_running(worker)

    connection.end(how)

    until = time.monotonic() + 10
    while is_running(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(worker)
    expected = {"shutdown": 0, "killed": -signal.SIGKILL, "exit": 1, "end of input": 1}
    assert connection.process.returncode == expected[how]


def test_no_module_of_the_workspace_is_imported(workspace, tmp_path):
    sentinel = tmp_path / "ran"
    for name in ("k8s_gen", "k8sgen_core", "pygls", "lsprotocol", "attrs", "sitecustomize", "ast"):
        (workspace / f"{name}.py").write_text(f"open({str(sentinel)!r}, 'w')\n", encoding="utf-8")
    connection = Connection(workspace)
    connection.start()
    text = "from k8s_gen import App\nApp('a')."
    connection.open(workspace / "app.py", text)
    where = {"textDocument": {"uri": (workspace / "app.py").as_uri()}}
    position = {"position": {"line": 1, "character": 9}}

    completed = connection.ask("textDocument/completion", where | position)

    assert "image" in [each["label"] for each in completed["result"]["items"]]
    assert not sentinel.exists()
    connection.end("shutdown")


def test_the_users_list_of_trusted_folders_counts(workspace):
    from k8sgen_core.trust import Trust

    app = workspace / "app.py"
    app.write_text(GOOD, encoding="utf-8")
    connection = Connection(workspace)
    connection.start()
    params = {"uri": app.as_uri()}

    assert connection.ask("k8sgen/preview", params)["error"]["code"] == -32803
    Trust().trust(workspace)
    assert len(connection.ask("k8sgen/preview", params)["result"]["files"]) == 1
    connection.end("shutdown")
