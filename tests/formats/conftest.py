from pathlib import Path

import pytest

from tests.cli.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an empty project; its root is marked, whatever stands around it."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "k8sgen.toml").touch()
    return Project(folder)
