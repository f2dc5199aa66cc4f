"""Calls that another one makes idle are told, where that is certain."""

import pytest

from k8sgen_core.evaluation.result import evaluate

APP = 'from k8s_gen import App\napp = App("web").image("a:1").port(80)\n'


@pytest.mark.parametrize(
    ("calls", "environment", "expected"),
    [
        pytest.param("app.replicas(3).scale(1, 2)", None, ["replicas(3)"], id="before"),
        pytest.param("app.scale(1, 2).replicas(3)", None, ["replicas(3)"], id="after"),
        pytest.param("app.scale(1, 2)", None, [], id="without"),
        pytest.param("app.replicas(3).for_environment('p').scale(1, 2)", "p", [], id="of the base"),
        pytest.param(
            "app.scale(1, 2).for_environment('p').replicas(3)",
            "p",
            ["replicas(3)"],
            id="in an environment, under scaling of the base",
        ),
        pytest.param(
            "app.for_environment('p').replicas(3).scale(1, 2)",
            "p",
            ["replicas(3)"],
            id="both in an environment",
        ),
    ],
)
def test_replicas_under_automatic_scaling_are_told_once(tmp_path, calls, environment, expected):
    file = tmp_path / "app.py"
    file.write_text(APP + calls + "\n", encoding="utf-8")

    found = evaluate(file, environment=environment).findings

    assert [(each.rule, each.severity) for each in found] == [("no-effect", "info")] * len(expected)
    ranges = [each.place.range for each in found]
    assert [calls[start.character : end.character] for start, end in ranges] == expected
    assert all(start.line == 2 for start, _ in ranges)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("web").image("a:1", "b")', ["wrong-type"], id="too many arguments"),
        pytest.param('App("web").imag("a:1")', ["unknown-setting"], id="no such method"),
        pytest.param(
            'for i in range(10_050):\n    App(f"x{i}")', ["too-many-objects"], id="too many"
        ),
        pytest.param(
            'App("web").image("a:1").ignore("missing-imag", "x")', ["unknown-id"], id="unknown id"
        ),
    ],
)
def test_one_mistake_is_one_finding(tmp_path, source, expected):
    file = tmp_path / "app.py"
    file.write_text(f"from k8s_gen import App\n{source}\n", encoding="utf-8")

    assert [each.rule for each in evaluate(file).findings] == expected
