"""What git has of files, whatever the repository's own configuration would start."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from k8sgen_lsp.repository import NoRepository, at_head, environment, git_outside

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(folder)]
    subprocess.run([shutil.which("git"), *own, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def commit(folder: Path, **files: str) -> list[Path]:
    paths = [folder / name.replace("__", "/") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    return paths


async def test_texts_are_those_of_the_last_commit(repository):
    one, two = commit(repository, a="é🐘\r\nHEAD\n", b__c="")
    one.write_text("new", encoding="utf-8")
    new = repository / "new"
    new.write_text("x", encoding="utf-8")

    assert await at_head(repository, [new, one, two]) == {one: "é🐘\r\nHEAD\n", two: ""}
    assert await at_head(two.parent, [two, one]) == {two: ""}


async def test_a_folder_without_commits_is_told(repository, tmp_path):
    with pytest.raises(NoRepository, match="nothing is committed yet"):
        await at_head(repository, [])
    with pytest.raises(NoRepository, match="git cannot be used"):
        await at_head(tmp_path, [])


@pytest.mark.skipif(sys.platform == "win32", reason="the programs that would start are scripts")
async def test_nothing_of_the_repository_is_started(repository, tmp_path):
    sentinel = tmp_path / "ran"
    program = repository / "evil"
    program.write_text(f"#!/bin/sh\ntouch {sentinel}\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("git", "sh"):
        shutil.copy(program, repository / name)
    [path, _] = commit(repository, a="text", _gitattributes="* filter=evil diff=evil\n")
    shutil.move(repository / "_gitattributes", repository / ".gitattributes")
    for name in ("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction"):
        shutil.copy(program, repository / ".git/hooks" / name)
    programs = (
        "core.fsmonitor core.pager core.sshCommand core.askPass core.editor diff.external"
        " filter.evil.smudge filter.evil.clean filter.evil.process diff.evil.textconv"
        " diff.evil.command credential.helper core.gitProxy uploadpack.packObjectsHook"
    )
    for key in programs.split():
        git(repository, "config", key, str(program))
    git(repository, "config", "remote.evil.url", f"ext::{program}")
    git(repository, "config", "remote.evil.promisor", "true")
    git(repository, "config", "core.repositoryFormatVersion", "1")
    git(repository, "config", "extensions.partialClone", "evil")
    missing = commit_of_missing(repository)

    assert await at_head(repository, [path]) == {path: "text"}
    missing.unlink()
    assert await at_head(repository, [path]) == {}

    assert not sentinel.exists()


def commit_of_missing(repository: Path) -> Path:
    """Return the object of the file, which git would like to fetch once it is gone."""
    command = [shutil.which("git"), "-C", str(repository), "rev-parse", "HEAD:a"]
    name = subprocess.run(command, check=True, capture_output=True, encoding="ascii").stdout.strip()
    return repository / ".git/objects" / name[:2] / name[2:]


def test_git_is_never_one_of_the_workspace(tmp_path, monkeypatch):
    fake = tmp_path / ("git.exe" if sys.platform == "win32" else "git")
    fake.write_bytes(b"")
    fake.chmod(0o755)
    real = os.environ["PATH"]
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), ".", "", real]))
    monkeypatch.chdir(tmp_path)

    assert not Path(git_outside(tmp_path)).is_relative_to(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRepository, match="not installed"):
        git_outside(tmp_path)


def test_variables_of_git_are_not_passed_on():
    kept = environment({"GIT_DIR": "/elsewhere", "GIT_SSH_COMMAND": "evil", "HOME": "/h"})

    assert kept["HOME"] == "/h"
    assert not {"GIT_DIR", "GIT_SSH_COMMAND"} & {*kept}
    assert kept["GIT_NO_LAZY_FETCH"] == "1"
