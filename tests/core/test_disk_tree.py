"""What a write creates, changes and removes, and what it refuses to touch."""

import os
from pathlib import Path, PurePosixPath

import pytest

from k8sgen_core.disk.ownership import BadRecord
from k8sgen_core.disk.tree import EditedFile, ForeignFile, Producer, TreeFile, plan, write

APP = Producer("app.py", "kubernetes")

RECORD = """\
{
  "files": {
    "db-secret.yaml": {
      "format": "kubernetes",
      "root": "db",
      "sha256": null,
      "source": "app.py"
    },
    "web-deployment.yaml": {
      "format": "kubernetes",
      "root": "web",
      "sha256": "2e15259aa2d978f7affbf2000945c972ebf0beed0e2dcb7b0c490ee33871f120",
      "source": "app.py"
    }
  },
  "version": 1
}
"""


def files(**contents: str) -> list[TreeFile]:
    """One file per name, ``__`` for a slash; the root is the name up to the first dash."""
    paths = {name.replace("__", "/"): text for name, text in contents.items()}
    return [
        TreeFile(PurePosixPath(f"{path}.yaml"), text.encode(), path.split("_")[0])
        for path, text in paths.items()
    ]


def generate(folder: Path, producer: Producer = APP, force: bool = False, **contents: str) -> None:
    write(plan(folder, files(**contents), producer, force=force))


