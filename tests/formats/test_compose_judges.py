"""What others say of our Compose projects: the schema of the specification, and Docker Compose."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from tests.cli.project import Project
from tests.formats.composed import project as composed
from tests.formats.test_compose import SERVICES, SHOP
from tests.formats.test_compose_law import PROGRAM

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/app.py"))
IMPORT = "from k8s_gen import *\n"
SECRETS = """\
secret = Secret("s").add("odd", "a$b 'c' \\"d\\" #e\\\\f ").generate_password("drawn")
App("web").image("i:1").add_secret(secret).env("MOUNTED", "no")
App("api").image("i:1").add_secret(secret, mount_path="/s")
"""


@pytest.fixture(scope="module")
def schema(shared: Path) -> jsonschema_rs.Validator:
    text = (shared / "judges/schemas/compose-spec.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def generated(project: Project, source: str, *arguments: str) -> Path:
    """Return the project that is generated, whatever is reported of it."""
    project.write("app.py", source)
    ran = project.run("generate", "app.py", "-f", "compose", "-o", "out", *arguments)
    assert ran.code == 0, ran.err
    return project.folder / "out/compose.yaml"


@pytest.mark.parametrize("source", [each.values[0] for each in SERVICES] + [SHOP, PROGRAM])
def test_the_schema_of_the_specification_accepts_it(schema, source):
    assert [str(error) for error in schema.iter_errors(composed(source))] == []


@pytest.mark.parametrize("source", [SHOP, PROGRAM, SECRETS], ids=["shop", "law", "secrets"])
def test_docker_compose_accepts_it(project, read_by_compose, source):
    read_by_compose(generated(project, IMPORT + source), EXT="x")


def test_docker_compose_accepts_every_setting(project, read_by_compose):
    names = (f'App("a{number}")' for number in range(len(SERVICES)))
    source = "\n".join(
        each.values[0].replace('App("a")', name)
        for each, name in zip(SERVICES, names, strict=True)
        if each.values[0].startswith("App(")
    )

    read_by_compose(generated(project, IMPORT + source), A="x")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_docker_compose_accepts_the_examples(project, read_by_compose, example):
    shutil.copytree(example.parent, project.folder, dirs_exist_ok=True)

    read_by_compose(generated(project, example.read_text(encoding="utf-8")))


def test_values_of_secrets_reach_the_containers_as_they_are(project, read_by_compose):
    made = generated(project, IMPORT + SECRETS)
    drawn = (made.parent / "secrets/s_drawn").read_text(encoding="utf-8")

    read = json.loads(read_by_compose(made))

    odd = "a$b 'c' \"d\" #e\\f "
    # What Docker Compose prints can be read by it again, so that it doubles every dollar.
    environment = read["services"]["web"]["environment"]
    assert environment == {"MOUNTED": "no", "odd": odd.replace("$", "$$"), "drawn": drawn}
    assert (made.parent / "secrets/s_odd").read_text(encoding="utf-8") == odd
    assert len(drawn) == 32


def test_files_with_values_are_for_their_owner_only_and_nothing_else_has_them(project):
    made = generated(project, IMPORT + SECRETS)
    drawn = (made.parent / "secrets/s_drawn").read_text(encoding="utf-8")
    shown = project.run("preview", "app.py", "-f", "compose", "--json").out

    private = {path.name for path in (made.parent / "secrets").iterdir()}
    assert private == {"web.env", "s_odd", "s_drawn"}
    if os.name == "posix":
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (made.parent / "secrets").iterdir()}
        assert modes == {0o600}
    assert drawn not in made.read_text(encoding="utf-8")
    assert drawn not in shown
    assert drawn not in project.read("out/.k8sgen-manifest")


REQUESTS = [
    pytest.param("./compose.yaml", "compose.yaml", id="a file"),
    pytest.param("deploy/dev.yml", "deploy/dev.yml", id="a file of another name"),
    pytest.param("deploy/", "deploy/compose.yaml", id="a folder"),
]


@pytest.mark.parametrize(("path", "file"), REQUESTS)
def test_the_tool_and_a_plain_script_write_the_same(project, path, file):
    names = ("database", "migration", "shop")
    calls = [f"{name}.generate().to_docker_compose({path!r})\n" for name in names]
    project.write("app.py", IMPORT + SHOP + "".join(calls))

    ran = project.run("generate", "app.py")

    assert ran.code == 0
    assert [*yaml.safe_load(project.read(file))["services"]] == list(names)
    by_tool = project.tree()
    assert project.python("app.py") == (0, "", "")
    assert project.tree() == by_tool


def test_what_only_kubernetes_cannot_do_keeps_nobody_from_compose(project):
    source = 'App("a").from_dockerfile("src").generate().to_docker_compose()\n'
    project.write("app.py", f"from k8s_gen import App\n{source}")

    by_request = project.run("generate", "app.py")
    for_kubernetes = project.run("generate", "app.py", "-f", "kubernetes")

    assert (by_request.code, by_request.err) == (0, "")
    assert (
        yaml.safe_load(project.read("compose.yaml"))["services"]["a"]["build"]["context"] == "src"
    )
    assert for_kubernetes.code == 1
    assert for_kubernetes.err.startswith("error[missing-image]")


def test_check_and_diff_know_the_format(project):
    project.write("app.py", 'from k8s_gen import App\nApp("a").image("i:1")\n')
    project.run("generate", "app.py", "-f", "compose")
    assert project.run("generate", "app.py", "-f", "compose", "--check").code == 0
    project.write("app.py", 'from k8s_gen import App\nApp("a").image("i:2")\n')

    diff = project.run("diff", "app.py", "-f", "compose")

    assert project.run("generate", "app.py", "-f", "compose", "--check").code == 1
    assert diff.code == 1
    assert "-    image: i:1\n+    image: i:2\n" in diff.out


def test_stdout_prints_one_kind_of_file(project):
    project.write("app.py", IMPORT + 'App("a").image("i:1")\n')
    alone = project.run("generate", "app.py", "-f", "compose", "--stdout")
    project.write("app.py", IMPORT + SECRETS)
    mixed = project.run("generate", "app.py", "-f", "compose", "--stdout")

    assert alone.out.startswith("services:\n  a:\n")
    assert mixed.code == 2
    assert mixed.err.startswith("error[usage] --stdout prints manifests, and secrets/web.env is")


def test_the_headless_interface_renders_any_format(project):
    project.write("app.py", 'from k8s_gen import App\nApp("a").image("i:1")\n')
    script = (
        "from k8sgen_core import evaluate\n"
        "found = evaluate('app.py', judging=None)\n"
        "print(*(file.path for file in [*found.render(), *found.render('compose')]))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        encoding="utf-8",
    )

    assert done.stdout == "a-deployment.yaml compose.yaml\n"
