"""The two formats of the document that the product was asked for run as they are written."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.cli.project import Project
from tests.seed.blocks import APP, JOBS, Block, blocks

pytestmark = pytest.mark.shared


@pytest.fixture
def written(shared: Path) -> dict[str, Block]:
    text = (shared / "seed/extensions.md").read_text(encoding="utf-8")
    return {block.path: block for block in blocks(text) if block.path}


def as_files(project: Project, block: Block, before: str) -> None:
    """Keep the class in its own module, and its use in the DSL file, as the document has it."""
    module, use = re.split(r"^# (?:Register the output format|Usage)\n", block.text, flags=re.M)
    project.write(str(block.path), module)
    project.write("app.py", before + use)


@pytest.fixture(params=["one file", "two files"])
def prepared(request, project, written):
    def prepare(path: str, before: str) -> str:
        if request.param == "two files":
            as_files(project, written[path], before)
            return "app.py"
        project.write(path, before + written[path].text)
        return path

    return prepare


def test_terraform(project, prepared):
    file = prepared("output_formats/terraform.py", APP)

    ran = project.run("generate", file)

    assert (ran.code, ran.err) == (0, "")
    made = json.loads(project.read("terraform/main.tf.json"))
    assert [*made] == ["terraform", "resource"]
    deployment = made["resource"]["kubernetes_deployment"]["web-shop"]
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["template"]["spec"]["container"] == [
        {
            "name": "web-shop",
            "image": "docker.io/acme/web:1.4",
            "port": [{"container_port": 8080}],
        }
    ]
    assert not (project.folder / "k8s").exists()


def test_argo_workflows(project, prepared):
    file = prepared("output_formats/argo_workflows.py", JOBS)

    ran = project.run("generate", file)

    assert (ran.code, ran.err) == (0, "")
    made = yaml.safe_load(project.read("workflows/pipeline.yaml"))
    first, *jobs = made["spec"]["templates"]
    assert [task["name"] for task in first["dag"]["tasks"]] == [
        "migration",
        "processing",
        "cleanup",
    ]
    assert jobs[0]["container"] == {
        "image": "acme/migrate:1.0",
        "command": ["migrate", "up"],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
    }
    assert jobs[2]["container"]["resources"]["requests"]["cpu"] == "1"


@pytest.mark.parametrize(
    ("path", "before"),
    [("output_formats/terraform.py", APP), ("output_formats/argo_workflows.py", JOBS)],
)
def test_a_plain_script_writes_the_same(project, prepared, path, before):
    file = prepared(path, before)
    project.run("generate", file)
    by_tool = project.tree()

    ran = project.python(file)

    assert ran.code == 0, ran.err
    assert project.tree() == by_tool
