import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.names import Reader
from tests.lsp.marked import CATALOGUE, receiver_in

IMPORT = "from k8s_gen import App, CronJob, Job, StatefulApp\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("web").|', ("App", set()), id="constructor"),
        pytest.param('App("web").im|', ("App", set()), id="name begun"),
        pytest.param('App("web").image("a").port(1).|', ("App", {"image", "port"}), id="chain"),
        pytest.param(
            '(\n    App("web")  # first\n    .image("a")\n\n    .|\n)\nx = 1',
            ("App", {"image"}),
            id="over lines",
        ),
        pytest.param('(\n    App("web")\n    .|', ("App", set()), id="bracket never closed"),
        pytest.param('App("web") \\\n    .|', ("App", set()), id="backslash"),
        pytest.param('App("(").image("]").|', ("App", {"image"}), id="brackets in strings"),
        pytest.param('(App("web").image("a")).|', ("App", {"image"}), id="group"),
        pytest.param('print(App("web").|)', ("App", set()), id="argument"),
        pytest.param('App("web").env("A", Job("x").|', ("Job", set()), id="inner chain"),
        pytest.param('app = App("web")\napp.|', ("App", set()), id="variable"),
        pytest.param(
            'app = App("web").image("a")\napp.port(1)\napp.|\napp.replicas(1)',
            ("App", {"image", "port", "replicas"}),
            id="called elsewhere",
        ),
        pytest.param('app = (\n    App("web")\n    .image("a")\n)\napp.|', ("App", {"image"}),
                     id="variable over lines"),
        pytest.param('app: App = make()\napp.|', ("App", set()), id="annotated variable"),
        pytest.param('a = App("a")\nb = a\nb.|', ("App", set()), id="variable of a variable"),
        pytest.param('app = App("web"\njob = Job("x")\njob.|', ("Job", set()), id="broken before"),
        pytest.param('app = App("a")\napp = Job("b")\napp.|', ("Job", set()), id="assigned again"),
        pytest.param('print(1); a = App("a"); a.|', ("App", set()), id="behind a semicolon"),
        pytest.param('def mk(n): return App(n)\nmk("x").|', ("App", set()), id="one line"),
        pytest.param('if (app := App("a")).|', ("App", set()), id="walrus"),
        pytest.param('for a in [App("a"), App("b")]:\n    a.|', ("App", set()), id="loop"),
        pytest.param('[App(n).| for n in "ab"]', ("App", set()), id="comprehension"),
        pytest.param('def f(app: App):\n    app.|', ("App", set()), id="parameter"),
        pytest.param('def f(n) -> App: ...\nf("a").|', ("App", set()), id="annotated function"),
        pytest.param('def f(n):\n    return App(n).port(1)\nf(1).|', ("App", {"port"}),
                     id="function by its return"),
        pytest.param('def f():\n    g().|\ndef g():\n    return Job("x")', ("Job", set()),
                     id="function defined later"),
        pytest.param('app = App("a")\ndef f():\n    app = Job("b")\napp.|', ("App", set()),
                     id="other function's variable"),
        pytest.param('app = App("a")\ndef f():\n    app.|', ("App", set()), id="outer variable"),
        pytest.param('App("a").for_environment("prod").|', ("App", {"for_environment"}),
                     id="environment"),
        pytest.param('App("a").generate().|', ("Generation", set()), id="generation"),
        pytest.param('App("é🐘").|', ("App", set()), id="emoji"),
        pytest.param('unknown("a").|', None, id="unknown name"),
        pytest.param('App.|', None, id="class itself"),
        pytest.param('App("a").nothing().|', None, id="unknown method"),
        pytest.param('"App("a").|', None, id="in a string"),
        pytest.param('"""\nApp(1).|\n"""', None, id="in a docstring"),
        pytest.param('# App(1).|', None, id="in a comment"),
        pytest.param('x = 1.|', None, id="number"),
        pytest.param('"a".|', None, id="string"),
        pytest.param('App("a")|', None, id="no dot"),
        pytest.param('app = app.|', None, id="itself"),
    ],
)  # fmt: skip
def test_the_receiver_is_what_stands_before_the_dot(source, expected):
    assert receiver_in(IMPORT + source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('from k8s_gen import App as A\nA("x").|', "App", id="alias"),
        pytest.param('import k8s_gen\nk8s_gen.Job("x").|', "Job", id="module"),
        pytest.param('import k8s_gen as k\nk.Job("x").|', "Job", id="module alias"),
        pytest.param('from k8s_gen import (\n    App,\n    Job as J,\n)\nJ("x").|', "Job",
                     id="over lines"),
        pytest.param('from k8s_gen import *\nApp("x").|', "App", id="star"),
        pytest.param('def f():\n    from k8s_gen import App\n    App("x").|', "App", id="inside"),
        pytest.param('from k8sgen_core.builders.jobs import Job\nJob("x").|', "Job", id="core"),
    ],
)  # fmt: skip
def test_names_are_what_they_were_imported_as(source, expected):
    assert receiver_in(source) == (expected, set())


@pytest.mark.parametrize(
    "source",
    ['App("x").|', 'from other import App\nApp("x").|', 'import k8s_gen\nApp("x").|'],
    ids=["not imported", "from elsewhere", "only the module"],
)
def test_what_is_not_ours_has_no_receiver(source):
    assert receiver_in(source) is None


def test_a_chain_of_300_calls_is_understood():
    chain = 'App("web")' + "".join(f'\n    .env("A{i}", "(")' for i in range(300))

    assert receiver_in(f"{IMPORT}app = (\n    {chain}\n    .|\n)") == ("App", {"env"})


@given(st.text(alphabet="App(){}[].:=\n \"'#\\defx,", max_size=60), st.integers(0, 60))
def test_no_text_makes_reading_fail(text, offset):
    Reader(Layout(IMPORT + text), CATALOGUE).receiver_at(min(len(text), offset) + len(IMPORT))


@given(st.text(alphabet="a()\n \"'#\\🐘", max_size=40))
def test_a_layout_keeps_every_place(text):
    layout = Layout(text)

    assert len(layout.code) == len(text)
    assert [i for i, c in enumerate(text) if c == "\n"] == [
        i for i, c in enumerate(layout.code) if c == "\n"
    ]
