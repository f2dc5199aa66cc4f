"""On every example the server finds what the command line finds, to the last field."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lsp.inside import inside

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py"))


def without_uri(value):
    """Return data without what only the server says: URIs."""
    if isinstance(value, dict):
        return {key: without_uri(each) for key, each in value.items() if key != "uri"}
    return [without_uri(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def example(request, tmp_path):
    folder = tmp_path / request.param
    shutil.copytree(ROOT / "examples" / request.param, folder)
    (folder / "k8sgen.toml").touch()
    return folder


@pytest.mark.parametrize("example", EXAMPLES, indirect=True)
async def test_an_example(example):
    file = example / "app.py"
    command = [sys.executable, "-m", "k8sgen_core", "validate", "--output", "json", "app.py"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=example, env=environment, capture_output=True, text=True)
    expected = json.loads(ran.stdout)["findings"]

    async with inside(trusted=[str(example)]) as session:
        session.open(file.as_uri(), file.read_text(encoding="utf-8"))
        answer = await session.ask("k8sgen/preview", {"uri": file.as_uri()})

    assert expected, "the rules find something in each of them"
    assert without_uri(answer["findings"]) == expected
