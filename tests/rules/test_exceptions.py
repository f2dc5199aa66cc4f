"""What excepts a finding: judging.comments, annotations and ignoring; and its misuse."""

import json

import pytest

from k8sgen_core.findings import Place, Position, Range
from k8sgen_core.judging.annotations import ignored
from k8sgen_core.judging.comments import exemptions
from tests.cli.project import Project

SELECT = ("--select", "latest-tag,privileged-container,unused-suppression", "--output", "json")


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder)


def found(project, source: str, name: str = "app.py") -> list[tuple[int, str]]:
    """Return the lines and ids of the findings of a DSL file, or of a manifest."""
    project.write(name, source)
    report = json.loads(project.run("validate", name, *SELECT).out)
    return [(each["range"]["start"]["line"] + 1, each["rule"]) for each in report["findings"]]


DSL = "from k8s_gen import App, AppGroup, Companion\n"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        pytest.param('App("a").image("b")\n', [(2, "latest-tag")], id="nothing said"),
        pytest.param(
            'App("a").image("b")  # k8sgen: ignore[latest-tag] a trial\n', [], id="end of the line"
        ),
        pytest.param(
            '# k8sgen: ignore[latest-tag] a trial\nApp("a").image("b")\n', [], id="line above"
        ),
        pytest.param(
            '# k8sgen: ignore[latest-tag] a trial\n\n# more\n(\n    App("a")\n    .image("b")\n)\n',
            [],
            id="the statement below",
        ),
        pytest.param(
            '(\n    App("a")\n    # k8sgen: ignore[latest-tag] a trial\n    .image("b")\n)\n',
            [],
            id="the line below, inside a statement",
        ),
        pytest.param(
            'App("a").image("b")  # k8sgen: ignore[latest-tag, privileged-container] a trial\n',
            [(2, "unused-suppression")],
            id="one of two is of use",
        ),
        pytest.param(
            'App("a").image("b")  # k8sgen: ignore[latest-tags] a trial\n',
            [(2, "latest-tag"), (2, "unknown-id")],
            id="misspelt",
        ),
        pytest.param(
            'App("a").image("b")  # k8sgen: ignore[latest-tag]\n',
            [(2, "unexplained-suppression")],
            id="without a reason",
        ),
        pytest.param(
            'x = "# k8sgen: ignore[latest-tag] a trial"; App("a").image("b")\n',
            [(2, "latest-tag")],
            id="in a string",
        ),
        pytest.param(
            'App("a").image("b").ignore("latest-tag", reason="a trial")\n', [], id="method"
        ),
        pytest.param(
            'AppGroup("g").add(App("a").image("b")).ignore("latest-tag", reason="a trial")\n',
            [],
            id="method of the group",
        ),
        pytest.param(
            'App("a").image("b:1").add_companion(\n'
            '    Companion("c").image("d").ignore("latest-tag", reason="a trial")\n)\n',
            [],
            id="method of the companion",
        ),
        pytest.param(
            'App("a").image("b:1").ignore("latest-tag", reason="a trial")\n',
            [(2, "unused-suppression")],
            id="method without use",
        ),
        pytest.param(
            'App("a").image("b").annotations({"ignore.k8s-gen.io/latest-tag": "a trial"})\n',
            [],
            id="annotation",
        ),
        pytest.param(
            'App("a").image("b:1").annotations({"ignore.k8s-gen.io/latest-tag": "a trial"})\n',
            [(2, "unused-suppression")],
            id="annotation without use",
        ),
    ],
)
def test_a_dsl_file(project, source, left):
    assert found(project, DSL + source) == left


POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: {ANNOTATION}
spec:
  containers:
  - name: a
    image: b
"""


PLUGIN = """from k8s_gen import App, Plugin


class Db(Plugin):
    def generate_all(self):
        yield App(self.name).image("b")
        yield App(self.name + "-2").image("b")


class Outer(Plugin):
    def generate_all(self):
        yield Db(self.name).ignore("latest-tag", reason="a trial")
