"""Every block of the guide runs, in the order of the guide."""

import re
from pathlib import Path

import pytest

from tests.cli.project import Project

GUIDE = (Path(__file__).parents[2] / "docs/plugins.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|console)\n(.*?)```", GUIDE, re.DOTALL)
FILES = {
    text.partition("\n")[0].removeprefix("# "): text for kind, text in BLOCKS if kind == "python"
}
COMMANDS = [text for kind, text in BLOCKS if kind == "console"]
# The one that shows how an argument is refused.
REFUSES = {"refusing.py"}
# The one that shows names that are a setter and a value.
ADVISED = {"phases.py"}


@pytest.fixture
def project(tmp_path):
    found = Project(tmp_path)
    found.write("k8sgen.toml", "")
    for name, text in FILES.items():
        found.write(name, text)
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_guide_has_the_findings_that_it_says(project, name):
    ran = project.run("validate", name)

    assert (ran.code != 0) == (name in REFUSES), ran.out
    if name in ADVISED:
        assert ran.out.splitlines()[-1] == "1 file: 2 info"
        assert ran.out.count("[self-shadowing]") == 2
    elif name not in REFUSES:
        assert ran.out.splitlines()[-1] == "1 file: no findings"


@pytest.mark.parametrize("name", sorted(FILES.keys() - REFUSES))
def test_a_file_of_the_guide_runs_as_a_script(project, name):
    ran = project.python(name)

    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_of_the_guide_says_what_is_shown(project, text):
    command, _, said = text.partition("\n")

    assert project.run(*command.removeprefix("$ k8sgen ").split()).out == said


def test_what_the_guide_says_of_the_first_plugin(project):
    ran = project.run("preview", "app.py")

    for name in ("orders-primary", "orders-replica-1", "orders-config", "web"):
        assert f"name: {name}\n" in ran.out or f"name: {name} " in ran.out
    assert "postgres:16" in ran.out
    assert "postgres:17" not in ran.out
