"""
Where calls and arguments are, as previews and findings show it.

In the sources ``⟦...⟧`` encloses the range that is expected, and ``«...»`` those of the
calls that led to it.
"""

import re
import sys
from types import ModuleType

import pytest

from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.pipeline import build, finding_of_refusal
from k8sgen_core.preview import preview
from k8sgen_core.rendering import Rendered
from k8sgen_core.session import Collecting, Session, activate
from k8sgen_core.shown import Shown

HELPER = """\
from k8s_gen import App


def web(name):
    app = App(name).image("nginx:1.27")
    return app.{}
"""


def texts_of(source, replicas="replicas(1)"):
    helper = HELPER.format(replicas)
    texts = {
        "app.py": f"import functools\nfrom k8s_gen import App\n{source}\n",
        "helper.py": helper,
    }
    expected = {path: ranges_of(text) for path, text in texts.items()}
    return {path: re.sub("[⟦⟧«»]", "", text) for path, text in texts.items()}, expected


def ranges_of(text):
    """Return the ranges in marks, as editors count: UTF-16 units, lines from 0."""
    found = {}
    for opening, closing in ("⟦⟧", "«»"):
        pairs = zip(positions(text, opening), positions(text, closing), strict=True)
        found[opening] = [{"start": start, "end": end} for start, end in pairs]
    return found


def positions(text, mark):
    for match in re.finditer(mark, text):
        before = re.sub("[⟦⟧«»]", "", text[: match.start()])
        line = before.rpartition("\n")[2]
        yield {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


def shown(texts, tmp_path):
    """Return the preview of a program, as a front end gets it."""
    session = Collecting(tmp_path)
    activate(session)
    helper = sys.modules["helper"] = ModuleType("helper")
    try:
        for path, names in (("helper.py", helper.__dict__), ("app.py", {"__name__": "__main__"})):
            exec(compile(texts[path], str(tmp_path / path), "exec"), names)
    finally:
        activate(Session())
        del sys.modules["helper"]
    locator = Locator(tmp_path, Sources({str(tmp_path / path): texts[path] for path in texts}))
    findings = [finding_of_refusal(refusal, locator) for refusal in session.refusals]
    made = build(session.roots())
    rendered = Rendered("kubernetes", lowered=made.lowered)
    shown = Shown(locator)
    return preview(made, rendered, shown, [shown.finding(each) for each in findings])


def origins_of(made, line):
    """Return the origins of the line with this text."""
    [(file, number)] = [
        (file, number)
        for file in made["files"]
        for number, text in enumerate(file["text"].splitlines())
        if text.strip() == line
    ]
    return [file["origins"][index] for at, index in file["lines"] if at == number]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('App("web").image("nginx:1.27").⟦replicas(2)⟧', id="one line"),
        pytest.param('App("web").⟦replicas(2)⟧.image("nginx:1.27").port(80)', id="in the middle"),
        pytest.param('(\n    App("web")\n    .port(80)\n    .⟦replicas(2)⟧\n)', id="lines"),
        pytest.param('App("web").⟦replicas(\n    2,\n)⟧.port(80)', id="over lines"),
        pytest.param('App("web").⟦replicas(count=2)⟧', id="keyword"),
        pytest.param('a = App("web"); b = App("b"); a.⟦replicas(2)⟧; b.port(80)', id="statements"),
        pytest.param('App("b").replicas(3), App("web").⟦replicas(2)⟧', id="same method, same line"),
        pytest.param('App("web").annotations(text="é🐘").⟦replicas(2)⟧', id="other characters"),
        pytest.param('App("web").⟦replicas(*[2])⟧', id="unpacked"),
        pytest.param('App("web").⟦replicas(**{"count": 2})⟧', id="unpacked keywords"),
        pytest.param('later = functools.partial(App("web").replicas, 2)\n⟦later()⟧', id="partial"),
        pytest.param('more = App("web").replicas\n⟦more(2)⟧', id="alias"),
        pytest.param('⟦getattr(App("web"), "replicas")(2)⟧', id="by name"),
        pytest.param('more = lambda app: app.⟦replicas(2)⟧\n«more(App("web"))»', id="lambda"),
        pytest.param('for name in ("web",):\n    App(name).⟦replicas(2)⟧', id="loop"),
        pytest.param('[App(name).⟦replicas(2)⟧ for name in ("web",)]', id="comprehension"),
        pytest.param('list(App(name).⟦replicas(2)⟧ for name in ("web",))', id="generator"),
        pytest.param(
            "def make(names):\n    return {n: App(n).⟦replicas(2)⟧ for n in names}\n"
            '«make(["web"])»',
            id="comprehension in a function",
        ),
        pytest.param(
            "def make(name, count):\n    return App(name).⟦replicas(count)⟧\n«make('web', 2)»",
            id="function",
        ),
        pytest.param(
            "def doubled(function):\n"
            "    @functools.wraps(function)\n"
            "    def wrapper(name):\n"
            "        return function(name).⟦replicas(2)⟧\n"
            "    return wrapper\n\n"
            "@doubled\ndef web(name):\n    return App(name)\n\n"
            '«web("web")»',
            id="decorator around",
        ),
        pytest.param(
            "def same(function):\n"
            "    def wrapper(name):\n"
            "        return «function(name)»\n"
            "    return wrapper\n\n"
            "@same\ndef web(name):\n    return App(name).⟦replicas(2)⟧\n\n"
            '«web("web")»',
            id="decorator between",
        ),
    ],
)
def test_a_line_is_shown_at_its_call(source, tmp_path):
    texts, expected = texts_of(source)

    [origin] = origins_of(shown(texts, tmp_path), "replicas: 2")

    assert (origin["call"], origin["path"]) == ("App.replicas", "app.py")
    assert [origin["range"]] == expected["app.py"]["⟦"]
    assert sorted(each["range"]["start"]["line"] for each in origin["via"]) == [
        each["start"]["line"] for each in expected["app.py"]["«"]
    ]
    assert all(each["range"] in expected["app.py"]["«"] for each in origin["via"])


