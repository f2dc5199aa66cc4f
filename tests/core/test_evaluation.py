"""What an evaluation says of a file: where, in which words, and with what remedy."""

import json
import sys
from pathlib import Path

import pytest

from k8sgen_core.evaluation.environment import scrubbed
from k8sgen_core.evaluation.process import evaluate_once
from k8sgen_core.evaluation.request import Limits, Request
from k8sgen_core.evaluation.spawned import Spare

PRELUDE = "from k8s_gen import App\napp = App('web').image('nginx:1.27')\n"
LIMITS = Limits(timeout=5.0)


def evaluate(path, source=None, **asked):
    if source is not None:
        path.write_text(source, encoding="utf-8")
    return evaluate_once(Request(path, path.parent, limits=LIMITS, **asked))


def excerpt(shown, text: str) -> str:
    """Return what a range of one line covers."""
    start, end = shown["range"]["start"], shown["range"]["end"]
    assert start["line"] == end["line"]
    return text.splitlines()[start["line"]][start["character"] : end["character"]]


@pytest.mark.parametrize(
    ("source", "rule", "covered", "message", "hint"),
    [
        pytest.param(
            "app.port(80).replica(3)",
            "unknown-setting",
            "replica",
            "App has no method 'replica'",
            "did you mean 'replicas'?",
            id="method",
        ),
        pytest.param(
            "(app\n    .port(80)\n    .replica(3)\n)",
            "unknown-setting",
            "replica",
            "App has no method 'replica'",
            "did you mean 'replicas'?",
            id="method in a chain of lines",
        ),
        pytest.param(
            "getattr(app, 'replica')(3)",
            "unknown-setting",
            "getattr(app, 'replica')",
            "App has no method 'replica'",
            "did you mean 'replicas'?",
            id="method by name",
        ),
        pytest.param(
            "app.port(80).replicas(cuont=3)",
            "unknown-setting",
            "replicas(cuont=3)",
            "App.replicas has no argument 'cuont'",
            "did you mean 'count'?",
            id="argument",
        ),
        pytest.param(
            "app.replicas()",
            "wrong-type",
            "replicas()",
            "App.replicas needs 'count'",
            "it takes (count)",
            id="no argument",
        ),
        pytest.param(
            "App()",
            "wrong-type",
            "App()",
            "App needs 'name'",
            "it takes (name)",
            id="no name",
        ),
        pytest.param(
            "app.replicas(1, 2)",
            "wrong-type",
            "replicas(1, 2)",
            "App.replicas was given too many arguments",
            "it takes (count)",
            id="too many arguments",
        ),
        pytest.param(
            "import os, not_installed",
            "import-error",
            "not_installed",
            "No module named 'not_installed'",
            "install it beside k8s-gen, for example: python -m pip install not_installed",
            id="module",
        ),
        pytest.param(
            "from not_installed.part import x",
            "import-error",
            "not_installed.part",
            "No module named 'not_installed'",
            "install it beside k8s-gen, for example: python -m pip install not_installed",
            id="module of names",
        ),
        pytest.param(
            "from k8s_gen import App, CronJop",
            "import-error",
            "CronJop",
            "cannot import name 'CronJop' from 'k8s_gen'",
            "did you mean 'CronJob'?",
            id="name of ours",
        ),
        pytest.param(
            "CronJob('a')",
            "uncaught-exception",
            "CronJob",
            "NameError: name 'CronJob' is not defined",
            "add: from k8s_gen import CronJob",
            id="name not imported",
        ),
        pytest.param(
            "print(int('ä') + 1)",
            "uncaught-exception",
            "int('ä')",
            "ValueError: invalid literal for int() with base 10: 'ä'",
            None,
            id="exception",
        ),
        pytest.param(
            "x = '🐘'; 1 / 0",
            "uncaught-exception",
            "1 / 0",
            "ZeroDivisionError: division by zero",
            None,
            id="behind a wide character",
        ),
        pytest.param(
            "x = = 1",
            "syntax-error",
            "=",
            "invalid syntax",
            None,
            id="syntax",
        ),
        pytest.param(
            "open('x', 'w')",
            "side-effect",
            "open('x', 'w')",
            "writing 'x' is refused: a description that changes files outside the temporary "
            "folder would do so on every save",
            'move it out of the file, or set evaluate.allow = ["write"] in the configuration',
            id="side effect",
        ),
    ],
)
def test_a_failure_is_shown_where_it_is_with_a_remedy(
    tmp_path, source, rule, covered, message, hint
):
    text = PRELUDE + source + "\n"

    found = evaluate(tmp_path / "app.py", text, unit="utf-32")["findings"]

    assert [
        (each["rule"], excerpt(each, text), each["message"], each["hint"]) for each in found
    ] == [(rule, covered, message, hint)]


