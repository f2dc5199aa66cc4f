"""What stands before a dot, in whatever way it came to stand there."""

import ast
from pathlib import Path

import pytest

from k8sgen_lsp.features.completion import completions
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, receiver_in

IMPORT = "from k8s_gen import App, CronJob, Job, StatefulApp\n"
STYLES = Path(__file__).parents[1] / "plugins" / "styles"
APP = ("App", set())
JOB = ("Job", set())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('d = {"a": App("a")}\nd["a"].|', APP, id="dict"),
        pytest.param(
            'd = {"a": App("a"), "b": App("b")}\nfor x in d.values():\n    x.|',
            APP,
            id="dict values",
        ),
        pytest.param('d = {"a": App("a")}\nfor k, x in d.items():\n    x.|', APP, id="dict items"),
        pytest.param('d = [App("a")]\nd[0].|', APP, id="list index"),
        pytest.param('d = [App("a")]\nfor x in d[1:]:\n    x.|', APP, id="list slice"),
        pytest.param('a, b = App("a"), Job("b")\nb.|', JOB, id="tuple"),
        pytest.param('a, (b, c) = 1, (App("a"), Job("b"))\nc.|', JOB, id="nested"),
        pytest.param('[a.| for a in [App("x")]]', APP, id="comp var"),
        pytest.param(
            'apps = [App(n) for n in "ab"]\nx = [a.image("b").| for a in apps]',
            ("App", {"image"}),
            id="comp var2",
        ),
        pytest.param(
            'apps = [App(n).image("x") for n in "ab"]\nfor a in apps:\n    a.|',
            ("App", {"image"}),
            id="comp list",
        ),
        pytest.param('apps = {n: App(n) for n in "ab"}\napps["a"].|', APP, id="dict comp"),
        pytest.param('def f():\n    yield App("a")\nfor a in f():\n    a.|', APP, id="gen"),
        pytest.param('a = App("a") if x else App("b")\na.|', APP, id="cond"),
        pytest.param('if x:\n    a = App("a")\nelse:\n    a = None\na.|', APP, id="cond2"),
        pytest.param('a = None or App("a")\na.|', APP, id="or"),
        pytest.param('with App("a") as a:\n    a.|', APP, id="with"),
        pytest.param(
            "def f(apps: list[App]):\n    for a in apps:\n        a.|", APP, id="list ann"
        ),
        pytest.param(
            'from typing import Optional\ndef f(a: "Optional[App]"):\n    a.|', APP, id="opt2"
        ),
        pytest.param('def f(a=App("x")):\n    a.|', APP, id="default"),
        pytest.param('a = App("x")\nf(lambda a: a.|)', None, id="lambda"),
        pytest.param(
            'apps = []\nfor n in "ab":\n    apps.append(App(n))\napps[0].|', APP, id="append"
        ),
        pytest.param('apps = {}\napps["x"] = App("x")\napps["x"].|', APP, id="setitem"),
        pytest.param('for i, a in enumerate([App("a")]):\n    a.|', APP, id="enumerate"),
        pytest.param('for i, a in zip("ab", [App("a")]):\n    a.|', APP, id="zip"),
        pytest.param("def f(x):\n    if isinstance(x, App):\n        x.|", APP, id="isinstance"),
        pytest.param(
            'a = App("a")\na = a.image("x").port(1)\na.|', ("App", {"image", "port"}), id="rebound"
        ),
        pytest.param(
            'class W:\n    def make(self):\n        return App("a")\nW().make().|', APP, id="method"
        ),
        pytest.param(
            "class W:\n    def __init__(self):\n        self.app: App = make()\n"
            "    def f(self):\n        self.app.|",
            APP,
            id="self attr",
        ),
        pytest.param(
            "class W:\n    def f(self, app: App):\n        app.|", APP, id="param ann in method"
        ),
        pytest.param(
            'def outer():\n    app = App("x")\n    def inner():\n        app.|',
            APP,
            id="nested func",
        ),
        pytest.param('class W:\n    app = App("x")\nW().app.|', APP, id="class attr"),
        pytest.param('a = App("x")\na = unknown()\na.|', None, id="unknown stops"),
        pytest.param('import copy\na = copy.deepcopy(App("x"))\na.|', APP, id="copy"),
        pytest.param('while (a := App("x")):\n    a.|', APP, id="walrus while"),
        pytest.param('x = 1; a = App("a"); a.|', APP, id="semicolon"),
        pytest.param('for n in "ab": App(n).|', APP, id="for one line"),
        pytest.param('try:\n    a = App("a")\nexcept E as e:\n    pass\na.|', APP, id="try"),
        pytest.param('match x:\n    case 1:\n        a = App("a")\na.|', APP, id="match"),
        pytest.param('x = {App: 1, "b": App("x").|}', APP, id="dict param"),
        pytest.param('f"{1}"\nApp("a").|', APP, id="in fstring call"),
        pytest.param(
            'def f():\n    return App("a"), Job("b")\na, b = f()\na.|', APP, id="return tuple"
        ),
        pytest.param('a, *rest = [App("a"), App("b")]\na.|', APP, id="star"),
        pytest.param('a, *b = [App("a"), App("b")]\nb[0].|', APP, id="what a star takes"),
        pytest.param('a, *b = App("a"), Job("b")\nb[0].|', JOB, id="what it takes of a tuple"),
        pytest.param('*a, b = App("a"), Job("b")\nb.|', JOB, id="behind a star"),
        pytest.param('a, *b, c = App("a"), 1, Job("b")\nfor x in b:\n    x.|', None, id="within"),
        pytest.param(
            'class W:\n    app = App("a")\n    def f(self):\n        self.app.|',
            APP,
            id="attribute of the class that is written",
        ),
        pytest.param('class W:\n    app = App("a")\nW.app.|', APP, id="attribute of a class"),
        pytest.param(
            "class W:\n    def f(self):\n        W.app.|\n    app: App = make()",
            APP,
            id="that is annotated",
        ),
        pytest.param("class W:\n    def f(self): ...\nW.f.|", None, id="method of a class"),
        pytest.param('mk = lambda n: App(n)\nmk("a").|', APP, id="call of a lambda"),
        pytest.param('n = App("a")\nmk = lambda n: n\nmk("a").|', None, id="its own parameter"),
        pytest.param('mk = lambda n="a", m=1: App(n)\nmk().|', APP, id="with defaults"),
        pytest.param('mk = lambda: lambda: Job("a")\nmk()().|', JOB, id="lambda in a lambda"),
        pytest.param('App ("x").port(80).|', ("App", {"port"}), id="blank before a bracket"),
        pytest.param('App("x").port (80) .|', ("App", {"port"}), id="blank in a chain"),
        pytest.param('def f():\n    return (App("x")).|', APP, id="bracket behind a keyword"),
        pytest.param('a = App("a")\ndef f():\n    global a\n    a.|', APP, id="global"),
        pytest.param(
            'async def f():\n    return App("a")\nasync def g():\n    (await f()).|',
            APP,
            id="async",
        ),
        pytest.param("def f() -> list[App]: ...\nf()[0].|", APP, id="ann returns list"),
        pytest.param('def f():\n    a.|\na = App("x")', APP, id="later"),
        pytest.param(
            'for a in [App("a"), StatefulApp("b")]:\n    a.|', ("_Replicated", set()), id="mixed"
        ),
        pytest.param('for a in sorted([App("a")], key=str):\n    a.|', APP, id="sorted"),
        pytest.param(
            'x = f(\n    App("a")\n    .image("b"),\n    Job("c").|\n)',
            JOB,
            id="chain in arg list over lines",
        ),
        pytest.param(
            'for n in "abc":\n    app = App(n)\n    app.image("x")\n    app.|',
            ("App", {"image"}),
            id="loop target called",
        ),
        pytest.param(
            'app = App("a").image("x")\napp.port(1)\napp = App("b")\napp.|',
            APP,
            id="two of one name",
        ),
        pytest.param('app = App("a")\nx = foo(\napp.|\n', APP, id="partial broken between"),
        pytest.param(
            'x = [[App("a")]]\nfor row in x:\n    for a in row:\n        a.|', APP, id="nested list"
        ),
        pytest.param('[a.| for row in [[App("a")]] for a in row]', APP, id="nested comp"),
        pytest.param('A = App\nA("x").|', APP, id="type alias call"),
        pytest.param('def f(): return App("x")\ng = f\ng().|', APP, id="function alias"),
        pytest.param('(App("a") if x else App("b")).|', APP, id="conditional expr receiver"),
        pytest.param('@cache\ndef f():\n    return App("a")\nf().|', APP, id="decorated"),
        pytest.param('app = App("a")\nf(app=1)\napp.|', APP, id="kw like name"),
        pytest.param('app = App("a")\nx = {app: 1}\napp.|', APP, id="dict key like note"),
    ],
)
def test_the_receiver_is_known(source, expected):
    assert receiver_in(IMPORT + source) == expected


