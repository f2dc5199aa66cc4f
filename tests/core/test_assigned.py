"""A method that is assigned to, instead of called, is an error where that is written."""

import pytest

from k8sgen_core.evaluation.result import evaluate

APP = 'from k8s_gen import App, Plugin\na = App("a").image("a:1")\n'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('a.image = "x:2"\n', ["a.image"], id="once"),
        pytest.param('a.image = "x:2"\na.port = 80\n', ["a.image", "a.port"], id="two methods"),
        pytest.param('a.note = "x"\na._image = "x:2"\n', [], id="no method"),
        pytest.param("a.replicas += 1\n", [], id="fails by itself"),
        pytest.param(
            'b = App("b").image("b:1")\na.image = "x:2"\nb.image = "x:2"\n',
            ["a.image", "b.image"],
            id="two builders",
        ),
        pytest.param(
            'for each in (a, App("b").image("b:1")):\n    each.image = "x:2"\n',
            ["each.image"],
            id="in a loop",
        ),
        pytest.param('setattr(a, "image", "x:2")\n', ['App("a")'], id="not written out"),
        pytest.param(
            'a.for_environment("prod").replicas = 3\n',
            ['a.for_environment("prod").replicas'],
            id="of an environment",
        ),
        pytest.param(
            "class P(Plugin):\n"
            "    def labels(self, labels):\n        self.labels = labels\n"
            '    def generate_app(self):\n        return App(self.name).image("p:1")\n'
            'P("p").labels({})\n',
            [],
            id="a plugin",
        ),
        pytest.param(
            "class Own(App):\n    def team(self, team):\n        self.team = team\n"
            "        return self\n"
            'Own("o").image("o:1").team("x")\n',
            [],
            id="a method of a class of the file",
        ),
        pytest.param(
            "class Own(App):\n    def __init__(self, name, port):\n"
            "        super().__init__(name)\n        self.port = port\n"
            "        App.port(self, port)\n"
            'Own("o", 80).image("o:1")\n',
            [],
            id="a name that a class of the file uses for a value",
        ),
    ],
)
def test_an_assigned_method(tmp_path, source, expected):
    file = tmp_path / "app.py"
    file.write_text(APP + source, encoding="utf-8")

    found = [
        each
        for each in evaluate(file, judging=None).findings
        if each.rule == "method-as-value" and "assigned" in each.message
    ]

    lines = (APP + source).splitlines()
    underlined = [
        lines[start.line][start.character : end.character]
        for start, end in (each.place.range for each in found)
    ]
    assert underlined == expected
    assert {each.severity for each in found} <= {"error"}


def test_what_is_said_of_it(tmp_path):
    file = tmp_path / "app.py"
    file.write_text(f'{APP}a.image = "x:2"\n', encoding="utf-8")

    [found] = evaluate(file, judging=None).findings

    assert found.message == "'image' is a method: what is assigned to it is not deployed"
    assert found.hint == "call it: .image(...)"
