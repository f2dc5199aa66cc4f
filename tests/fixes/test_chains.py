"""Corrections change what they are about, and keep every comment and the way it is written."""

import pytest

from k8sgen_core.findings import Position, Range
from k8sgen_core.fixes import applied
from k8sgen_core.fixes.chains import Source

ADD = ".spread()"
RESOURCES = '.resources(memory="1Mi")'


def place_of(text: str, marked: str) -> Range:
    """Return the place of the text between « and » in a source without these marks."""
    before, _, rest = marked.partition("«")
    inner, _, _ = rest.partition("»")
    return Range(position(text, len(before)), position(text, len(before) + len(inner)))


def position(text: str, offset: int) -> Position:
    lines = text[:offset].replace("\r\n", "\n").split("\n")
    return Position(len(lines) - 1, len(lines[-1]))


def changed(marked: str, change) -> str:
    text = marked.replace("«", "").replace("»", "")
    place = place_of(text, marked)
    chain = Source.of(text).chain_at(place)
    return applied(text, change(chain, place))


@pytest.mark.parametrize(
    ("source", "call", "expected"),
    [
        pytest.param('«App("a")»\n', ADD, 'App("a").spread()\n', id="constructor alone"),
        pytest.param(
            'x = «App("a")».image("b")  # why\n',
            ADD,
            'x = App("a").image("b").spread()  # why\n',
            id="one line",
        ),
        pytest.param(
            '(\n    «App("🐘")»  # one\n    .image("b")  # two\n)\n',
            ADD,
            '(\n    App("🐘")  # one\n    .image("b")\n    .spread()  # two\n)\n',
            id="a line for each call",
        ),
        pytest.param(
            'App("a") \\\r\n  .image(«"b"»)\r\n',
            ADD,
            'App("a") \\\r\n  .image("b") \\\r\n  .spread()\r\n',
            id="continued lines, CRLF",
        ),
        pytest.param(
            '«App("a")».image("b").generate().to_yaml()\n',
            ADD,
            'App("a").image("b").spread().generate().to_yaml()\n',
            id="before generate",
        ),
        pytest.param(
            '«App("a")».for_environment("prod").replicas(2)\n',
            ADD,
            'App("a").spread().for_environment("prod").replicas(2)\n',
            id="before an environment",
        ),
        pytest.param(
            'App("a").add(«Job("b")».image("c")).port(1)\n',
            ADD,
            'App("a").add(Job("b").image("c").spread()).port(1)\n',
            id="a builder inside a chain",
        ),
        pytest.param(
            '«App("a")».resources(cpu="1").image("b")\n',
            RESOURCES,
            'App("a").resources(cpu="1", memory="1Mi").image("b")\n',
            id="into the call that is there",
        ),
        pytest.param(
            '«App("a")».resources(memory="2Mi").image("b")\n',
            RESOURCES,
            'App("a").resources(memory="2Mi").image("b").resources(memory="1Mi")\n',
            id="what is given already is given again",
        ),
        pytest.param(
            '«App("a")».resources(**more)\n',
            RESOURCES,
            'App("a").resources(**more).resources(memory="1Mi")\n',
            id="nobody knows what it has",
        ),
    ],
)
def test_a_call_is_added(source, call, expected):
    assert changed(source, lambda chain, _: chain.with_call(call)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("a").f(«1»).g()\n', 'App("a").g()\n', id="the only argument"),
        pytest.param('App("a").f(x=«1», y=2)\n', 'App("a").f(y=2)\n', id="the first"),
        pytest.param('App("a").f(1, x=«2», y=3)\n', 'App("a").f(1, y=3)\n', id="in the middle"),
        pytest.param(
            'App("a").f(\n    1,\n    x=«2»,\n)\n', 'App("a").f(\n    1,\n)\n', id="the last"
        ),
        pytest.param(
            '(\n    App("a")  # one\n    # two\n    .f(«1»)  # three\n    .g()\n)\n',
            '(\n    App("a")  # one\n    # two  # three\n    .g()\n)\n',
            id="comments stay",
        ),
    ],
)
def test_an_argument_is_removed(source, expected):
    assert changed(source, lambda chain, place: chain.without(place)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'App("a").override({"x": {"y": «1», "z": 2}}, kind="K")\n',
            'App("a").override({"x": {"z": 2}}, kind="K")\n',
            id="a pair, the first",
        ),
        pytest.param(
            'App("a").override({"x": {"y": 1, "z": «2»}})\n',
            'App("a").override({"x": {"y": 1}})\n',
            id="a pair, the last",
        ),
        pytest.param(
            'App("a").override({"x": [1, «2», 3]})\n',
            'App("a").override({"x": [1, 3]})\n',
            id="an item",
        ),
        pytest.param(
            'App("a").override({"w": 0, "x": {"y": [{"z": «1»}]}})\n',
            'App("a").override({"w": 0})\n',
            id="what is empty then goes too",
        ),
        pytest.param(
            'App("a").override({"x": {"y": «1»}}, kind="K").g()\n',
            'App("a").g()\n',
            id="the call, if nothing is left of what it is about",
        ),
        pytest.param(
            'App("a").f(1, x={"y": «1»}).g()\n',
            'App("a").f(1).g()\n',
            id="the argument, if others are left",
        ),
        pytest.param(
            'App("a").f({\n    "x": 1,  # one\n    # of y\n    "y": «2»,\n    "z": 3,\n})\n',
            'App("a").f({\n    "x": 1,  # one\n    # of y\n    "z": 3,\n})\n',
            id="a line",
        ),
        pytest.param(
            'App("a").f({\r\n    "🐘": 1,\r\n    "y": [\r\n        «2»\r\n    ]\r\n})\r\n',
            'App("a").f({\r\n    "🐘": 1,\r\n})\r\n',
            id="several lines, the last, CRLF",
        ),
        pytest.param(
            'App("a").f({\n    "x": «1»,  # one\n    "y": 2,\n})\n',
            'App("a").f({\n    # one\n    "y": 2,\n})\n',
            id="a comment behind it stays",
        ),
        pytest.param(
            'App("a").f({"x": 1,  # one\n            "y": «2»})\n',
            'App("a").f({"x": 1,  # one\n            })\n',
            id="a comment before it stays",
        ),
        pytest.param(
            'App("a").f({"x": «1»,\n            # two\n            "y": 2})\n',
            'App("a").f({\n            # two\n            "y": 2})\n',
            id="a comment of what follows stays",
        ),
        pytest.param(
            'App("a").f({"x": («1»), **more, "y": "),"})\n',
            'App("a").f({**more, "y": "),"})\n',
            id="brackets and commas of others",
        ),
        pytest.param(
            'App("a").f({"x": (1, «2»)}).g((1, 2))\n',
            'App("a").f({"x": (1, 2)}).g((1, 2))\n',
            id="not of a tuple that would have one item",
        ),
        pytest.param(
            'App("a").f({"x": (1, «2», 3)})\n',
            'App("a").f({"x": (1, 3)})\n',
            id="of a tuple that has more",
        ),
        pytest.param(
            'App("a").f({"x": «1» if good else 2})\n',
            'App("a").f({"x": 1 if good else 2})\n',
            id="nobody knows which",
        ),
        pytest.param(
            'App("a").f({"x": [«1» for _ in y], "z": 1})\n',
            'App("a").f({"x": [1 for _ in y], "z": 1})\n',
            id="made in a loop",
        ),
        pytest.param('App("a").f(1, «2», 3)\n', 'App("a").f(1, 2, 3)\n', id="others would move"),
        pytest.param('App("a").f(g({"x": «1»}))\n', 'App("a").f(g({"x": 1}))\n', id="of a helper"),
    ],
)
def test_what_is_nested_is_removed_alone(source, expected):
    assert changed(source, lambda chain, place: chain.without(place)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'App("a").spec({"env": [{"name": «"A"», "value": "1"}, {"name": "A"}]})\n',
            'App("a").spec({"env": [{"name": "A"}]})\n',
            id="of several",
        ),
        pytest.param(
            'App("a").spec({"env": [{"name": «"A"»}], "x": 1})\n',
            'App("a").spec({"x": 1})\n',
            id="the only one",
        ),
        pytest.param('App("a").env(«"A"», "1")\n', 'App("a").env("A", "1")\n', id="no mapping"),
    ],
)
def test_a_whole_mapping_is_removed(source, expected):
    assert changed(source, lambda chain, place: chain.without_mapping(place)) == expected


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        pytest.param("A().f({'x': «'a'»})\n", "b", "A().f({'x': 'b'})\n", id="its quotes"),
        pytest.param('A().f(«"""a"""»)\n', "b", 'A().f("""b""")\n', id="three quotes"),
        pytest.param('A().f(«r"a"»)\n', "b", 'A().f("b")\n', id="raw"),
        pytest.param('A().f(\n    «"a"\n    "b"»\n)\n', "c", 'A().f(\n    "c"\n)\n', id="lines"),
        pytest.param('A().f(«"1"»)\n', "80", 'A().f("80")\n', id="text stays text"),
        pytest.param("A().f(x=«8_0»)\n", "81", "A().f(x=81)\n", id="a number"),
        pytest.param("A().f(«80»)\n", "http", "A().f(80)\n", id="no number"),
        pytest.param("A().f(«True»)\n", "1", "A().f(True)\n", id="neither is true or false"),
        pytest.param("A().f(«name»)\n", "b", "A().f(name)\n", id="no literal"),
        pytest.param('A().f(«f"{b}"»)\n', "b", 'A().f(f"{b}")\n', id="made of others"),
        pytest.param("A().f(«'a'»)\n", "b'", "A().f('a')\n", id="quotes that do not fit"),
        pytest.param("A().f(«'a'»)\n", "b\\n", "A().f('a')\n", id="an escape"),
    ],
)
def test_a_value_takes_the_place_of_one_of_its_type(source, value, expected):
    assert changed(source, lambda chain, place: chain.with_value(place, value)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("A().f({'old': «1»})\n", "A().f({'new': 1})\n", id="renamed"),
        pytest.param(
            "A().f({'old': «1», 'new': 2})\n", "A().f({'old': 1, 'new': 2})\n", id="is there"
        ),
        pytest.param("A().f({key: «1»})\n", "A().f({key: 1})\n", id="no literal"),
        pytest.param("A().f({«'old'»: 1})\n", "A().f({'old': 1})\n", id="no value"),
        pytest.param("A().f(old=«1»)\n", "A().f(old=1)\n", id="an argument"),
    ],
)
def test_a_key_is_renamed(source, expected):
    assert changed(source, lambda chain, place: chain.with_key(place, "new")) == expected


