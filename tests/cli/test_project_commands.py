"""``init``, ``doctor``, ``trust`` and ``lsp``: everything around a description."""

import json
import os

import pytest

from k8sgen_core.cli.init import TEMPLATES
from tests.cli.project import Project, Ran


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_init_writes_generates_and_is_valid(project, template):
    ran = project.run("init", "shop", "--template", template)

    assert ran == Ran(
        0,
        "created shop/app.py\ncreated shop/k8sgen.toml\ncreated shop/.gitignore\n"
        "next: k8sgen preview shop/app.py\n",
        "",
    )
    shop = Project(project.folder / "shop")
    assert shop.run("validate", "app.py") == Ran(0, "1 file: no findings\n", "")
    assert shop.run("generate", "app.py").code == 0
    assert shop.run("validate", "k8s").out.endswith("no findings\n")
    assert shop.run("generate", "app.py", "--check") == Ran(0, "", "")
    assert all(name.startswith("shop-") for name in shop.tree("k8s") if name != ".k8sgen-manifest")


def test_init_without_a_name_takes_the_folder_and_touches_nothing(project):
    project.write(".gitignore", "mine\n")

    assert project.run("init").out == "created app.py\nnext: k8sgen preview app.py\n"

    assert project.read(".gitignore") == "mine\n"
    assert 'App("project")' in project.read("app.py")
    again = project.run("init")
    assert (again.code, again.err) == (
        2,
        "error[foreign-file] app.py exists\n  hint: choose another folder\n",
    )


@pytest.mark.parametrize(
    ("folder", "name"), [("My App_1", "my-app-1"), ("7 Zwerge", "zwerge"), ("n" * 60, "n" * 52)]
)
def test_init_in_a_folder_whose_name_no_application_can_have_takes_the_nearest(
    project, folder, name
):
    (project.folder / folder).mkdir()
    inside = Project(project.folder / folder)

    assert inside.run("init").code == 0

    assert f'App("{name}")' in inside.read("app.py")
    assert sorted(inside.tree()) == [".gitignore", "app.py", "k8sgen.toml"]
    assert inside.run("validate", "app.py").code == 0


def test_init_leaves_the_configuration_of_a_project_alone(project):
    project.write("new/pyproject.toml", '[tool.k8sgen]\noutput = "deploy"\n')

    assert project.run("init", "new").code == 0

    assert not (project.folder / "new/k8sgen.toml").exists()
    assert "in deploy: " in Project(project.folder / "new").run("generate", "app.py").out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Bad_Name", "error[invalid-name] 'Bad_Name' cannot be the name"),
        ("taken", "error[output-folder] "),
    ],
)
def test_init_says_what_is_wrong_with_a_name(project, name, message):
    project.write("taken", "")
    before = project.tree()

    ran = project.run("init", name)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)
    assert "\n  hint: " in ran.err
    assert project.tree() == before


def test_init_keeps_generated_secrets_out_of_git(project):
    project.run("init", "shop", "--template", "stateful")
    shop = Project(project.folder / "shop")
    shop.run("generate", "app.py")

    assert "/k8s/*-secret.yaml" in shop.read(".gitignore")
    assert (shop.folder / "k8s/shop-credentials-secret.yaml").is_file()


def test_doctor_tells_what_it_finds(web):
    ran = web.run("doctor")
    facts = {each["name"]: each for each in json.loads(web.run("doctor", "--json").out)}

    assert (ran.code, ran.err) == (0, "")
    assert facts["project root"]["value"] == str(web.folder.resolve())
    assert facts["DSL files"]["value"] == "app.py"
    assert facts["trusted"]["value"].startswith("no: k8sgen trust")
    assert all(each["problem"] is None for each in facts.values())
    assert all(f"{name:16} {each['value']}\n" in ran.out for name, each in facts.items())


def test_doctor_shows_what_is_wrong(web):
    web.write("k8sgen.toml", "kubernetes-version = 7\n")

    ran = web.run("doctor")

    assert ran.code == 2
    assert "problem: `kubernetes-version` in k8sgen.toml" in ran.out
    assert web.run("doctor", "nowhere").err == (
        "error[unreadable-file] there is no folder nowhere\n  hint: check the path\n"
    )


def test_trust_is_given_listed_and_taken(web):
    folder = web.folder.resolve()

    assert web.run("trust", "--list") == Ran(0, "", "")
    assert web.run("trust", ".").out == f"{folder} is trusted: the language server runs its files\n"
    assert web.run("trust", "--list").out == f"{folder}\n"
    assert "trusted          yes\n" in web.run("doctor").out
    assert web.run("trust", "--remove", ".").out == f"{folder} is not trusted any more\n"
    assert web.run("trust", "--list") == Ran(0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing"], "missing is no folder"),
        ([os.path.abspath(os.sep)], "it is the root of a file system"),
        (["--remove", "."], ". is not listed"),
    ],
    ids=["missing", "root", "not listed"],
)
def test_what_cannot_be_trusted_is_said(project, arguments, message):
    ran = project.run("trust", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[trust] ")
    assert message in ran.err


def test_without_the_extra_lsp_says_how_to_get_it(project):
    project.write("without/sitecustomize.py", BLOCK)

    ran = project.run("lsp", PYTHONPATH=os.pathsep.join([
        str(project.folder / "without"), project.environment()["PYTHONPATH"]
    ]))  # fmt: skip

    assert ran == Ran(
        2,
        "",
        "error[missing-extra] the language server is not installed\n"
        "  hint: pip install 'k8s-gen[lsp]'\n",
    )


# Makes a Python without the extra of the one that runs the tests.
BLOCK = """\
import sys
from importlib.machinery import PathFinder


class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        found = None if name.startswith(("pygls", "lsprotocol")) else super().find_spec(name, path)
        return found


sys.meta_path[:] = [Without if each is PathFinder else each for each in sys.meta_path]
"""
