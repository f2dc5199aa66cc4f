"""``k8sgen generate``: what is written where, what is said, and the exit code."""

import json
import re
import sys

import pytest

from tests.cli.project import Project, Ran

TREE = """\
app.py
├── Deployment/web
└── Service/web     selects Deployment/web
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/managed-by: k8s-gen
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
        app.kubernetes.io/managed-by: k8s-gen
    spec:
      automountServiceAccountToken: false
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - name: http
          containerPort: 80
        securityContext:
          allowPrivilegeEscalation: false
          seccompProfile:
            type: RuntimeDefault
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/managed-by: k8s-gen
spec:
  selector:
    app.kubernetes.io/name: web
  ports:
  - name: http
    port: 80
    targetPort: http
"""
TWO_FOLDERS = """\
from k8s_gen import App

App("web").image("nginx:1.27").generate().to_yaml("./k8s/")
App("api").image("nginx:1.27").namespace("one").generate().to_yaml("other/one")
App("api").image("nginx:1.28").namespace("two").generate().to_yaml("./other/two/")
App("more").image("nginx:1.27").generate().to_yaml("k8s")
"""
WRONG = """\
from k8s_gen import App

App("web").image("Nginx Latest")
App("api").image("nginx:1.27").replicas("three")
"""


def app(name: str, image: str = "nginx:1.27") -> str:
    return f'from k8s_gen import App\n\nApp("{name}").image("{image}")\n'


def test_it_writes_the_manifests_and_says_what_there_is(web):
    assert web.run("generate", "app.py") == Ran(0, f"{TREE}2 files in k8s: 2 created\n", "")

    written = web.tree("k8s")
    assert json.loads(written.pop(".k8sgen-manifest"))["files"].keys() == written.keys()
    assert written == {"web-deployment.yaml": DEPLOYMENT, "web-service.yaml": SERVICE}


def test_again_nothing_changes(web):
    web.run("generate", "app.py")
    before = web.tree()

    assert web.run("generate", "app.py").out == f"{TREE}2 files in k8s: 2 unchanged\n"

    assert web.tree() == before


def test_files_change_appear_and_vanish_with_the_description(web):
    web.run("generate", "app.py")
    web.write("app.py", app("web", "nginx:1.28") + 'App("api").image("nginx:1.27")\n')

    said = web.run("generate", "app.py").out

    assert said.splitlines()[-1] == "2 files in k8s: 1 created, 1 changed, 1 removed"
    assert sorted(web.tree("k8s")) == [
        ".k8sgen-manifest",
        "api-deployment.yaml",
        "web-deployment.yaml",
    ]


def test_quiet_says_nothing(web):
    assert web.run("generate", "app.py", "--quiet") == Ran(0, "", "")


def test_o_chooses_the_folder_from_where_one_stands(web):
    web.write("below/here", "")
    ran = Project(web.folder / "below").run("generate", "../app.py", "-o", "out")

    assert ran.out.splitlines()[-1] == "2 files in out: 2 created"
    assert (web.folder / "below/out/web-service.yaml").is_file()


def test_the_configured_folder_starts_at_the_project_root(web):
    web.write("k8sgen.toml", 'output = "deploy/base"\n')
    web.write("below/here", "")

    Project(web.folder / "below").run("generate", "../app.py")

    assert sorted(web.tree("deploy/base"))[1:] == ["web-deployment.yaml", "web-service.yaml"]


def test_the_file_says_where_it_is_written(project):
    project.write("app.py", TWO_FOLDERS)

    said = project.run("generate", "app.py").out

    assert said.splitlines()[-3:] == [
        "2 files in k8s: 2 created",
        "1 file in other/one: 1 created",
        "1 file in other/two: 1 created",
    ]


def test_run_by_python_the_same_files_are_written(project):
    project.write("app.py", TWO_FOLDERS)
    project.run("generate", "app.py")
    by_the_tool = project.tree()
    for folder in ("k8s", "other/one", "other/two"):
        for path in (project.folder / folder).iterdir():
            path.unlink()

    assert project.python("app.py") == Ran(0, "", "")

    assert project.tree() == by_the_tool
    assert project.run("generate", "app.py", "--check") == Ran(0, "", "")