def test_the_calls_that_led_to_a_failure_are_related(tmp_path):
    (tmp_path / "helper.py").write_text("def web(name):\n    return {}[name]\n")
    text = "from helper import web\ndef all():\n    web('a')\nall()\n"

    [finding] = evaluate(tmp_path / "app.py", text)["findings"]

    assert (finding["path"], finding["range"]["start"]["line"]) == ("helper.py", 1)
    assert [(each["path"], excerpt(each, text)) for each in finding["related"]] == [
        ("app.py", "web('a')"),
        ("app.py", "all()"),
    ]


def test_a_syntax_error_of_an_import_is_shown_in_its_file(tmp_path):
    (tmp_path / "helper.py").write_text("def web(:\n")
    text = "import helper\n"

    result = evaluate(tmp_path / "app.py", text)

    [finding] = result["findings"]
    assert (finding["rule"], finding["path"]) == ("syntax-error", "helper.py")
    assert [excerpt(each, text) for each in finding["related"]] == ["import helper"]
    assert result["imports"] == [str(tmp_path / "helper.py")]


def test_what_runs_is_what_the_editor_has(tmp_path):
    helper = tmp_path / "helper.py"
    helper.write_text("count = 1\n")
    (tmp_path / "app.py").write_text("syntax error\n")

    result = evaluate(
        tmp_path / "app.py",
        text=f"{PRELUDE}import helper\nprint(helper.count)\n",
        texts={str(helper): "count = 2\n"},
    )

    assert (result["findings"], result["output"]) == ([], "2\n")


