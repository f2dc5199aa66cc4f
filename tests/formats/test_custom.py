"""Formats of users' own: in the style of a class that writes, and as an object that renders."""

import json

import pytest

from tests.cli.project import Project

TABLE = """\
from k8s_gen import OutputFormat

class TableOutput(OutputFormat):
    def generate(self, app, output_path):
        self._write_yaml_file({"name": app.name, "image": app.image}, output_path)

class TreeOutput(OutputFormat):
    def generate(self, app, output_path):
        self._write_terraform_file({"resource": {app.name: {"port": app.port}}}, output_path)

class LinesOutput(OutputFormat):
    def generate(self, apps, output_path):
        with open(output_path, "w", encoding="utf-8") as file:
            file.writelines(f"{app.name} {app.image}\\n" for app in apps)
"""
USE = """\
from k8s_gen import App, Job
from table import LinesOutput, TableOutput, TreeOutput

web = App("web").image("nginx:1.27").port(80)
web.register_output_format("table", TableOutput()).register_output_format("my-tree", TreeOutput())
"""
TREE = '{\n  "resource": {\n    "web": {\n      "port": 80\n    }\n  }\n}\n'
RENDERING = """\
from k8s_gen import App, ConfigMap, OutputFile
from k8sgen_core.model import Workload

class Images:
    name = "images"
    supports = (Workload,)

    def render(self, model):
        found = {each.name: each.image for each in model.roots}
        yield OutputFile.yaml("images.yaml", {"images": found})

web = App("web").image("nginx:1.27").add(ConfigMap("settings").add("a", "b"))
web.register_output_format("images", Images())
"""


@pytest.fixture
def tables(project: Project) -> Project:
    project.write("table.py", TABLE)
    return project


def written(project: Project) -> dict[str, str]:
    """Return the files that were generated, without records and sources."""
    return {
        path: text
        for path, text in project.tree().items()
        if not path.endswith((".py", ".toml", ".k8sgen-manifest"))
    }


REQUESTS = [
    pytest.param(
        'web.generate().to_table("./out/table.yaml")\n',
        {"out/table.yaml": "name: web\nimage: nginx:1.27\n"},
        id="a file",
    ),
    pytest.param(
        'web.generate().to_my_tree("tree/")\n', {"tree/main.tf.json": TREE}, id="a folder"
    ),
    pytest.param(
        'job = Job("job").image("i:1")\nLinesOutput().generate([web, job], "./lines/all.txt")\n',
        {"lines/all.txt": "web nginx:1.27\njob i:1\n"},
        id="a direct call with builders",
    ),
    pytest.param(
        'web.generate().to_table("a/b.yaml")\nweb.generate().to_table("a/c.yaml")\n',
        dict.fromkeys(["a/b.yaml", "a/c.yaml"], "name: web\nimage: nginx:1.27\n"),
        id="two files in one folder",
    ),
]


@pytest.mark.parametrize(("calls", "files"), REQUESTS)
def test_the_tool_and_a_plain_script_write_the_same(tables, calls, files):
    tables.write("app.py", USE + calls)

    ran = tables.run("generate", "app.py")

    assert (ran.code, ran.err) == (0, "")
    assert written(tables) == files
    by_tool = tables.tree()
    assert tables.python("app.py") == (0, "", "")
    assert tables.tree() == by_tool


def test_f_renders_a_registered_format(tables):
    tables.write("app.py", USE)

    ran = tables.run("generate", "app.py", "-f", "table", "-f", "kubernetes", "-o", "out")

    assert ran.code == 0
    assert sorted(written(tables)) == [
        "out/kubernetes/web-deployment.yaml",
        "out/kubernetes/web-service.yaml",
        "out/table/main.yaml",
    ]


def test_files_of_several_roots_that_would_share_a_path_have_the_root_in_front(tables):
    more = 'api = App("api").image("i:1").register_output_format("table", TableOutput())\n'
    tables.write("app.py", USE + more)

    tables.run("generate", "app.py", "-f", "table")

    assert sorted(written(tables)) == ["k8s/api/main.yaml", "k8s/web/main.yaml"]