def test_calls_that_led_there_are_shown_from_the_inside_out(tmp_path):
    texts, expected = texts_of(
        "def inner(app):\n    app.⟦replicas(2)⟧\n\n"
        "def outer(app):\n    «inner(app)»\n\n"
        '«outer(App("web"))»'
    )

    [origin] = origins_of(shown(texts, tmp_path), "replicas: 2")

    assert [each["range"] for each in origin["via"]] == expected["app.py"]["«"]


def test_a_call_in_an_imported_file_is_shown_there_and_where_it_was_led_to(tmp_path):
    source = 'from helper import web\n«web("web")».port(80)'
    texts, expected = texts_of(source, "⟦replicas(2)⟧")

    [origin] = origins_of(shown(texts, tmp_path), "replicas: 2")

    assert (origin["path"], [origin["range"]]) == ("helper.py", expected["helper.py"]["⟦"])
    assert [(each["path"], each["range"]) for each in origin["via"]] == [
        ("app.py", *expected["app.py"]["«"])
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('App("web").replicas(⟦-1⟧)', id="position"),
        pytest.param('App("web").replicas(count=⟦-1⟧)', id="keyword"),
        pytest.param('App("web").replicas(\n    ⟦-1⟧,\n)', id="own line"),
        pytest.param('App("web").annotations(text="é🐘").replicas(⟦-1⟧)', id="other characters"),
        pytest.param('count = -1\nApp("web").replicas(⟦count⟧)', id="variable"),
        pytest.param('App("web").replicas(⟦2 - 3⟧)', id="expression"),
        pytest.param('App("web").labels({"tier": "x", "team": ⟦"a b"⟧})', id="value of a mapping"),
        pytest.param('App("web").labels({"tier": "x", ⟦"a b"⟧: "x"})', id="key of a mapping"),
        pytest.param('given = {"team": "a b"}\nApp("web").labels(⟦given⟧)', id="mapping elsewhere"),
        pytest.param('App("web").labels(team=⟦"a b"⟧)', id="keyword of any name"),
        pytest.param('App("web").ports([80, ⟦70000⟧])', id="element"),
        pytest.param('App("web").ports([80, {"port": ⟦70000⟧}])', id="element of an element"),
        pytest.param('App("web").⟦replicas(*[-1])⟧', id="unpacked"),
        pytest.param('App("web").⟦labels(**{"team": "a b"})⟧', id="unpacked keywords"),
        pytest.param('later = functools.partial(App("web").replicas, -1)\n⟦later()⟧', id="partial"),
        pytest.param('more = App("web").replicas\nmore(⟦-1⟧)', id="alias"),
        pytest.param('App(⟦"Web"⟧)', id="constructor"),
    ],
)
def test_a_finding_is_shown_at_its_argument(source, tmp_path):
    texts, expected = texts_of(source)

    [finding] = shown(texts, tmp_path)["findings"]

    assert [finding["range"]] == expected["app.py"]["⟦"]
