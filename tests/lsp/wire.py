"""The server as a process and its protocol as bytes, for what no client would ever send."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.lsp.conftest import SERVER

Json = dict[str, Any]
HEADER = re.compile(rb"Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n")


def framed(message: Any) -> bytes:
    return frame(json.dumps(message).encode())


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def request(number: Any, method: str, params: Any) -> Json:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def notification(method: str, params: Any) -> Json:
    return {"jsonrpc": "2.0", "method": method, "params": params}


class Wire:
    """A running server; everything it says is kept."""

    def __init__(self, folder: Path, **options: Any) -> None:
        environment = {**os.environ, "K8SGEN_CONFIG_HOME": str(folder / "configuration")}
        with (folder / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                SERVER,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
            )
        self.said: list[Json] = []
        self.diagnostics: dict[str, list[Json]] = {}
        self.counted = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        params = {"processId": None, "rootUri": None, "capabilities": {}}
        params["initializationOptions"] = options
        self.send(framed(request(0, "initialize", params)))
        self.send(framed(notification("initialized", {})))
        self.answer(0)

    def _listen(self) -> None:
        while line := self.process.stdout.readline():
            length = int(line.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            message = json.loads(self.process.stdout.read(length))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
            self.counted += 1
            self.said.append(message)

    def forget(self) -> None:
        """Keep nothing but the last diagnostics of what was said."""
        self.said.clear()

    def send(self, content: bytes) -> None:
        self.process.stdin.write(content)
        self.process.stdin.flush()

    def answers(self) -> Counter[Any]:
        return Counter(each["id"] for each in list(self.said) if "method" not in each)

    def answer(self, number: Any, seconds: float = 20) -> Json:
        """Wait for the answer to a request."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for each in list(self.said):
                if "method" not in each and each["id"] == number:
                    return each
            time.sleep(0.005)
        raise TimeoutError(f"no answer to {number!r}")

    def peak(self) -> int:
        """Return the most memory that the server had, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) >> 10

    def shut_down(self) -> None:
        """End the session as an editor does."""
        self.send(framed(request("the end", "shutdown", None)))
        assert self.answer("the end", 30)["result"] is None
        self.send(framed(notification("exit", None)))
        assert self.process.wait(20) == 0

    def free(self) -> None:
        """End the process, however far it got."""
        self.process.kill()
        self.process.wait()
        self._thread.join()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()


ON_LINUX = sys.platform == "linux"