"""


@pytest.mark.parametrize(
    "source",
    [
        'Db("a").ignore("latest-tag", reason="a trial")\n',
        'App("w").image("b:1").add(Db("a").ignore("latest-tag", reason="a trial"))\n',
        'AppGroup("g").add(Db("a").ignore("latest-tag", reason="a trial"))\n',
        'Outer("a")\n',
        'AppGroup("g").add(AppGroup("h").add(App("a").image("b")).ignore("latest-tag", "x"))\n',
    ],
)
def test_what_holds_resources_excepts_for_all_of_them_wherever_it_is_held(project, source):
    project.write("plugins/db.py", PLUGIN)

    assert found(project, f"{DSL}from plugins.db import Db, Outer\n{source}") == []


@pytest.mark.parametrize(
    ("annotation", "left"),
    [
        ("{a: b}", [(9, "latest-tag")]),
        ("{ignore.k8s-gen.io/latest-tag: a trial}", []),
        (
            "{ignore.k8s-gen.io/latest: a trial}",
            [(5, "unknown-id"), (9, "latest-tag")],
        ),
        ("{ignore-check.kube-linter.io/latest-tag: a trial}", []),
        ("{kube-linter.io/ignore-all: a trial}", []),
        ('{kube-score/ignore: "container-resources,container-image-tag"}', []),
        ("{kube-score/ignore: pod-probes}", [(9, "latest-tag")]),
    ],
)
def test_annotations_in_yaml(project, annotation, left):
    assert found(project, POD.replace("{ANNOTATION}", annotation), "pod.yaml") == left


def test_a_comment_in_yaml(project):
    text = POD.replace("  annotations: {ANNOTATION}\n", "")
    beside = text.replace("image: b", "image: b  # k8sgen: ignore[latest-tag] a trial")
    above = text.replace("    image", "    # k8sgen: ignore[latest-tag] a trial\n    image")

    assert found(project, text, "pod.yaml") == [(8, "latest-tag")]
    assert found(project, beside, "pod.yaml") == []
    assert found(project, above, "pod.yaml") == []


def test_what_prevents_writing_is_not_excepted(project):
    source = 'App("a").image("b:1").port(0)  # k8sgen: ignore[invalid-port] a trial\n'

    assert (2, "invalid-port") in found(project, DSL + source)


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param('.ignore("schema-violation", "why")', id="method"),
        pytest.param(
            '.annotations({"ignore.k8s-gen.io/schema-violation": "why"})', id="annotation"
        ),
        pytest.param("  # k8sgen: ignore[schema-violation] why", id="comment"),
    ],
)
@pytest.mark.parametrize("replicas", ['"x"', "3"], ids=["wrong", "right"])
def test_an_exception_of_what_prevents_writing_is_told_so(project, chain, replicas):
    source = f'App("a").image("b:1").override({{"spec": {{"replicas": {replicas}}}}}){chain}\n'
    project.write("app.py", DSL + source)

    [*wrong, told] = sorted(
        json.loads(project.run("validate", "app.py", *SELECT).out)["findings"],
        key=lambda each: each["severity"],
    )

    assert [each["rule"] for each in wrong] == ["schema-violation"] * (replicas == '"x"')
    assert (told["rule"], told["message"], told["hint"]) == (
        "unused-suppression",
        "schema-violation prevents writing, and what does cannot be excepted",
        "remove it",
    )


def test_a_comment_for_what_a_policy_prevents_names_what_excepts_it(project):
    project.write("k8sgen.toml", '[policy]\napproved-registries = ["ghcr.io"]\n')
    comment = "# k8sgen: ignore[unapproved-registry] a trial"
    project.write("app.py", f'{DSL}App("a").image("b:1")  {comment}\n')

    ran = project.run("validate", "app.py", "--select", "unapproved-registry,unused-suppression")

    assert "error[unapproved-registry] app.py:2:16" in ran.out
    assert (
        "warning[unused-suppression] app.py:2:41 "
        "unapproved-registry prevents writing, which no comment excepts\n"
    ) in ran.out
    assert 'hint: write: .ignore("unapproved-registry", reason="...")' in ran.out


def test_files_can_be_excepted_by_the_configuration(project):
    project.write("k8sgen.toml", '[per-path-ignores]\n"legacy/**/*.py" = ["latest-tag"]\n')
    source = f'{DSL}App("a").image("b")\n'

    assert found(project, source, "legacy/app.py") == []
    assert found(project, source, "new/app.py") == [(2, "latest-tag")]


def test_annotations_of_others_name_all_rules_that_stand_for_a_check():
    assert "latest-tag" in ignored({"kube-linter.io/ignore-all": ""})
    assert ignored({"kube-score/ignore": "container-image-tag, no-such"}) == {"latest-tag"}
    assert ignored({"something.else/latest-tag": "x"}) == set()


def test_comments_are_found_where_python_has_them():
    text = '"""\n# k8sgen: ignore[a] no\n"""\nx = 1  #k8sgen:ignore[b]  why\n'

    [told] = exemptions("/a.py", text)

    assert (told.rule, told.reason, told.lines) == ("b", "why", range(3, 4))
    assert told.place == Place("/a.py", Range(Position(3, 22), Position(3, 23)))
