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


def test_a_constructor_is_not_removed():
    assert changed("App(«'a'»)\n", lambda chain, place: chain.without(place)) == "App('a')\n"


def test_what_is_no_python_has_no_chains():
    assert Source.of("App(") is None
    assert Source.of("a = 1\n").chain_at(Range(Position(0, 4), Position(0, 5))) is None
