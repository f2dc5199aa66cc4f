"""What the README shows is what happens."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def captures():
    """Return the module that makes the README's captures."""
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs/captures/make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKE = captures()
SHOWN = {match[2]: match[0] for match in MAKE.MARKED.finditer(README)}


@pytest.mark.parametrize("command", SHOWN)
def test_a_capture_is_what_the_command_prints(command, tmp_path):
    MAKE.prepare(tmp_path)

    printed = MAKE.run(command, tmp_path)

    assert printed in SHOWN[command], "python docs/captures/make.py makes the captures anew"


@pytest.mark.parametrize("number", range(2))
def test_a_python_block_runs(number, tmp_path):
    blocks = re.findall(r"(?<!-->\n)```python\n(.*?)```", README, re.DOTALL)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "block.py").write_text(blocks[number], encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "block.py"],
        cwd=tmp_path,
        env=MAKE.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_leads_somewhere(path):
    assert (ROOT / path).exists()


def test_every_command_of_the_table_exists():
    from k8sgen_core.cli import COMMANDS

    named = set(re.findall(r"^\| `k8sgen (\w+)", README, re.MULTILINE))

    assert named <= set(COMMANDS)
    assert set(COMMANDS) - named == {"lsp"}