BASES = """
from typing import TypeVar
T = TypeVar("T")

class Base:
    def by_class(self) -> "Base":
        return self
    def by_variable(self: T) -> T:
        return self
    def unnoted(self, value):
        self.value = value
        return self
    def clone(self):
        made = copy.copy(self)
        made.x = 1
        return made
    def either(self, value=None):
        if value is None:
            return self._value
        self._value = value
        return self
    def text(self):
        return "text"
    def texts(self):
        return [self.text()]
    def made(self):
        return App("a")
    def others(self):
        yield Other()
    @property
    def other(self):
        return Other()
    @staticmethod
    def new():
        return Other()
    @classmethod
    def default(cls):
        return cls()

class Sub(Base):
    def own(self) -> "Sub": ...

class Other:
    def __enter__(self):
        return App("x")
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Sub().by_class().|", "Sub"),
        ("Sub().by_variable().|", "Sub"),
        ("Sub().unnoted(1).|", "Sub"),
        ("Sub().clone().|", "Sub"),
        ("Sub().either(1).|", "Sub"),
        ("Sub().own().by_class().own().|", "Sub"),
        ("Sub().text().|", None),
        ("Sub().texts()[0].|", None),
        ("Sub().made().|", "App"),
        ("Sub().other.|", "Other"),
        ("Sub.new().|", "Other"),
        ("Sub.default().|", "Sub"),
        ("next(Sub().others()).|", "Other"),
        ("with Other() as app:\n    app.|", "App"),
        ("Sub().missing().|", None),
    ],
)
def test_a_method_gives_its_receiver_unless_it_says_otherwise(source, expected):
    found = receiver_in(f"{IMPORT}import copy\n{BASES}\n{source}")

    assert (found and found[0]) == expected


def chained_names(source):
    """Yield the names behind dots that are called on a plugin of the source, with their offset."""
    tree = ast.parse(source)
    plugins = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            start = node.value
            while isinstance(start, ast.Call | ast.Attribute):
                start = start.func if isinstance(start, ast.Call) else start.value
            if isinstance(start, ast.Name) and start.id in plugins:
                yield start.id, node.attr, starts[node.end_lineno - 1] + node.end_col_offset


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.py")), ids=lambda path: path.stem)
def test_plugins_as_different_hands_write_them(path):
    source = path.read_text(encoding="utf-8")
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), source)
    reader = Reader(layout_of(source), catalogue)
    classes = catalogue.module("__main__").classes.values()
    plugins = [each for each in classes if catalogue.is_plugin(each)]

    assert plugins
    for plugin, _, offset in chained_names(source):
        assert reader.receiver_at(offset)[1].found.name == plugin
    for plugin in plugins:
        methods = [
            each.name
            for each in ast.walk(ast.parse(source))
            if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
        ]
        text = f"{source}\n{plugin.name}('x')."
        offered = {each.label for each in completions(catalogue, text, len(text))}
        assert {name for name in methods if name in catalogue.members(plugin)} <= offered
        assert {"labels", "namespace", "generate"} <= offered


@pytest.mark.parametrize("calls", [10, 80, 300])
def test_chains_of_any_length(calls):
    steps = "".join(f'\n    .env("A{number}", "(")' for number in range(calls))

    assert receiver_in(f'{IMPORT}app = (App("web"){steps}\n    .|\n)') == ("App", {"env"})


def test_reading_a_source_again_looks_only_at_what_changed():
    source = IMPORT + "".join(f'app_{n} = App("a{n}").port({n})\n' for n in range(500))
    layout = layout_of(source)

    edited = layout_of(source.replace("a250", "b250"))

    changed = [each for each in edited.pieces if not any(each is old for old in layout.pieces)]
    assert len(changed) == 1
    assert "b250" in changed[0].text
