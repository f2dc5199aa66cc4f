"""Every block of ``docs/output-formats.md`` does what the page says."""

import re
import shlex
from pathlib import Path

from k8sgen_core.formats import BUILT_IN
from k8sgen_core.generation import Generation
from tests.cli.project import Project

PAGE = (Path(__file__).parents[2] / "docs/output-formats.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_every_block_does_what_it_shows(project):
    for language, text in BLOCKS:
        if language == "python":
            path = re.match(r"# (\S+)\n", text)[1]
            project.write(path, text)
        else:
            assert language == "console"
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                said = run(project, shlex.split(command))
                assert said.startswith(shown), f"{command} says:\n{said}"


def run(project: Project, words: list[str]) -> str:
    """Run a command of the page; of the system's own only two, which not all systems have."""
    program, *arguments = words
    if program == "cat":
        return project.read(*arguments)
    if program == "ls":
        return "".join(f"{each}:\n{listing(project, each)}" for each in sorted(arguments))
    assert program == "k8sgen"
    ran = project.run(*arguments)
    assert ran.code == 0, ran.err
    return ran.err + ran.out


def listing(project: Project, folder: str) -> str:
    names = sorted(path.name for path in (project.folder / folder).iterdir())
    return "".join(f"{name}\n" for name in names if not name.startswith("."))


def test_the_table_lists_the_built_in_formats():
    rows = re.findall(r'^\| `([\w-]+)` \| `(\w+)\("(.*?)"\)` \| (.*?) \|$', PAGE, re.MULTILINE)

    assert rows == [tuple(each) for each in BUILT_IN]


def test_every_built_in_format_has_its_method_with_its_path():
    for each in BUILT_IN:
        method = vars(Generation)[each.method]
        assert method.__defaults__ == (each.path,)
