"""The same input gives the same bytes: on every run, in every process, from every folder."""

import pytest

from k8sgen_core.pipeline import build
from tests.core.described import described
from tests.examples.generated import EXAMPLES, ROOT, generate, source_of


@pytest.mark.parametrize("example", ["shop", "legacy"])
def test_bytes_depend_on_no_hash_seed_and_no_working_folder(example, tmp_path):
    runs = {
        name: generate(example, tmp_path / name, seed=seed, cwd=cwd)
        for name, seed, cwd in (
            ("zero", "0", ROOT),
            ("one", "1", tmp_path),
            ("random", "random", tmp_path),
        )
    }

    assert runs["zero"] == runs["one"] == runs["random"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_building_twice_gives_equal_results(example):
    path = source_of(example)
    found = described(path.read_text(encoding="utf-8"), root=path.parent)

    again = build(found.session.roots())

    assert {str(file.path): file.text for file in again.files()} == found.files
    assert [each.message for each in again.all_problems] == [
        each.message for each in found.built.all_problems
    ]


def test_reading_a_view_changes_nothing():
    source = 'app = App("web").image("nginx:1.27").resources(cpu=1)\n'
    read = "app.build().resources.cpu; app.build().labels\n"

    assert described(source + read).files == described(source).files
