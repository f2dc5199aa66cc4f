"""Which parameter is being written, and what is said of it."""

import pytest

from k8sgen_lsp.features.signature_help import signature_at
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, cursor_in

IMPORT = "import k8s_gen\nfrom k8s_gen import App, ConfigMap\n"


def help_at(marked, counts=True):
    text, offset = cursor_in(IMPORT + marked)
    return signature_at(
        Concern(text, None, WorkspaceCatalogue(CATALOGUE, Modules(), text)), offset, counts
    )


@pytest.mark.parametrize(
    ("source", "name", "active"),
    [
        pytest.param('App("web").port(|', "port", "number", id="first"),
        pytest.param('App("web").port(8080, |', "port", "name", id="second"),
        pytest.param('App("web").port(8080, "|', "port", "name", id="in a text"),
        pytest.param('App("web").port(8080, service_port=|', "port", "service_port", id="by name"),
        pytest.param('App("web").port(name="a, b", |', "port", "number", id="comma in a text"),
        pytest.param('App("web").port(f(1, 2), |', "port", "name", id="comma in a call"),
        pytest.param('App("web").port(|).image("x")', "port", "number", id="in a chain"),
        pytest.param('App("web").image("x").port(80|, "a")', "port", "number", id="in the middle"),
        pytest.param('App("web").port(80, "a|")', "port", "name", id="in the last"),
        pytest.param("App(|", "App", "name", id="constructor"),
        pytest.param('App("a").env("A", lambda x, y: |', "env", "value", id="commas of a lambda"),
        pytest.param('App("a").env("A", lambda x, y|', "env", "value", id="of one that begins"),
        pytest.param('App("a").port(lambda x=1, *y: (x, y), |', "port", "name", id="behind one"),
        pytest.param(
            "class Db(k8s_gen.Plugin): ...\nApp('a').add_db(|",
            "add_db",
            "plugin",
            id="what a plugin brings along",
        ),
        pytest.param('App("web").depends_on("a", "b", |', "depends_on", "resources", id="stars"),
        pytest.param('App("web").labels(team=|', "labels", "named", id="two stars"),
        pytest.param('App("web").depends_on(["a", |', "depends_on", "resources", id="in a list"),
        pytest.param("def f(a, *, b=1): ...\nf(1, b=|", "f", "b", id="function of the file"),
        pytest.param("class P:\n    def __init__(self, x): ...\nP(|", "P", "x", id="class of it"),
        pytest.param(
            'App("web").env(\n    "A",\n    secret=|\n)', "env", "secret", id="over lines"
        ),
    ],
)
def test_the_parameter_that_is_written(source, name, active):
    found = help_at(source)

    [signature] = found.signatures
    assert signature.label.startswith(f"{name}(")
    start, end = signature.parameters[found.active_parameter].label
    assert signature.label[start:end].lstrip("*").partition(":")[0].partition("=")[0] == active


@pytest.mark.parametrize(
    "source",
    ['App("web")|', "unknown(|", "(|", "# App(|", "def f(|", 'App("web").build()|', "x = [|"],
)
def test_no_signature(source):
    assert help_at(source) is None


def test_what_is_said_of_a_call_and_of_its_parameters():
    [signature] = help_at('App("web").expose(|').signatures

    assert signature.documentation.value.startswith("Make it reachable from outside")
    assert "ArgumentError" not in signature.documentation.value
    via = signature.parameters[3]
    assert via.documentation.value.startswith("``ingress`` (default): an Ingress;")
    assert 'One of `"ingress"`, `"gateway"`, `"loadbalancer"`.' in via.documentation.value


def test_clients_that_know_no_offsets_get_names():
    [signature] = help_at('App("web").port(|', counts=False).signatures

    assert [each.label for each in signature.parameters] == [
        "number: int",
        "name: str | None=None",
        "protocol: str='TCP'",
        "service_port: int | None=None",
    ]


def test_an_argument_too_many_has_no_parameter():
    assert help_at('App("web").replicas(1, |').active_parameter is None
