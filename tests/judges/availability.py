"""Where the tools and folders of the tests are, and what happens when they are not."""

import os
from importlib import metadata
from pathlib import Path
from typing import NoReturn

import pytest

SHARED = Path(__file__).parents[2] / "../shared"
IN_CI = bool(os.environ.get("CI"))


def absent(what: str) -> NoReturn:
    """Skip the test on a developer's machine, fail it in CI, where nothing may be missing."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and in CI every judge must be there", pytrace=False)
    pytest.skip(f"{what} is missing")


def packaged_program(distribution: str, pattern: str) -> Path:
    """Return the program a wheel of this environment brought, whatever stands on ``PATH``."""
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        absent(f"the package {distribution}")
    [program] = [file for file in files if file.match(pattern)]
    return Path(str(program.locate())).resolve()
