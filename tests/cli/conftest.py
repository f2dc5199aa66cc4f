from pathlib import Path

import pytest

from tests.cli.project import Project

WEB = """\
from k8s_gen import App

web = App("web").image("nginx:1.27").port(80).replicas(2)
web.for_environment("prod").replicas(4)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an empty project; its root is marked, whatever stands around it."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "k8sgen.toml").touch()
    return Project(folder)


@pytest.fixture
def web(project: Project) -> Project:
    """Return a project with a web application in ``app.py``."""
    project.write("app.py", WEB)
    return project
