"""
The whole output of every example, reviewed line by line.

``pytest tests/examples --snapshot-update`` writes the folder ``golden`` anew; the difference
is what a review looks at.
"""

import shutil
from pathlib import Path

import pytest

from tests.core.described import described
from tests.examples.generated import CASES, ENVIRONMENTS, EXAMPLES, files_of, generate, source_of

# What the demonstration shows: a problem, underlined where it was made.
FINDINGS = {"shop": [("warning", "dangling-reference")]}
GOLDEN = Path(__file__).with_name("golden")


def golden_folder(example, environment):
    return GOLDEN / (example if environment is None else f"{example}-{environment}")


@pytest.mark.parametrize(("example", "environment"), CASES)
def test_an_example_generates_what_was_reviewed(example, environment, tmp_path, request):
    folder = golden_folder(example, environment)

    made = generate(example, tmp_path / "k8s", environment)

    if request.config.getoption("--snapshot-update"):
        shutil.rmtree(folder, ignore_errors=True)
        for path, content in made.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    assert {path: text.decode() for path, text in made.items()} == {
        path: text.decode() for path, text in files_of(folder).items()
    }


def test_every_golden_folder_has_its_example():
    assert {path.name for path in GOLDEN.iterdir()} == {golden_folder(*case).name for case in CASES}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_environment_of_an_example_has_its_golden(example):
    path = source_of(example)

    found = described(path.read_text(encoding="utf-8"), root=path.parent)

    known = {name for builder in found.session.builders.values() for name in builder._overlays}
    assert known == set(ENVIRONMENTS.get(example, []))


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_the_findings_it_shows_and_says_what_it_is(example):
    path = source_of(example)
    source = path.read_text(encoding="utf-8")

    found = described(source, root=path.parent)

    assert [(each.severity, each.rule) for each in found.findings] == FINDINGS.get(example, [])
    assert source.startswith('"""')
