"""Several DSL files of one project: what they share, and what they must not share."""

import json

import pytest

from tests.cli.project import Ran

ONE = 'from k8s_gen import App\n\nApp("web").image("nginx:1.27").port(80)\n'
HELPERS = """\
from k8s_gen import App

def mk(name):
    return App(name).image("nginx:1.27")
"""
DUPLICATE = """\
error[duplicate-object] two.py:3:1 one.py describes Deployment/web too
  in Deployment/web
  3 | App("web").image("nginx:1.27").port(80)
      ^^^^^^^^^^
  the other one: one.py:3:1
  hint: rename one of them, or put it into another namespace
"""


@pytest.fixture
def twice(project):
    project.write("one.py", ONE)
    project.write("two.py", ONE)
    return project


def test_an_object_of_two_files_is_one_finding_in_the_later(twice):
    expected = Ran(1, f"{DUPLICATE}2 files: 1 error\n", "")

    assert twice.run("validate", "one.py", "two.py") == expected
    assert twice.run("validate", ".") == expected


def test_the_report_names_both_places(twice):
    [finding] = json.loads(twice.run("validate", ".", "--output", "json").out)["findings"]

    assert (finding["path"], finding["related"][0]["path"]) == ("two.py", "one.py")


def test_an_object_of_two_files_is_not_written(twice):
    ran = twice.run("generate", "one.py", "two.py")

    assert ran == Ran(1, "", f"{DUPLICATE}1 error; nothing was written\n")


def test_namespaces_keep_objects_apart(twice):
    twice.write("two.py", ONE.replace(".port(80)", '.namespace("b").port(80)'))

    assert twice.run("validate", ".").code == 0


def test_what_two_files_import_is_one_object(project):
    project.write("one.py", ONE)
    project.write("two.py", "import one\n")

    assert project.run("validate", ".") == Ran(0, "2 files: no findings\n", "")


def test_what_is_found_in_a_module_of_two_files_is_told_once(project):
    project.write("k8sgen.toml", 'select = ["latest-tag"]')
    project.write("part.py", HELPERS + 'mk("part").port(0)\n')
    project.write("one.py", "import part\n\npart.mk('one')\n")
    project.write("two.py", "import part\n\n\npart.mk('two')\n")

    ran = project.run("validate", "one.py", "two.py")

    assert ran.out.count("error[invalid-port] part.py:5:17") == 1
    assert ran.out.splitlines()[-1] == "2 files: 1 error"


def test_a_module_of_helpers_needs_no_resources(project):
    project.write("hlp.py", HELPERS)

    assert project.run("validate", ".") == Ran(0, "1 file: no findings\n", "")


def test_a_module_that_another_file_imports_needs_no_resources(project):
    project.write("hlp.py", f"import os\nHOME = os.fspath('x')\n{HELPERS}")
    project.write("app.py", 'from hlp import mk\n\nmk("x")\n')

    assert project.run("validate", ".") == Ran(0, "2 files: no findings\n", "")


def test_a_file_that_only_imports_helpers_is_judged(project):
    project.write("lib/hlp.py", HELPERS)
    project.write("lib/more.py", "from lib.hlp import mk\n")
    project.write("app.py", 'from lib import more\n\nmore.mk("x").port(0)\n')

    assert "error[invalid-port] app.py:3:19" in project.run("validate", ".").out


@pytest.fixture
def environments(project):
    overlaid = 'from k8s_gen import App\n\na = App("a").image("nginx:1.27").replicas(2)\n'
    project.write("one.py", overlaid + 'a.for_environment("prod").replicas(4)\n')
    project.write("two.py", 'from k8s_gen import App\n\nApp("b").image("nginx:1.27")\n')
    return project


def test_an_environment_that_one_file_has_settings_for_is_known_to_its_project(environments):
    written = environments.run("generate", "two.py", "one.py", "--env", "prod")

    assert (written.code, written.err) == (0, "")
    assert "  replicas: 4\n" in environments.read("k8s/a-deployment.yaml")
    assert "image: nginx:1.27\n" in environments.read("k8s/b-deployment.yaml")
    judged = environments.run("validate", ".", "--env", "prod")
    assert judged == Ran(0, "2 files: no findings\n", "")


def test_an_environment_that_no_file_has_settings_for_is_unknown_to_all(environments):
    assert environments.run("validate", ".", "--env", "prodd") == Ran(
        2,
        "error[unknown-environment] one.py:1:1 "
        "nothing here has settings for the environment 'prodd'\n"
        "  hint: use one of prod\n"
        "error[unknown-environment] two.py:1:1 "
        "nothing here has settings for the environment 'prodd'\n"
        "  hint: call .for_environment(...)\n"
        "2 files: 2 errors\n",
        "",
    )


def test_a_file_by_itself_does_not_know_the_environments_of_others(environments):
    assert environments.run("generate", "two.py", "--env", "prod").code == 2


def test_another_project_does_not_make_an_environment_known(environments):
    environments.write("two/k8sgen.toml", "")
    environments.write("two/app.py", environments.read("two.py"))

    ran = environments.run("validate", "one.py", "two/app.py", "--env", "prod")

    assert ran.code == 2
    assert "error[unknown-environment] two/app.py:1:1" in ran.out


def test_what_another_file_of_the_project_describes_can_be_named(project):
    project.write("k8sgen.toml", 'include = ["*.yaml"]\n')
    project.write("old.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: legacy}}\n")
    project.write("b.py", 'from k8s_gen import App\n\nApp("api2").image("b:1")\n')
    project.write(
        "a.py",
        "from k8s_gen import App\n\n"
        'App("api").image("a:1").connect_to("api2", "legacy", "api3").depends_on("apis")\n',
    )
    found = {
        "api3": ["warning[dangling-reference] a.py:3:54 nothing here is named 'api3'", "'api2'"],
        "apis": ["warning[dangling-reference] a.py:3:73 nothing here is named 'apis'", "'api2'"],
    }

    for arguments in (("validate", "a.py"), ("validate", ".")):
        out = project.run(*arguments, "--select", "dangling-reference").out

        told = [line for line in out.splitlines() if line.startswith("warning")]
        hints = [line for line in out.splitlines() if line.startswith("  hint")]
        assert told == [first for first, _ in found.values()]
        assert hints == [f"  hint: did you mean {name}?" for _, name in found.values()]


def test_a_name_that_may_be_meant_is_not_corrected_by_itself_and_never_its_own(project):
    source = 'from k8s_gen import App\n\nApp("api").image("a:1").connect_to("apis")\n'
    project.write("a.py", source)

    ran = project.run("validate", "a.py", "--select", "dangling-reference", "--fix")

    assert "did you mean" not in ran.out
    assert "nothing here is named 'apis'" in ran.out
    assert project.read("a.py") == source