def test_with_o_the_wishes_of_the_file_are_ignored(project):
    project.write("app.py", TWO_FOLDERS)

    project.run("generate", "app.py", "-o", "all")

    assert sorted(project.tree("all")) == [
        ".k8sgen-manifest",
        "more-deployment.yaml",
        "one-api-deployment.yaml",
        "two-api-deployment.yaml",
        "web-deployment.yaml",
    ]
    assert not (project.folder / "k8s").exists()


def test_two_files_share_a_folder_and_own_their_own(project):
    project.write("a.py", app("a") + 'App("gone").image("nginx:1.27")\n')
    project.write("b.py", app("b"))
    project.run("generate", "a.py", "b.py")
    project.write("a.py", app("a"))

    said = project.run("generate", "a.py").out

    assert said.endswith("1 file in k8s: 1 removed, 1 unchanged\n")
    assert sorted(project.tree("k8s"))[1:] == ["a-deployment.yaml", "b-deployment.yaml"]


@pytest.mark.parametrize("options", [(), ("-o", "out"), ("--force",)], ids=" ".join)
def test_two_files_with_one_path_are_a_conflict(project, options):
    project.write("a.py", app("web"))
    project.write("b.py", app("web").replace(".image", '.namespace("two").image'))
    folder = options[1] if len(options) == 2 else "k8s"

    ran = project.run("generate", "a.py", "b.py", *options)

    assert ran.code == 1
    assert ran.err == (
        f"error[output-path-conflict] {folder}/web-deployment.yaml would be written by a.py and by "
        "b.py\n  hint: rename one of the resources, or give the files different folders\n"
    )
    assert not (project.folder / folder).exists()


def test_a_file_named_twice_is_one_file(web):
    assert web.run("generate", "app.py", "./app.py").out.count("app.py\n") == 1


def test_check_says_what_differs_and_writes_nothing(web):
    assert web.run("generate", "app.py", "--check") == Ran(
        1,
        "would be created k8s/web-deployment.yaml\nwould be created k8s/web-service.yaml\n",
        "not up to date: run it without --check; k8sgen diff shows why\n",
    )
    assert sorted(web.tree()) == ["app.py", "k8sgen.toml"]

    web.run("generate", "app.py")

    assert web.run("generate", "app.py", "--check") == Ran(0, "", "")


@pytest.mark.parametrize("content", ["# edited\n", "kind: Mine\n"])
def test_check_says_that_a_file_of_others_differs(web, content):
    web.run("generate", "app.py")
    if "Mine" in content:
        (web.folder / "k8s/.k8sgen-manifest").unlink()
    web.write("k8s/web-service.yaml", content)

    assert web.run("generate", "app.py", "--check") == Ran(
        1,
        "would be changed k8s/web-service.yaml\n",
        "not up to date: run it without --check; k8sgen diff shows why\n",
    )
    assert web.read("k8s/web-service.yaml") == content


def test_an_environment_is_chosen(web):
    web.run("generate", "app.py", "--env", "prod")

    assert "  replicas: 4\n" in web.read("k8s/web-deployment.yaml")


@pytest.mark.parametrize("command", ["generate", "preview", "validate", "diff"])
def test_an_unknown_environment_is_a_usage_error(web, command):
    ran = web.run(command, "app.py", "--env", "prodd")

    assert ran.code == 2
    assert "error[unknown-environment] app.py:1:1" in ran.out + ran.err
    assert "hint: use one of prod" in ran.out + ran.err
    assert not (web.folder / "k8s").exists()


@pytest.mark.parametrize("command", ["generate", "preview", "validate", "diff"])
@pytest.mark.parametrize("version", ["1.99", "new"])
def test_an_unknown_version_is_a_usage_error(web, command, version):
    assert web.run(command, "app.py", "--kubernetes-version", version) == Ran(
        2,
        "",
        f"error[configuration] unknown Kubernetes version '{version}'\n"
        "  hint: use one of 1.29, 1.30, 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, 1.37\n",
    )


