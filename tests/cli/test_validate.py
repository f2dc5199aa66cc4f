"""``k8sgen validate``: DSL files, folders, manifests, standard input."""

import json

import pytest
from jsonschema_rs import validator_for

from tests.cli.project import Ran
from tests.cli.test_preview import COUNT, FINDING, closed, many

TEXT = {"type": "string"}
REPORT = validator_for(
    closed(
        version={"const": 1},
        findings=many(FINDING),
        summary=closed(
            error=COUNT,
            warning=COUNT,
            info=COUNT,
            unchecked=many(closed(apiVersion=TEXT, kind=TEXT, objects=COUNT)),
            skipped=many(closed(path=TEXT, reason=TEXT)),
        ),
    )
)
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: "3"
  selector: &all {}
  template:
    metadata: {}
    spec: {containers: [{name: "🐘", imge: web}]}
"""
FOUND = """\
error[schema-violation] web.yaml:6:13 expected an integer, got the text '3'
  in Deployment/web spec.replicas
  6 |   replicas: "3"
                  ^^^
  hint: write it without quotes: 3
error[schema-violation] web.yaml:10:37 unknown field 'imge'
  in Deployment/web spec.template.spec.containers[0].imge
  10 |     spec: {containers: [{name: "🐘", imge: web}]}
                                            ^^^^
  hint: did you mean 'image'?