def test_a_format_of_a_built_in_name_takes_its_place_for_its_app(tables):
    more = 'web.register_output_format("compose", TableOutput())\nApp("api").image("i:1")\n'
    tables.write("app.py", USE + more)

    tables.run("generate", "app.py", "-f", "compose")

    assert written(tables)["k8s/main.yaml"] == "name: web\nimage: nginx:1.27\n"
    assert "api:" in written(tables)["k8s/compose.yaml"]
    assert "web:" not in written(tables)["k8s/compose.yaml"]


def test_to_docker_compose_writes_the_format_that_took_its_place(tables):
    more = 'web.register_output_format("compose", TableOutput())\n'
    tables.write("app.py", USE + more + 'web.generate().to_docker_compose("c/own.yaml")\n')

    tables.run("generate", "app.py")

    assert written(tables) == {"c/own.yaml": "name: web\nimage: nginx:1.27\n"}


def test_a_direct_call_is_shown_under_the_name_of_its_class(tables):
    tables.write("app.py", USE + 'LinesOutput().generate([web], "all.txt")\n')

    shown = json.loads(tables.run("preview", "app.py", "--json").out)
    lines = json.loads(tables.run("preview", "app.py", "-f", "lines", "--json").out)

    assert [(each["format"], each["path"]) for each in shown["requests"]] == [("lines", "all.txt")]
    assert [(file["path"], file["text"]) for file in lines["files"]] == [
        ("all.txt", "web nginx:1.27\n")
    ]
    [origin] = lines["files"][0]["origins"]
    assert (origin["call"], origin["range"]["start"]["line"]) == ("LinesOutput.generate", 5)


def test_what_renders_keeps_the_call_of_every_line(project):
    project.write("app.py", RENDERING)

    shown = json.loads(project.run("preview", "app.py", "-f", "images", "--json").out)

    [file] = shown["files"]
    made = {(line, file["origins"][index]["call"]) for line, index in file["lines"]}
    assert file["text"] == "images:\n  web: nginx:1.27\n"
    assert made >= {(1, "App"), (1, "App.image")}
    assert {line for line, call in made if call == "App.register_output_format"} == {0, 1}


def test_what_a_format_does_not_support_is_reported_where_it_is_made(project):
    project.write("app.py", RENDERING)

    ran = project.run("generate", "app.py", "-f", "images")

    assert ran.code == 0
    assert ran.err.startswith(
        "warning[setting-not-supported] app.py:12:42 Images has no place for settings\n"
    )


BROKEN = [
    pytest.param("return app.nonsense", "app.py:5:16", "has no nonsense", id="raises"),
    pytest.param(
        'open(path + "../x.txt", "w").close()', "app.py:7:3", "outside 'out/'", id="writes beside"
    ),
    pytest.param(
        'open("/nowhere/x.txt", "w").close()', "app.py:5:9", "is refused", id="writes elsewhere"
    ),
    pytest.param("pass", "app.py:7:3", "nothing was written to 'out/'", id="writes nothing"),
    pytest.param(
        'open(path + "x", "wb").write(b"\\xff")', "app.py:7:3", "not UTF-8", id="writes no text"
    ),
    pytest.param(
        'self._write_yaml_file({"a": {1, 2}}, path)', "app.py:5:14", "cannot say {1, 2}", id="a set"
    ),
    pytest.param("raise SystemExit(3)", "app.py:5:15", "exit code 3", id="exits"),
]


@pytest.mark.parametrize(("body", "place", "message"), BROKEN)
def test_a_broken_format_is_a_finding_at_its_line_and_nothing_is_written(
    project, body, place, message
):
    source = (
        "from k8s_gen import App, OutputFormat\n"
        'web = App("web").image("nginx:1.27")\n'
        "class Broken(OutputFormat):\n"
        "    def generate(self, app, path):\n"
        f"        {body}\n"
        'g = web.register_output_format("broken", Broken()).generate()\n'
        'g.to_broken("out/")\n'
    )
    project.write("app.py", source)

    ran = project.run("generate", "app.py")

    assert ran.code == 1
    first = ran.err.splitlines()[0]
    assert f" {place} " in first
    assert message in first
    assert written(project) == {}


