"""A long session ends as a short one begins: with the same findings, and no more memory."""

import pytest

from tests.lsp.soak import soak
from tests.lsp.wire import ON_LINUX

# MiB that the server, its worker and their caches may be larger at the end than after two fifths.
GROWTH = 4


@pytest.mark.slow
def test_five_thousand_steps(tmp_path):
    memory, told, said, told_anew, said_anew = soak(tmp_path / "project", 5000)

    assert told == told_anew
    assert said == said_anew
    assert any(told.values())
    assert not ON_LINUX or memory[-1] - memory[1] < GROWTH, memory