1 file: 2 errors
"""


def test_a_good_file_has_no_findings(web):
    assert web.run("validate", "app.py") == Ran(0, "1 file: no findings\n", "")
    assert web.run("validate", "app.py", "-q") == Ran(0, "", "")


def test_a_manifest_is_judged_at_its_lines(project):
    project.write("web.yaml", MANIFEST)

    assert project.run("validate", "web.yaml") == Ran(1, FOUND, "")


def test_standard_input_is_judged_with_excerpts(project):
    expected = FOUND.replace("web.yaml", "<stdin>")

    assert project.run("validate", "-", stdin=MANIFEST) == Ran(1, expected, "")


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_the_objects_of_a_list_are_judged(project, kind):
    items = [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spce": {}}, 7]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    project.write(f"list.{kind}", text)

    ran = project.run("validate", f"list.{kind}")

    assert ran.code == 1
    assert "unknown field 'spce'\n  in Service/a spce\n" in ran.out
    assert "error[invalid-manifest]" in ran.out
    assert "this is no Kubernetes object" in ran.out


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param("a: [1,\nb: 2\n", "3:1", id="open bracket"),
        pytest.param("a: 1\na: 2\n", "2:1", id="key twice"),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n---\na: b: c\n", "5:", id="2nd"
        ),
    ],
)
def test_broken_yaml_is_a_finding_at_its_place(project, content, place):
    project.write("broken.yaml", content)

    ran = project.run("validate", "broken.yaml")

    assert ran.code == 1
    assert f"error[invalid-manifest] broken.yaml:{place}" in ran.out


def test_bytes_that_are_no_text_are_a_finding(project):
    (project.folder / "latin.yaml").write_bytes(b"a: \xff\n")

    assert (
        "latin.yaml:1:4 byte 0xff is not valid UTF-8" in project.run("validate", "latin.yaml").out
    )


def test_the_target_version_decides(project):
    text = (
        "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: a}\n"
    )
    project.write("flow.yaml", text)

    assert project.run("validate", "flow.yaml", "--kubernetes-version", "1.31").code == 0
    removed = project.run("validate", "flow.yaml")
    assert removed.code == 1
    assert "error[removed-api] flow.yaml:1:13 Kubernetes 1.37 has no FlowSchema in" in removed.out
    project.write("k8sgen.toml", 'kubernetes-version = "1.31"\n')
    assert project.run("validate", "flow.yaml").code == 0


def test_a_folder_stands_for_its_dsl_files(web):
    web.write("jobs/job.py", 'from k8s_gen import CronJob\nCronJob("c").image("a:1")\n')
    web.write("helper.py", "1 / 0\n")
    web.write("notes.yaml", "a: b: c\n")

    ran = web.run("validate", ".")

    assert ran.code == 1
    assert ran.out.endswith(
        "skipped notes.yaml: no Kubernetes object, and not readable as YAML\n"
        "2 files: 1 error; 1 skipped\n"
    )
    assert "jobs/job.py:2:1" in ran.out


def test_a_folder_without_dsl_files_stands_for_its_manifests(web):
    web.run("generate", "app.py")
    web.write("k8s/.hidden/no.json", "{}")

    assert web.run("validate", "k8s") == Ran(0, "2 files: no findings\n", "")


def test_the_data_has_the_shape_of_the_preview(project):
    project.write("web.yaml", MANIFEST)
    project.write("app.py", 'from k8s_gen import App\nx = "🐘"; App("web").image("a:1").port(0)\n')

    ran = project.run("validate", "app.py", "web.yaml", "--output", "json")
    document = json.loads(ran.out)

    REPORT.validate(document)
    assert (ran.code, ran.err) == (1, "")
    assert document["summary"] == {
        "error": 3,
        "warning": 0,
        "info": 0,
        "unchecked": [],
        "skipped": [],
    }
    port, _, unknown = document["findings"]
    assert (port["path"], port["range"]["start"]) == ("app.py", {"line": 1, "character": 39})
    assert (unknown["path"], unknown["range"]["start"]) == (
        "web.yaml",
        {"line": 9, "character": 37},
    )


def test_fail_on_chooses_what_fails(project):
    project.write("app.py", 'from k8s_gen import App\nApp("a").image("a:1").depends_on("b")\n')

    assert project.run("validate", "app.py").code == 0
    assert project.run("validate", "app.py", "--fail-on", "warning").code == 1
    project.write("k8sgen.toml", 'fail-on = "warning"\n')
    assert project.run("validate", "app.py").code == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing.yaml", "error[unreadable-file] there is no file or folder missing.yaml\n"),
        ("empty", "error[no-input] nothing in empty can be validated\n"),
    ],
)
def test_what_cannot_be_judged_is_a_usage_error(project, path, message):
    (project.folder / "empty").mkdir()

    ran = project.run("validate", path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)


@pytest.mark.parametrize("stdin", ["", "\n"])
def test_nothing_on_standard_input_is_no_success(project, stdin):
    ran = project.run("validate", "-", stdin=stdin)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[no-input] nothing came on standard input\n")


def test_what_a_rule_takes_for_a_secret_is_in_no_report(project):
    project.write(
        "app.py",
        "from k8s_gen import App\n\n"
        'App("web").image("a:1").env("DB_PASSWORD", "hunter2-hunter2").port(80)\n',
    )
    project.write(
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
        "  - {name: a, image: a, env: [{name: DB_PASSWORD, value: hunter2-hunter2}]}\n",
    )

    for kind in ("text", "json", "sarif", "junit", "github", "gitlab"):
        ran = project.run("validate", "app.py", "pod.yaml", "--output", kind, K8SGEN_SELECT="")
        assert "env-var-secret" in ran.out
        assert "hunter2" not in ran.out + ran.err


def test_an_object_that_is_in_a_file_twice_is_found_at_the_second(project):
    one = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    other = one.replace("{name: a}", "{name: a, namespace: b}")
    project.write("twice.yaml", f"{one}---\n{other}---\n{one}")
    project.write("overlay.yaml", one)

    ran = project.run("validate", "twice.yaml", "overlay.yaml")

    assert ran.code == 1
    assert "error[duplicate-object] twice.yaml:11:18 there is another ConfigMap/a" in ran.out
    assert ran.out.count("duplicate-object") == 1


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME}
spec:
  containers:
  - {image: "a:1"}
"""
SEVERAL = """\
error[schema-violation] app.py:2:11 missing required field 'name'
  in Pod/a spec.containers[0]
error[schema-violation] app.py:2:11 missing required field 'name'
  in Pod/a spec.containers[1]
  2 | Manifests("m.yaml")
                ^^^^^^^^
error[schema-violation] app.py:2:11 missing required field 'name'
  in Pod/b spec.containers[0]
  2 | Manifests("m.yaml")
                ^^^^^^^^
1 file: 3 errors
"""


def test_what_is_found_in_several_objects_or_fields_at_one_place_names_each(project):
    more = POD.replace("NAME", "a") + '  - {image: "b:1"}\n'
    project.write("m.yaml", f"{more}---\n{POD.replace('NAME', 'b')}")
    project.write("app.py", 'from k8s_gen import Manifests\nManifests("m.yaml")\n')

    assert project.run("validate", "app.py") == Ran(1, SEVERAL, "")