def test_a_constructor_is_not_removed():
    assert changed("App(«'a'»)\n", lambda chain, place: chain.without(place)) == "App('a')\n"


def test_what_is_no_python_has_no_chains():
    assert Source.of("App(") is None
    assert Source.of("a = 1\n").chain_at(Range(Position(0, 4), Position(0, 5))) is None


POLICY = "NetworkPolicy({name}).selector({it}).deny_ingress()"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'from k8s_gen import App\n\nweb = «App("web")».port(80)  # why\nweb.image("b")\n',
            "from k8s_gen import App, NetworkPolicy\n\n"
            'web = App("web").port(80)  # why\n'
            'NetworkPolicy("web").selector(web).deny_ingress()\nweb.image("b")\n',
            id="variable",
        ),
        pytest.param(
            "from k8s_gen import (\n    App,\n    NetworkPolicy,\n)\n«App('🐘')»\n",
            "from k8s_gen import (\n    App,\n    NetworkPolicy,\n)\nApp('🐘')\n"
            "NetworkPolicy('🐘').selector({\"app.kubernetes.io/name\": '🐘'}).deny_ingress()\n",
            id="nothing but the call",
        ),
        pytest.param(
            'from k8s_gen import *\r\nif x:\r\n  web = (\r\n    «App("web")»\r\n  )\r\n',
            'from k8s_gen import *\r\nif x:\r\n  web = (\r\n    App("web")\r\n  )\r\n'
            '  NetworkPolicy("web").selector(web).deny_ingress()\r\n',
            id="inside a block, CRLF",
        ),
        pytest.param('import k8s_gen\nweb = k8s_gen.«App("web")»', None, id="a module's name"),
        pytest.param("App(«name»)\n", None, id="a name that is not written out"),
        pytest.param('apps = [«App("web")»]\n', None, id="inside something else"),
        pytest.param('a.b = «App("web")»\n', None, id="no variable"),
        pytest.param('a = b = «App("web")»\n', None, id="two variables"),
        pytest.param('«App("web")».generate().to_yaml("k")\n', None, id="already generated"),
    ],
)
def test_a_statement_is_added_below(source, expected):
    unmarked = source.replace("«", "").replace("»", "")

    added = changed(source, lambda chain, _: chain.followed_by(POLICY))

    assert added == (unmarked if expected is None else expected)
