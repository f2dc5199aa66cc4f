"""Paths and links that would leave the folder, and names that are not the same everywhere."""

import os
from pathlib import Path, PurePosixPath

import pytest

from k8sgen_core.disk.paths import UnsafePath
from k8sgen_core.disk.tree import Producer, TreeFile, plan, write

APP = Producer("app.py", "kubernetes")


def generate(folder: Path, *paths: str, force: bool = False) -> None:
    files = [TreeFile(PurePosixPath(path), b"new", "a") for path in paths]
    write(plan(folder, files, APP, force=force))


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "../../.ssh/authorized_keys",
        "a/../../b",
        "/etc/passwd",
        "//host/share",
        "C:/x",
        "c:x",
        "a\\b",
        "con",
        "CON.yaml",
        "aux.tar.gz",
        "a/lpt1",
        "nul .txt",
        "a.",
        "a ",
        "a\0b",
        "a\nb",
        "a\x1b[2Jb",
        "a\u202egpj.yaml",
        "a\ud800b",
        "a?b",
        ".git/hooks/pre-commit",
        ".GIT/config",
        ".g\u200cit/config",
        ".k8sgen/secrets.json",
        ".k8sgen-transaction/journal",
        ".k8sgen-manifest",
        ".K8sgen-Manifest",
        "a" * 256,
    ],
)
def test_a_hostile_name_is_refused_and_nothing_is_written(tmp_path, path):
    with pytest.raises(UnsafePath):
        generate(tmp_path / "k8s", "good.yaml", path, force=True)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path", [".helmignore", ".env.example", "templates/_helpers.tpl", "console.yaml", "größe.yaml"]
)
def test_an_ordinary_name_is_written(tmp_path, path):
    generate(tmp_path, path)

    assert (tmp_path / path).read_bytes() == b"new"


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(("web.yaml", "web.yaml"), id="same"),
        pytest.param(("web.yaml", "Web.yaml"), id="case"),
        pytest.param(("straße", "STRASSE"), id="case folding"),
        pytest.param(("caf\u00e9", "cafe\u0301"), id="normal forms"),
        pytest.param(("web", "Web/a.yaml"), id="file and folder"),
    ],
)
def test_two_names_of_one_file_are_refused(tmp_path, paths):
    with pytest.raises(UnsafePath):
        generate(tmp_path, *paths)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege elsewhere")
@pytest.mark.parametrize("link", ["k8s", "k8s/sub", "k8s/sub/a.yaml", "k8s/.k8sgen-manifest"])
@pytest.mark.parametrize("target", ["outside", "missing"])
def test_a_symbolic_link_is_never_followed(tmp_path, link, target):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.yaml").write_bytes(b"mine")
    place = tmp_path / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(tmp_path / target)

    with pytest.raises(UnsafePath, match="symbolic link"):
        generate(tmp_path / "k8s", "sub/a.yaml", force=True)

    assert [path.read_bytes() for path in outside.iterdir()] == [b"mine"]
    assert not (tmp_path / "missing").exists()


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege elsewhere")
def test_a_file_to_remove_is_not_reached_through_a_link(tmp_path):
    folder = tmp_path / "k8s"
    generate(folder, "sub/a.yaml")
    (folder / "sub").rename(tmp_path / "elsewhere")
    (folder / "sub").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnsafePath, match="symbolic link"):
        generate(folder, "b.yaml", force=True)

    assert (tmp_path / "elsewhere/a.yaml").read_bytes() == b"new"


def test_a_project_below_a_linked_folder_is_fine(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)

    generate(tmp_path / "link/k8s", "a.yaml")

    assert (tmp_path / "real/k8s/a.yaml").read_bytes() == b"new"
