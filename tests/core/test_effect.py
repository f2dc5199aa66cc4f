"""Calls that another one makes idle are told, where that is certain."""

import pytest

from k8sgen_core.evaluation.result import evaluate
from tests.core.described import described, described_well

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

    found = evaluate(file, judging=None, environment=environment).findings

    assert [(each.rule, each.severity) for each in found] == [("no-effect", "info")] * len(expected)
    ranges = [each.place.range for each in found]
    assert [calls[start.character : end.character] for start, end in ranges] == expected
    assert all(start.line == 2 for start, _ in ranges)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("w").image("a:1").image("b:1")', ['image("a:1")'], id="chain"),
        pytest.param('a = App("w").image("a:1")\na.port(80)\na.image("b:1")', ['image("a:1")'],
                     id="statements"),
        pytest.param('a = App("w").image("a:1")\na = a.image("b:1")', ['image("a:1")'],
                     id="assigned again"),
        pytest.param('App("w").image("a:1").labels(a="1").labels(a="2")', ['labels(a="1")'],
                     id="every key"),
        pytest.param('App("w").image("a:1").labels(a="1", b="1").labels(a="2")', [],
                     id="not every key"),
        pytest.param('App("w").image("a:1").environment({"A": 1}).env("A", "2")',
                     ['environment({"A": 1})'], id="a variable"),
        pytest.param('App("w").image("a:1").resources(cpu=1).resources(memory=9)', [],
                     id="something else"),
        pytest.param('App("w").image("a:1").port(80).port(81)', [], id="what adds"),
        pytest.param('App("w").image("a:1").scale(1, 2).scale(1, 3)', ["scale(1, 2)"], id="parts"),
        pytest.param('App("w").image("a:1").replicas(5).replicas(2)', ["replicas(5)"],
                     id="a number"),
        pytest.param('a = App("w").image("a:1")\na.replicas(5)\na.replicas(2)', ["replicas(5)"],
                     id="a number in statements"),
        pytest.param('App("w").image("a:1").hardened().hardened()', ["hardened()"], id="a switch"),
        pytest.param('App("w").image("a:1").replicas(4).scale(1, 2).replicas(2)',
                     ["replicas(4)", "replicas(2)"], id="for two reasons once"),
        pytest.param('Job("w").image("a:1").suspend(True).suspend(True)', ["suspend(True)"],
                     id="the same again"),
        pytest.param('a = App("w").image("a:1").replicas(5)\n'
                     'a.for_environment("p").replicas(2)', [], id="a number of an environment"),
        pytest.param('Job("w").image("a:1").retries(6).parallelism(1)',
                     ["retries(6)", "parallelism(1)"], id="defaults"),
        pytest.param('Job("w").image("a:1").suspend(False).retries(5)', ["suspend(False)"],
                     id="no default"),
        pytest.param('N = 6\nJob("w").image("a:1").retries(N)', [], id="a computed default"),
        pytest.param('a = App("w").image("a:1")\nif a:\n    a.image("b:1")', [], id="if"),
        pytest.param('a = App("w").image("a:1")\nprint(a)\na.image("b:1")', [], id="between"),
        pytest.param('a = App("w").image("a:1")\na.env("I", a.build().image)\na.image("b:1")', [],
                     id="read between"),
        pytest.param('def w(n):\n    return App(n).image("a:1")\nw("x").image("b:1")\nw("y")', [],
                     id="a function"),
        pytest.param('a = App("w").image("a:1")\na.for_environment("p").image("b:1")', [],
                     id="an environment"),
        pytest.param('a = App("w").image("a:1").replicas(3)\n'
                     'a.for_environment("p").replicas(1)', [], id="a default of an environment"),
        pytest.param('a = App("w").image("a:1")\na.for_environment("p").image("b:1").image("c:1")',
                     ['image("b:1")'], id="twice in an environment"),
        pytest.param('import copy\na = App("w").image("a:1")\nb = copy.deepcopy(a)\na.image("b:1")',
                     [], id="a copy keeps it"),
    ],
)  # fmt: skip
def test_calls_that_change_nothing_are_told_at_the_call(tmp_path, source, expected):
    file = tmp_path / "app.py"
    text = f"from k8s_gen import App, Job\n{source}\n"
    file.write_text(text, encoding="utf-8")

    found = [each for each in evaluate(file, judging=None).findings if each.rule == "no-effect"]

    lines = text.splitlines()
    told = [
        lines[each.place.range.start.line][
            each.place.range.start.character : each.place.range.end.character
        ]
        for each in found
    ]
    assert told == expected
    assert {each.severity for each in found} <= {"info"}


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

    assert [each.rule for each in evaluate(file, judging=None).findings] == expected


def test_a_companion_of_one_environment_is_not_left_out():
    source = """\
proxy = Companion("proxy").image("p:1")
App("web").image("a:1").for_environment("prod").add_companion(proxy)
"""

    assert described(source).findings == []


def test_a_route_that_is_said_again_is_there_once():
    web = 'App("web").image("a:1").port(80).expose("a.example.com")'
    source = f'{web}.expose("a.example.com", tls=True).expose("a.example.com", path="/b")'

    [made] = [each for each in described_well(source).objects if each["kind"] == "Ingress"]

    [rule] = made["spec"]["rules"]
    assert [each["path"] for each in rule["http"]["paths"]] == ["/", "/b"]
    assert made["spec"]["tls"] == [{"hosts": ["a.example.com"], "secretName": "web-tls"}]