def test_a_module_that_is_saved_again_at_once_is_read_again(tmp_path):
    source = f"{PRELUDE}import helper\nprint(helper.count)\n"
    outputs = []
    for count in (1, 2):
        (tmp_path / "helper.py").write_text(f"count = {count}\n")
        outputs.append(evaluate(tmp_path / "app.py", source)["output"])

    assert outputs == ["1\n", "2\n"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["app.py", "helper.py"]


PROGRAM = """
import os, sys
from dataclasses import dataclass
@dataclass
class Point:
    x: "int"
print(__name__, sys.argv, __file__, os.getcwd(), sys.modules["__main__"].Point is Point)
print(sys.path[:2], "" in sys.path, sys.stdin.isatty())
"""


def test_a_file_runs_as_python_runs_it(tmp_path):
    folder = tmp_path / "apps"
    folder.mkdir()
    path = folder / "app.py"
    path.write_text(PRELUDE + PROGRAM)

    result = evaluate_once(Request(path, tmp_path, limits=LIMITS))

    assert result["findings"] == []
    assert result["output"] == (
        f"__main__ {[str(path)]} {path} {tmp_path} True\n"
        f"{[str(folder), str(tmp_path)]} False False\n"
    )


def test_what_is_allowed_is_done(tmp_path):
    source = f"{PRELUDE}open('out.txt', 'w').close()\n"

    result = evaluate(tmp_path / "app.py", source, allow=frozenset({"write"}))

    assert result["findings"] == []
    assert (tmp_path / "out.txt").exists()


def test_credentials_are_hidden(tmp_path, monkeypatch):
    monkeypatch.setenv("DEPLOY_TOKEN", "sesame")

    result = evaluate(tmp_path / "app.py", f"{PRELUDE}import os\nos.environ['DEPLOY_TOKEN']\n")

    [finding] = result["findings"]
    assert (finding["message"], finding["hint"]) == (
        "KeyError: 'DEPLOY_TOKEN'",
        "variables that look like credentials are hidden from descriptions",
    )
    assert "sesame" not in json.dumps(result)


def test_the_environment_of_a_run():
    hidden = """
        AWS_PROFILE GITHUB_TOKEN DB_PASSWORD PGPASSWORD API_KEY CLIENT_SECRET KUBECONFIG
        SSH_AUTH_SOCK PYTHONSTARTUP PYTHONPATH LD_PRELOAD GOOGLE_APPLICATION_CREDENTIALS
    """
    seen = ["HOME", "PATH", "LANG", "KEYBOARD", "AUTHOR", "K8SGEN_SECRETS"]

    assert list(scrubbed(dict.fromkeys([*hidden.split(), *seen], "x"))) == seen


def test_a_failure_of_the_file_keeps_what_it_described_before(tmp_path):
    result = evaluate(tmp_path / "app.py", f"{PRELUDE}1 / 0\n")

    assert [each["kind"] for each in result["preview"]["objects"]] == ["Deployment"]


def test_a_file_that_is_not_there(tmp_path):
    result = evaluate(tmp_path / "app.py")

    assert [(each["rule"], each["range"]["start"]["line"]) for each in result["findings"]] == [
        ("uncaught-exception", 0)
    ]


def test_requests_cross_process_borders():
    request = Request(
        Path("/a/app.py"),
        Path("/a"),
        texts={"/a/b.py": "x"},
        allow=frozenset({"write"}),
        limits=Limits(timeout=2.0),
    )

    assert Request.from_json(json.loads(json.dumps(request.to_json()))) == request


@pytest.mark.parametrize("name", ["k8s_gen.py", "k8sgen_core.py", "sitecustomize.py", "json.py"])
def test_a_workspace_cannot_take_over_the_process_that_runs_it(tmp_path, monkeypatch, name):
    sentinel = tmp_path / "taken"
    (tmp_path / name).write_text(f"open({str(sentinel)!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    spare = Spare(Path(sys.executable))
    spare.greet()
    spare.end()

    assert not sentinel.exists()


def test_what_a_validator_does_is_found_while_it_runs(tmp_path):
    source = """\
from k8s_gen import App, Validator


class Mine(Validator):
    def validate_it(self, app):
        try:
            open("out.txt", "w")
        except OSError:
            pass


App("web").image("nginx:1.27").add_validator(Mine())
"""

    result = evaluate(tmp_path / "app.py", source)

    [finding] = result["findings"]
    assert (finding["rule"], excerpt(finding, source)) == ("side-effect", 'open("out.txt", "w")')


def test_templates_count_as_what_a_file_imports(tmp_path):
    source = """\
from k8s_gen import App, TemplateManager

TemplateManager().register("mine", "layouts/mine.yaml.j2")
App("web").image("nginx:1.27")
"""

    result = evaluate(tmp_path / "app.py", source)

    assert result["imports"] == [str(tmp_path / "layouts" / "mine.yaml.j2")]


def test_lines_can_be_had_without_the_calls_that_made_them(tmp_path):
    path = tmp_path / "app.py"
    whole = evaluate(path, f"{PRELUDE}app.port(80)\n")["preview"]

    lines = evaluate(path, origins=False)["preview"]

    assert all(each["origins"] and each["lines"] for each in whole["files"])
    bare = [{**each, "origins": [], "lines": []} for each in whole["files"]]
    assert lines == {**whole, "files": bare}