def test_every_error_is_shown_and_nothing_is_written(project):
    project.write("app.py", WRONG)

    ran = project.run("generate", "app.py")

    assert ran.code == 1
    assert ran.out == ""
    assert "error[invalid-image] app.py:3:18 'Nginx Latest' is not an image reference" in ran.err
    assert '  3 | App("web").image("Nginx Latest")\n                       ^^^^^^^^^^^^^^\n' in (
        ran.err
    )
    assert "error[wrong-type] app.py:4:41 'three' is text" in ran.err
    assert ran.err.endswith("errors; nothing was written\n")
    assert sorted(project.tree()) == ["app.py", "k8sgen.toml"]


def test_a_file_that_fails_keeps_the_others_from_being_written(project):
    project.write("good.py", app("good"))
    project.write("k8s/mine.txt", "mine")
    project.run("generate", "good.py")
    before = project.tree("k8s")
    project.write("good.py", app("good", "nginx:1.28"))
    project.write("bad.py", "1 / 0\n")

    ran = project.run("generate", "good.py", "bad.py")

    assert ran.code == 1
    assert "error[uncaught-exception] bad.py:1:1 ZeroDivisionError" in ran.err
    assert ran.err.endswith("1 error; nothing was written\n")
    assert project.tree("k8s") == before


def test_a_broken_file_takes_nothing_away(web):
    web.run("generate", "app.py")
    before = web.tree("k8s")
    web.write("app.py", 'from k8s_gen import App\nApp("web"')

    assert web.run("generate", "app.py").code == 1

    assert web.tree("k8s") == before


def test_an_empty_description_is_not_taken_for_the_wish_to_remove_everything(web):
    web.run("generate", "app.py")
    before = web.tree("k8s")
    web.write("app.py", "from k8s_gen import App\n")

    assert web.run("generate", "app.py") == Ran(
        1,
        "",
        "error[no-resources] app.py describes no resources; nothing was written\n"
        '  hint: create a builder, for example App("web")\n',
    )
    assert web.tree("k8s") == before


def test_fail_on_makes_warnings_block(project):
    project.write("app.py", app("web") + 'App("api").image("nginx:1.27").depends_on("databse")\n')

    blocked = project.run("generate", "app.py", "--fail-on", "warning")

    assert blocked.code == 1
    assert blocked.err.endswith("1 warning; nothing was written\n")
    assert not (project.folder / "k8s").exists()
    assert project.run("generate", "app.py", K8SGEN_FAIL_ON="warning").code == 1
    assert project.run("generate", "app.py").code == 0


def test_what_a_file_prints_is_shown(web):
    web.write("app.py", web.read("app.py") + 'print("seven")\n')

    assert web.run("generate", "app.py").err == "app.py prints: seven\n"
    assert web.run("generate", "app.py", "-q").err == ""


def test_a_file_that_is_not_ours_is_refused(web):
    web.write("k8s/web-service.yaml", "mine")

    assert web.run("generate", "app.py") == Ran(
        2,
        "",
        "error[foreign-file] k8s/web-service.yaml exists and was not written by k8s-gen\n"
        "  hint: move it away, or overwrite it with --force\n",
    )
    assert web.tree("k8s") == {"web-service.yaml": "mine"}
    assert web.run("generate", "app.py", "--force").code == 0
    assert web.read("k8s/web-service.yaml") == SERVICE


def test_an_edited_file_is_refused(web):
    web.run("generate", "app.py")
    web.write("k8s/web-deployment.yaml", "edited")

    assert web.run("generate", "app.py") == Ran(
        2,
        "",
        "error[foreign-file] k8s/web-deployment.yaml was edited after k8s-gen wrote it\n"
        "  hint: move the edit into app.py, then discard it here with --force\n",
    )
    assert web.read("k8s/web-deployment.yaml") == "edited"
    assert web.run("generate", "app.py", "--force").out.endswith("1 changed, 1 unchanged\n")


