"""The DSL calls of a document."""

import pytest

from k8sgen_lsp.static.calls import UNKNOWN, Document
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE

IMPORT = "from k8s_gen import App, CronJob, Job, Plugin\n"


def document(text):
    return Document(text, WorkspaceCatalogue(CATALOGUE, Modules(), text))


def calls_in(source):
    """Return for each call of a source its title, its text and the name of its resource."""
    text = IMPORT + source
    return [
        (
            call.title,
            placed.block.text[slice(*call.extent)],
            call.resource and call.resource.name,
        )
        for placed, call in document(text).calls()
    ]


def titles_in(source):
    return [title for title, *_ in calls_in(source)]


def test_a_chain_belongs_to_its_constructor():
    assert calls_in('app = (\n    App("é🐘")\n    .image("a:1")\n    .port(80)\n)\n') == [
        ("App", 'App("é🐘")', "é🐘"),
        ("App.image", 'image("a:1")', "é🐘"),
        ("App.port", "port(80)", "é🐘"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('a = App("a")\na = a.port(1)\na.port(2)', ["App", "App.port", "App.port"],
                     id="assigned to itself"),
        pytest.param('def mk(n):\n    return App(n)\nmk("x").port(1)', ["App", "App.port"],
                     id="function"),
        pytest.param('for a in [App("a"), App("b")]:\n    a.port(1)', ["App", "App", "App.port"],
                     id="loop"),
        pytest.param('[a.port(1) for a in (App("a"),)]', ["App.port", "App"], id="comprehension"),
        pytest.param('if (a := App("a")):\n    a.port(1)', ["App", "App.port"], id="walrus"),
        pytest.param('if x:\n    a = App("a")\nelse:\n    a = App("b")\na.port(1)',
                     ["App", "App", "App.port"], id="either way the same"),
        pytest.param('def f():\n    return a.port(1)\na = App("a")', ["App.port", "App"],
                     id="bound later"),
        pytest.param('App("a").generate().to_yaml()', ["App", "App.generate", "Generation.to_yaml"],
                     id="generation"),
        pytest.param('class P(Plugin):\n    def size(self, n):\n        self.size = n\n'
                     'P("p").size(3).labels(a="b")', ["P", "P.size", "P.labels"], id="plugin"),
        pytest.param('import k8s_gen as k\nk.Job("x").retries(1)', ["Job", "Job.retries"],
                     id="module"),
        pytest.param('a = Job("j")\na = App("a")\na.port(1)', ["Job", "App", "App.port"],
                     id="the last one counts"),
    ],
)  # fmt: skip
def test_what_is_certain_is_found(source, expected):
    assert titles_in(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('if x:\n    a = App("a")\nelse:\n    a = Job("b")\na.port(1)', id="either"),
        pytest.param('def f(a: App):\n    a.port(1)', id="parameter"),
        pytest.param('a = App("a")\ndef f(a):\n    a.port(1)', id="hidden by a parameter"),
        pytest.param('a = App("a")\nfor a in xs:\n    a.port(1)', id="loop over something"),
        pytest.param('def m(n):\n    if n:\n        return App(n)\n    return Job(n)\nm(1).port(1)',
                     id="function with two results"),
        pytest.param('@cache\ndef mk(n):\n    return App(n)\nmk(1).port(1)', id="decorated"),
        pytest.param('def mk(n):\n    yield App(n)\nmk(1).port(1)', id="generator"),
        pytest.param('def f():\n    global a\n    a = 1\na = App("a")\ndef g():\n    a.port(1)',
                     id="global"),
        pytest.param('with App("a") as a:\n    a.port(1)', id="with"),
        pytest.param('App = make\nApp("a").port(1)', id="another App"),
        pytest.param('a.port(1)', id="bound nowhere"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_left_out(source):
    assert not any(title.endswith(".port") for title in titles_in(source))


def test_arguments_have_values_where_they_are_written():
    [_, call] = (
        call
        for _, call in document(
            IMPORT + 'App("a").environment({"A": 1, "B": x, "C": [-1, (True,)]}, y, *z, k=None)'
        ).calls()
    )

    assert [(each.name, each.value) for each in call.arguments] == [
        (None, {"A": 1, "B": UNKNOWN, "C": [-1, (True,)]}),
        (None, UNKNOWN),
        (None, UNKNOWN),
        ("k", None),
    ]
    assert [each.is_spread for each in call.arguments] == [False, False, True, False]


def test_a_change_elsewhere_is_seen():
    text = IMPORT + 'a = App("a")\na.port(1)\n'
    assert [call.title for _, call in document(text).calls()][-1] == "App.port"

    changed = text.replace('App("a")', 'Job("a")')

    assert [call.title for _, call in document(changed).calls()][-1] == "Job.port"
    swapped = IMPORT + 'a = Job("a")\na = App("a")\na.port(1)\n'
    assert [call.title for _, call in document(swapped).calls()][-1] == "App.port"
    again = IMPORT + 'a = App("a")\na = Job("a")\na.port(1)\n'
    assert [call.title for _, call in document(again).calls()][-1] == "Job.port"


def test_a_chain_of_300_calls_is_read():
    chain = "".join(f'\n    .env("A{i}", "(")' for i in range(300))

    assert titles_in(f'a = (App("a"){chain})') == ["App", *["App.env"] * 300]


def test_calls_in_broken_code_are_read():
    source = 'App("a").port(80).\nApp("b").image(\ndef f():\n    App("c").port(1)\n    x = =\n'

    assert titles_in(source) == ["App", "App.port", "App", "App.image", "App", "App.port"]


def test_an_edit_leaves_the_calls_of_other_blocks_as_they_were_read():
    lines = [f'app_{i} = App("a{i}").port(80)' for i in range(50)]
    before = [reading for _, reading in document(IMPORT + "\n".join(lines)).readings()]
    lines[20] += ".replicas(2)"

    after = [reading for _, reading in document(IMPORT + "\n".join(lines)).readings()]

    assert [n for n, each in enumerate(after) if each is not before[n]] == [21]