def tree(folder: Path) -> dict[str, str]:
    """Every file but the record, with its text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".k8sgen-manifest"
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project/k8s"


def test_the_record_says_who_made_a_file_and_hides_the_digest_of_a_secret(folder):
    web = TreeFile(PurePosixPath("web-deployment.yaml"), b"kind: Deployment\n", "web")
    secret = TreeFile(PurePosixPath("db-secret.yaml"), b"kind: Secret\n", "db", 0o600)

    write(plan(folder, [web, secret], APP))

    assert (folder / ".k8sgen-manifest").read_text(encoding="utf-8") == RECORD
    assert sorted(os.listdir(folder)) == [".k8sgen-manifest", "db-secret.yaml", web.path.name]


def test_a_plan_tells_every_kind_of_change_and_writes_nothing(folder):
    generate(folder, a="1", b="1", c="1")
    before = tree(folder)

    planned = plan(folder, files(a="1", b="2", d="1"), APP)

    assert [(str(c.path), c.old, c.new) for c in planned.created] == [("d.yaml", None, b"1")]
    assert [(str(c.path), c.old, c.new) for c in planned.changed] == [("b.yaml", b"1", b"2")]
    assert [(str(c.path), c.old, c.new) for c in planned.removed] == [("c.yaml", b"1", None)]
    assert [str(path) for path in planned.unchanged] == ["a.yaml"]
    assert not planned.is_empty
    assert tree(folder) == before


def test_a_second_run_has_nothing_to_do_and_touches_nothing(folder):
    generate(folder, a="1", b="1")
    stamps = {path: path.stat().st_mtime_ns for path in folder.iterdir()}

    assert plan(folder, files(a="1", b="1"), APP).is_empty
    generate(folder, a="1", b="1")

    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == stamps


def test_a_plan_that_was_overtaken_is_made_again(folder):
    planned = plan(folder, files(a="1", b="1"), APP)
    generate(folder, b="2", c="2")

    write(planned)

    assert tree(folder) == {"a.yaml": "1", "b.yaml": "1"}
    assert plan(folder, files(a="1", b="1"), APP).is_empty


def test_a_file_that_appeared_since_the_plan_is_not_overwritten(folder):
    planned = plan(folder, files(a="1", b="1"), APP)
    folder.mkdir(parents=True)
    (folder / "b.yaml").write_text("mine", encoding="utf-8")

    with pytest.raises(ForeignFile):
        write(planned)

    assert {path.name for path in folder.rglob("*")} == {"b.yaml"}


def test_planning_for_a_folder_that_does_not_exist_does_not_make_it(folder):
    assert len(plan(folder, files(a="1"), APP).created) == 1
    assert not folder.parent.exists()


def test_folders_that_a_removal_left_empty_go_and_others_stay(folder):
    generate(folder, x__y__a="1", x__b="1", top="1")
    (folder / "mine").mkdir()

    generate(folder, x__b="1")

    assert sorted(path.name for path in folder.rglob("*")) == [
        ".k8sgen-manifest",
        "b.yaml",
        "mine",
        "x",
    ]


def test_the_record_goes_with_the_last_file(folder):
    generate(folder, a="1")

    write(plan(folder, [], APP))

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("x.yaml", "x.yaml/a", id="file to folder"),
        pytest.param("x/y/z", "x", id="folder to file"),
    ],
)
def test_a_file_of_ours_may_become_a_folder_and_back(folder, old, new):
    write(plan(folder, [TreeFile(PurePosixPath(old), b"1", "x")], APP))

    write(plan(folder, [TreeFile(PurePosixPath(new), b"2", "x")], APP))

    assert tree(folder) == {new: "2"}


@pytest.mark.parametrize(
    ("producer", "left"),
    [
        pytest.param(APP, {"b_1.yaml": "new"}, id="all roots"),
        pytest.param(
            Producer("app.py", "kubernetes", frozenset({"b"})),
            {"a_1.yaml": "old", "a_2.yaml": "old", "b_1.yaml": "new"},
            id="one root",
        ),
        pytest.param(
            Producer("app.py", "kubernetes", frozenset({"a", "b"})),
            {"b_1.yaml": "new"},
            id="both roots",
        ),
    ],
)
def test_a_run_removes_only_the_files_of_its_roots(folder, producer, left):
    generate(folder, a_1="old", a_2="old", b_1="old", b_2="old")

    generate(folder, producer, b_1="new")

    assert tree(folder) == left


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Producer("jobs/app.py", "kubernetes"), id="other source"),
        pytest.param(Producer("app.py", "compose"), id="other format"),
    ],
)
def test_a_run_leaves_files_of_another_source_or_format(folder, other):
    generate(folder, a="1", b="1")

    generate(folder, other, c="1")
    generate(folder, other, d="1")

    assert tree(folder) == {"a.yaml": "1", "b.yaml": "1", "d.yaml": "1"}


@pytest.mark.parametrize(
    ("other", "owner"),
    [
        pytest.param(Producer("b.py", "kubernetes"), "app.py (format kubernetes", id="source"),
        pytest.param(Producer("app.py", "compose"), "app.py (format kubernetes", id="format"),
        pytest.param(Producer("app.py", "kubernetes", frozenset({"z"})), "root a)", id="root"),
    ],
)
def test_a_file_of_another_producer_is_named_with_its_owner(folder, other, owner):
    generate(folder, a="1")

    with pytest.raises(ForeignFile) as caught:
        plan(folder, files(a="1"), other)

    assert owner in str(caught.value)
    assert tree(folder) == {"a.yaml": "1"}


def test_force_takes_over_what_belongs_to_another_producer(folder):
    generate(folder, a="1", b="1")

    generate(folder, Producer("b.py", "kubernetes"), force=True, a="2")
    generate(folder, b="2")

    assert tree(folder) == {"a.yaml": "2", "b.yaml": "2"}


def test_a_file_that_is_not_ours_is_kept_and_nothing_is_written(folder):
    folder.mkdir(parents=True)
    (folder / "b.yaml").write_text("mine", encoding="utf-8")

    with pytest.raises(ForeignFile, match="was not written by k8s-gen") as caught:
        generate(folder, a="1", b="1", c="1")

    assert caught.value.path == folder / "b.yaml"
    assert "--force" in caught.value.hint
    assert tree(folder) == {"b.yaml": "mine"}


def test_force_takes_over_what_is_not_ours(folder):
    folder.mkdir(parents=True)
    (folder / "b.yaml").write_text("mine", encoding="utf-8")

    generate(folder, force=True, a="1", b="1")
    generate(folder, a="1")

    assert tree(folder) == {"a.yaml": "1"}


def test_a_file_that_is_already_right_is_adopted(folder):
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("1", encoding="utf-8")

    assert plan(folder, files(a="1"), APP).is_empty
    generate(folder, a="1")
    generate(folder)

    assert tree(folder) == {}


@pytest.mark.parametrize("wanted", [{"a": "2"}, {"b": "2"}], ids=["overwritten", "removed"])
def test_an_edit_by_hand_is_not_lost_without_force(folder, wanted):
    generate(folder, a="1")
    (folder / "a.yaml").write_text("edited", encoding="utf-8")

    with pytest.raises(EditedFile, match="was edited"):
        generate(folder, **wanted)

    assert tree(folder) == {"a.yaml": "edited"}
    generate(folder, force=True, **wanted)
    assert tree(folder) == {f"{name}.yaml": text for name, text in wanted.items()}


def test_line_endings_that_git_converted_are_no_edit(folder):
    generate(folder, a="x: 1\n")
    (folder / "a.yaml").write_bytes(b"x: 1\r\n")

    generate(folder, a="x: 1\n")

    assert (folder / "a.yaml").read_bytes() == b"x: 1\n"


def test_a_file_deleted_by_hand_comes_back(folder):
    generate(folder, a="1", b="1")
    (folder / "a.yaml").unlink()

    generate(folder, a="1", b="1")

    assert tree(folder) == {"a.yaml": "1", "b.yaml": "1"}


@pytest.mark.parametrize(
    "standing", ["a.yaml/mine", "x"], ids=["folder for a file", "file for a folder"]
)
def test_a_file_and_a_folder_of_one_name_are_refused_before_anything_happens(folder, standing):
    place = folder / standing
    place.parent.mkdir(parents=True)
    place.write_text("mine", encoding="utf-8")

    with pytest.raises(ForeignFile, match="is needed there"):
        plan(folder, files(a="1", x__b="1"), APP, force=True)

    assert tree(folder) == {standing: "mine"}


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_secrets_are_private_whatever_the_umask_and_other_files_follow_it(folder):
    previous = os.umask(0o027)
    try:
        write(
            plan(
                folder,
                [
                    TreeFile(PurePosixPath("s.yaml"), b"s", "s", 0o600),
                    TreeFile(PurePosixPath("a.yaml"), b"a", "a"),
                ],
                APP,
            )
        )
    finally:
        os.umask(previous)

    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {"s.yaml": 0o600, "a.yaml": 0o640, ".k8sgen-manifest": 0o640}


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
def test_a_secret_that_others_can_read_is_written_again(folder):
    secret = [TreeFile(PurePosixPath("s.yaml"), b"s", "s", 0o600)]
    write(plan(folder, secret, APP))
    (folder / "s.yaml").chmod(0o644)

    write(plan(folder, secret, APP))

    assert (folder / "s.yaml").stat().st_mode & 0o777 == 0o600


def test_no_content_shows_in_what_is_printed_of_a_plan(folder):
    generate(folder, a="hunter1")

    planned = plan(folder, files(a="hunter2"), APP)

    assert "hunter" not in repr(planned) + repr(planned.request.files)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("{", "Expecting", id="not JSON"),
        pytest.param("[" * 100_000, "recursion", id="deep"),
        pytest.param("[]", "it lacks", id="no mapping"),
        pytest.param('{"version": 2, "files": {}}', "newer k8s-gen", id="newer"),
        pytest.param('{"version": 1, "files": {"a": {}}}', "'a' is incomplete", id="entry"),
        pytest.param('{"version": 1, "files": {"../a": {}}}', "leads out", id="path"),
        pytest.param("\udcff", "decode", id="not text"),
    ],
)
def test_a_record_that_cannot_be_read_stops_everything(folder, text, problem):
    folder.mkdir(parents=True)
    record = folder / ".k8sgen-manifest"
    record.write_text(text, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(BadRecord, match=problem) as caught:
        plan(folder, files(a="1"), APP, force=True)

    assert str(record) in str(caught.value)
    assert list(folder.iterdir()) == [record]