def test_a_file_of_another_source_is_refused(web):
    web.run("generate", "app.py")
    web.write("other.py", app("web", "nginx:1.28"))

    ran = web.run("generate", "other.py")

    assert ran.code == 2
    assert "k8s/web-deployment.yaml belongs to app.py (format kubernetes, root web)" in ran.err
    assert web.read("k8s/web-deployment.yaml") == DEPLOYMENT


def test_one_folder_that_cannot_be_written_keeps_the_others_as_they_are(project):
    project.write("app.py", TWO_FOLDERS)
    project.write("other/two/api-deployment.yaml", "mine")
    before = project.tree()

    ran = project.run("generate", "app.py")

    assert ran.code == 2
    assert "other/two/api-deployment.yaml exists and was not written by k8s-gen" in ran.err
    assert project.tree() == before


def test_a_record_that_cannot_be_read_is_an_integrity_failure(web):
    web.run("generate", "app.py")
    web.write("k8s/.k8sgen-manifest", "{}")
    before = web.tree()

    for command in ("generate", "diff"):
        ran = web.run(command, "app.py")

        assert (ran.code, ran.out) == (4, "")
        assert "error[output-folder]" in ran.err
        assert ".k8sgen-manifest cannot be read: it lacks" in ran.err
        assert "\n  hint: restore it from version control, or delete it and take" in ran.err
    assert web.tree() == before


@pytest.mark.parametrize("command", ["generate", "diff"])
@pytest.mark.parametrize("folder", ["app.py", "app.py/k8s"])
def test_a_file_is_no_folder(web, command, folder):
    assert web.run(command, "app.py", "-o", folder) == Ran(
        2, "", "error[output-folder] app.py is no folder\n  hint: name a folder\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux says")
@pytest.mark.parametrize(
    ("folder", "problem"),
    [("/proc/x", "No such file or directory"), ("n" * 256, "File name too long")],
)
def test_a_folder_that_cannot_be_made_is_named_as_it_was_given(web, folder, problem):
    assert web.run("generate", "app.py", "-o", folder) == Ran(
        4,
        "",
        f"error[output-folder] cannot write {folder}: {problem}\n"
        "  hint: see that it can be written, or name another folder\n",
    )


def test_stdout_prints_the_documents(web):
    assert web.run("generate", "app.py", "--stdout") == Ran(0, f"{DEPLOYMENT}---\n{SERVICE}", "")
    assert not (web.folder / "k8s").exists()


def test_a_plain_script_raises_every_finding_and_writes_nothing(project):
    project.write("app.py", 'from k8s_gen import CronJob\n\nCronJob("c").generate().to_yaml()\n')

    ran = project.python("app.py")

    assert ran.code == 1
    assert "GenerationError" in ran.err
    assert "error[missing-image] c has no image" in ran.err
    assert "error[missing-setting]" in ran.err
    assert not (project.folder / "k8s").exists()


def test_files_of_a_source_that_is_gone_are_removed(project):
    for name in ("one", "two"):
        text = f'from k8s_gen import App\n\nApp("{name}").image("nginx:1.27")\n'
        project.write(f"{name}.py", text)
    project.run("generate", "one.py", "two.py")
    (project.folder / "two.py").unlink()

    checked = project.run("generate", "one.py", "--check")
    written = project.run("generate", "one.py")

    assert (checked.code, checked.out) == (1, "would be removed k8s/two-deployment.yaml\n")
    assert written.code == 0
    assert set(project.tree("k8s")) == {".k8sgen-manifest", "one-deployment.yaml"}


def test_files_of_a_source_that_was_renamed_are_taken_over(web):
    web.run("generate", "app.py")
    (web.folder / "app.py").rename(web.folder / "web.py")

    ran = web.run("generate", "web.py")

    assert ran.code == 0
    assert '"source": "web.py"' in web.read("k8s/.k8sgen-manifest")
    assert '"source": "app.py"' not in web.read("k8s/.k8sgen-manifest")


