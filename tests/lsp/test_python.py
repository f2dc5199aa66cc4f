"""Python that is not of the DSL, completed by a process of its own."""

import asyncio
import sys
import time

import pytest

from k8sgen_lsp.completing.places import Document, offers_at
from k8sgen_lsp.features.completion import with_python
from k8sgen_lsp.python import PythonCompletion
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, cursor_in

SLOW = (sys.executable, "-c", "import sys, time\nfor line in sys.stdin: time.sleep(60)")
ENDS = (sys.executable, "-c", "input()")


async def labels(python, marked, path=None):
    text, offset = cursor_in(marked)
    document = Document(text, WorkspaceCatalogue(CATALOGUE, Modules(), text), path)
    try:
        offers = await with_python(python, document, offset, offers_at(document, offset))
        return {each.label for each in offers.items}, offers.is_complete
    finally:
        await python.close()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import json\njson.|", {"dumps", "loads"}),
        ('"text".|', {"upper", "join"}),
        ("import os\nx = os.path.|", {"join", "exists"}),
        ("from k8s_gen import App\nlimit = 3\nApp('a').replicas(li|", {"limit"}),
    ],
)
async def test_what_is_not_of_the_dsl_is_completed(source, expected):
    found, is_complete = await labels(PythonCompletion(budget=30), source)

    assert expected <= found
    assert is_complete


@pytest.mark.parametrize(
    "source",
    ["from k8s_gen import App\nApp('a').|", "# json.|", "x = '|'"],
    ids=["behind a builder", "in a comment", "in a text"],
)
async def test_it_is_not_asked_where_it_has_nothing_to_say(source):
    python = PythonCompletion()

    await labels(python, source)

    assert python._process is None


async def test_nobody_waits_longer_than_the_budget():
    started = time.monotonic()
    found, is_complete = await labels(PythonCompletion(SLOW, budget=0.2), "x = |")

    assert time.monotonic() - started < 2
    assert ("App" in found, is_complete) == (True, False)


async def test_a_process_that_ends_is_started_again():
    python = PythonCompletion(ENDS, budget=1)
    assert await python.offers("x", 1, None) is None
    first = python._process
    await first.wait()

    assert await python.offers("x", 1, None) is None
    assert python._process is not first
    await python.close()


async def test_the_process_does_not_outlive_its_server():
    python = PythonCompletion(budget=30)
    await python.offers("import json\njson.", 17, None)
    process = python._process
    process.stdin.close()

    assert await asyncio.wait_for(process.wait(), 10) == 0
    await python.close()


async def test_a_workspace_cannot_bring_a_module_of_jedis(tmp_path):
    (tmp_path / "parso.py").write_text("open('ran', 'w')", encoding="utf-8")
    (tmp_path / "json.py").write_text("open('ran', 'w')", encoding="utf-8")
    python = PythonCompletion(budget=30)
    await python.offers("import json\njson.", 17, tmp_path / "app.py")
    await python.close()

    assert not (tmp_path / "ran").exists()