def test_one_that_fails_does_not_keep_the_findings_of_others(project):
    source = (
        "from k8s_gen import App, OutputFormat\n"
        "class Broken(OutputFormat):\n"
        "    def generate(self, app, path):\n"
        "        1 / 0\n"
        'g = App("web").image("i:1").register_output_format("a", Broken())'
        '.register_output_format("b", Broken()).generate()\n'
        'g.to_a("x/")\n'
        'g.to_b("y/")\n'
        'App("api").generate()\n'
    )
    project.write("app.py", source)

    ran = project.run("generate", "app.py")

    assert ran.err.count("error[format-failed] app.py:4:9") == 1
    assert "error[missing-image] app.py:8:1" in ran.err


def test_a_plain_script_raises_what_the_tool_reports(tables):
    tables.write(
        "app.py", USE.replace('.image("nginx:1.27")', "") + "web.generate().to_table('t/')\n"
    )

    ran = tables.python("app.py")

    assert ran.code == 1
    assert "GenerationError: app.py:4: error[missing-image] web has no image" in ran.err.replace(
        f"{tables.folder}/", ""
    )
    assert written(tables) == {}


@pytest.mark.parametrize(
    ("method", "hint"),
    [
        pytest.param("to_tabel", "did you mean 'to_table'?", id="close to a user's own"),
        pytest.param("to_yml", "did you mean 'to_yaml'?", id="close to a built-in one"),
        pytest.param("to_zzz", "to_yaml, to_docker_compose, to_table, to_my_tree", id="far"),
    ],
)
def test_an_unknown_format_has_no_method(tables, method, hint):
    tables.write("app.py", f"{USE}web.generate().{method}('x')\n")

    by_script = tables.python("app.py").err.splitlines()[-1]
    by_tool = tables.run("generate", "app.py")

    assert by_script.startswith(f"AttributeError: there is no format with {method}()")
    assert hint in by_script
    assert by_tool.code == 1
    assert by_tool.err.startswith("error[unknown-setting] app.py:6:16 ")


def test_an_unknown_format_on_the_command_line_is_a_wrong_usage(tables):
    tables.write("app.py", USE)

    ran = tables.run("generate", "app.py", "-f", "tabel")

    assert ran.code == 2
    assert "error[unknown-format] app.py:1:1 there is no format 'tabel'" in ran.err
    assert "hint: did you mean 'table'?" in ran.err


@pytest.mark.parametrize(
    ("arguments", "finding"),
    [
        pytest.param('"My Format", TableOutput()', "error[invalid-name] app.py:6:28", id="name"),
        pytest.param('"table", TableOutput', "error[wrong-type] app.py:6:37", id="class"),
        pytest.param('"table", "text"', "error[wrong-type] app.py:6:37", id="no format"),
    ],
)
def test_what_cannot_be_registered_is_refused_at_the_argument(tables, arguments, finding):
    tables.write("app.py", f"{USE}web.register_output_format({arguments})\n")

    assert tables.run("generate", "app.py").err.startswith(finding)


def test_two_requests_of_one_path_are_a_conflict(tables):
    more = 'api = App("api").image("i:1").register_output_format("table", TableOutput())\n'
    calls = "".join(f"{each}.generate().to_table('x.yaml')\n" for each in ("web", "api"))
    tables.write("app.py", USE + more + calls)

    ran = tables.run("generate", "app.py")

    assert ran.code == 1
    assert ran.err.startswith("error[output-path-conflict] x.yaml would be written by app.py")


def test_a_file_that_is_no_longer_asked_for_is_removed(tables):
    tables.write("app.py", USE + 'web.generate().to_table("t/one.yaml")\n')
    tables.run("generate", "app.py")
    tables.write("app.py", USE + 'web.generate().to_table("t/two.yaml")\n')

    tables.run("generate", "app.py")

    assert list(written(tables)) == ["t/two.yaml"]


def test_a_format_sees_the_environment_that_was_chosen(tables):
    more = 'web.for_environment("prod").image("nginx:1.28")\nweb.generate().to_table("t.yaml")\n'
    tables.write("app.py", USE + more)

    tables.run("generate", "app.py", "--env", "prod")

    assert written(tables) == {"t.yaml": "name: web\nimage: nginx:1.28\n"}