@pytest.mark.parametrize("is_renamed", [True, False])
def test_records_that_name_no_project_are_taken_for_those_of_this_one(web, is_renamed):
    web.run("generate", "app.py")
    record = web.read("k8s/.k8sgen-manifest")
    older = re.sub(r',\s*"project": "[^"]*"', "", record)
    assert older != record
    web.write("k8s/.k8sgen-manifest", older)
    if is_renamed:
        (web.folder / "app.py").rename(web.folder / "web.py")

    ran = web.run("generate", "web.py" if is_renamed else "app.py")

    assert (ran.code, ran.err) == (0, "")


def test_a_file_is_the_same_from_whichever_project_it_is_seen(project):
    text = 'from k8s_gen import App\n\nApp("one").image("nginx:1.27")\n'
    project.write("svc/a.py", text)
    project.write("svc/k8sgen.toml", "")
    project.run("generate", "svc/a.py", "-o", "k8s")
    (project.folder / "svc/k8sgen.toml").unlink()
    project.write("k8sgen.toml", "")

    ran = project.run("generate", "svc/a.py", "-o", "k8s")

    assert (ran.code, ran.err) == (0, "")


def test_files_of_another_project_are_left_alone_where_both_write(project):
    for name in ("one", "two"):
        project.write(f"{name}/k8sgen.toml", "")
        text = f'from k8s_gen import App\n\nApp("{name}").image("nginx:1.27")\n'
        project.write(f"{name}/{name}.py", text)
        project.run("generate", f"{name}/{name}.py", "-o", "k8s")

    assert {"one-deployment.yaml", "two-deployment.yaml"} < set(project.tree("k8s"))


def test_an_edit_of_a_file_whose_source_is_gone_is_not_lost(web):
    web.run("generate", "app.py")
    (web.folder / "app.py").rename(web.folder / "web.py")
    web.write("k8s/web-service.yaml", "mine")

    ran = web.run("generate", "web.py")

    assert ran.code != 0
    assert "was edited after k8s-gen wrote it" in ran.err
    assert web.read("k8s/web-service.yaml") == "mine"


def test_files_of_a_project_inside_are_not_taken_for_those_of_a_source_that_is_gone(project):
    for name, folder in (("a", ""), ("b", "nested/")):
        project.write(f"{folder}k8sgen.toml", "")
        text = f'from k8s_gen import App\n\nApp("{name}").image("nginx:1.27")\n'
        project.write(f"{folder}{name}.py", text)
    project.run("generate", "nested/b.py", "-o", "out")

    ran = project.run("generate", "a.py", "-o", "out")

    assert ran.code == 0
    assert {"a-deployment.yaml", "b-deployment.yaml"} < set(project.tree("out"))


def test_sources_of_one_name_in_two_projects_are_two(project):
    for name in ("one", "two"):
        project.write(f"{name}/k8sgen.toml", "")
        text = f'from k8s_gen import App\n\nApp("{name}").image("nginx:1.27")\n'
        project.write(f"{name}/app.py", text)
        project.run("generate", f"{name}/app.py", "-o", "out")
    assert {"one-deployment.yaml", "two-deployment.yaml"} < set(project.tree("out"))
    project.write("two/app.py", project.read("one/app.py"))

    ran = project.run("generate", "two/app.py", "-o", "out")

    assert ran.code != 0
    assert f"belongs to app.py of the project {project.folder / 'one'}" in ran.err


def test_files_of_a_project_that_was_moved_stay_its_own(project):
    text = 'from k8s_gen import App\n\nApp("{}").image("nginx:1.27")\n'
    project.write("old/k8sgen.toml", "")
    project.write("old/app.py", text.format("a"))
    project.run("generate", "old/app.py", "-o", "out")
    (project.folder / "old").rename(project.folder / "new")
    project.write("new/app.py", text.format("b"))

    project.run("generate", "new/app.py", "-o", "out")

    assert set(project.tree("out")) == {".k8sgen-manifest", "b-deployment.yaml"}
