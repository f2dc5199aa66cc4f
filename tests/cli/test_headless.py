"""``from k8sgen_core import evaluate, write``: the same as the command line, without one."""

import subprocess
import sys

import pytest

import k8sgen_core
from k8sgen_core import Evaluation, evaluate, write
from k8sgen_core.disk.tree import ForeignFile
from tests.cli.project import ROOT

WRONG = 'from k8s_gen import App\n\nx = "🐘"; App("web").image("nginx:1.27").replicas("three")\n'


def test_a_file_is_evaluated_rendered_and_written(web, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    evaluation = evaluate(web.folder / "app.py", judging=None)
    files = evaluation.render("kubernetes")

    assert isinstance(evaluation, Evaluation)
    assert evaluation.findings == ()
    assert [str(file.path) for file in files] == ["web-deployment.yaml", "web-service.yaml"]

    plan = write(files, web.folder / "by-hand")

    assert [str(change.path) for change in plan.created] == [str(file.path) for file in files]
    web.run("generate", "app.py", "-o", "by-the-tool")
    assert web.tree("by-hand") == web.tree("by-the-tool")
    assert write(files, web.folder / "by-hand").is_empty


def test_an_environment_a_version_and_a_text_that_is_not_saved(web):
    text = 'from k8s_gen import App\n\nApp("api").image("a:1").for_environment("x").replicas(7)\n'

    evaluation = evaluate(
        str(web.folder / "app.py"), text=text, judging=None, environment="x", version="1.30"
    )

    [file] = evaluation.render()
    assert str(file.path) == "api-deployment.yaml"
    assert "  replicas: 7\n" in file.text
    assert evaluation.environment == evaluation.preview["environment"] == "x"


def test_findings_have_places_in_code_points(web):
    web.write("app.py", WRONG)

    evaluation = evaluate(web.folder / "app.py", judging=None)

    [finding] = evaluation.findings
    assert finding in evaluation.blocking
    assert (finding.rule, finding.severity) == ("wrong-type", "error")
    assert finding.place is not None
    start, end = finding.place.range
    assert WRONG.split("\n")[start.line][start.character : end.character] == '"three"'
    assert finding.place.path == str(web.folder / "app.py")


def test_secret_values_are_masked_until_they_are_written(project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project.write("app.py", 'from k8s_gen import Secret\n\nSecret("s").add("key", "S3ntinel")\n')
    evaluation = evaluate(project.folder / "app.py", judging=None)
    [file] = evaluation.render()

    assert "S3ntinel" not in repr(file) + file.text + str(evaluation.preview)

    write([file], project.folder / "k8s")

    assert "UzNudGluZWw=" in project.read("k8s/s-secret.yaml")


def test_what_is_not_ours_is_not_overwritten(web):
    web.write("k8s/web-service.yaml", "mine")
    files = evaluate(web.folder / "app.py", judging=None).render()

    with pytest.raises(ForeignFile, match="was not written by k8s-gen"):
        write(files, web.folder / "k8s")

    assert web.tree("k8s") == {"web-service.yaml": "mine"}
    write(files, web.folder / "k8s", force=True)
    assert web.read("k8s/web-service.yaml") != "mine"


def test_a_format_that_is_not_there_is_named(web):
    with pytest.raises(
        ValueError, match="there is no format 'helm'; use one of kubernetes, compose"
    ):
        evaluate(web.folder / "app.py", judging=None).render("helm")


def test_a_description_of_nothing_cannot_be_written(project):
    project.write("app.py", "from k8s_gen import App\n")

    with pytest.raises(ValueError, match="there is nothing to write"):
        write(evaluate(project.folder / "app.py", judging=None).render(), project.folder / "k8s")


def test_importing_it_is_cheap_and_names_what_it_has():
    script = "import sys, k8sgen_core\nprint('k8sgen_core.evaluation' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
    assert k8sgen_core.__all__ == ["Evaluation", "evaluate", "write"]
    with pytest.raises(AttributeError, match="has no attribute 'evalute'"):
        _ = k8sgen_core.evalute


def test_rules_judge_without_a_command_line_too(web):
    found = evaluate(web.folder / "app.py").findings

    assert "no-readiness-probe" in {each.rule for each in found}
    assert evaluate(web.folder / "app.py").blocking == ()
