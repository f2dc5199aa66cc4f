"""Findings while typing are those of an evaluation, and nothing is said that is not certain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8sgen_core.columns import lines_of
from k8sgen_core.evaluation.result import evaluate
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.shown import Shown
from k8sgen_lsp.features import static_checks
from k8sgen_lsp.features.static_checks import Where, findings_in, problems_in
from k8sgen_lsp.static import calls
from k8sgen_lsp.static.calls import Document
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE

IMPORT = (
    "from k8s_gen import App, ConfigMap, CronJob, Job, Plugin, PluginManager, Secret, Service, "
    "TemplateManager\n"
)
PLUGIN = """from k8s_gen import Plugin

class Database(Plugin):
    def __init__(self, name, *, owner="shop"):
        super().__init__(name)

    def size(self, number, unit="Gi"):
        self.number = number
        return self

    def generate_nothing(self):
        return []
"""


@pytest.fixture
def check(tmp_path):
    """Return the static and the evaluated findings of a source."""
    (tmp_path / "k8sgen.toml").touch()
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/database.py").write_text(PLUGIN, encoding="utf-8")

    def run(text, unit="utf-16"):
        path = tmp_path / "app.py"
        path.write_text(text, encoding="utf-8", newline="")
        where = Where(path.as_uri(), path, tmp_path, unit)
        catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (tmp_path, tmp_path))
        shown = Shown(Locator(tmp_path, Sources({str(path): text})), unit, uris=True)
        evaluated = [shown.finding(each) for each in evaluate(path, judging=None).findings]
        return findings_in(text, catalogue, where), evaluated

    return run


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        pytest.param('App("web").imag("a:1")', "unknown-setting", id="method"),
        pytest.param('App("web").image("a:1").port(number=80, nme="x")', "unknown-setting",
                     id="keyword"),
        pytest.param('App("web").image("a:1").port()', "wrong-type", id="missing"),
        pytest.param('App("web").image("a:1", "b")', "wrong-type", id="too many"),
        pytest.param('App("web").image("a:1").replicas("3")', "wrong-type", id="type"),
        pytest.param('App("web").image("a:1").resources(memory="512MB")', "invalid-quantity",
                     id="quantity"),
        pytest.param('CronJob("c").image("a:1").schedule("61 * * * *")', "invalid-cron", id="cron"),
        pytest.param('App("Web_App").image("a:1")', "invalid-name", id="name"),
        pytest.param('App("web").image("Nginx Latest")', "invalid-image", id="image"),
        pytest.param('App("web").image("a:1").port(99999)', "invalid-port", id="port"),
        pytest.param('Job("j").image("a:1").timeout("soon")', "invalid-duration", id="duration"),
        pytest.param('App("web").image("a:1").labels(mood="é🐘", a="b c")', "invalid-label",
                     id="label"),
        pytest.param('App("web").image("a:1").labels({"a b": "c"})', "invalid-label", id="key"),
        pytest.param('App("web").image("a:1").environment({"A B": "c"})', "invalid-name",
                     id="variable"),
        pytest.param('App("web").image("a:1").port(80).expose("https://a.b")', "invalid-host",
                     id="host"),
        pytest.param('App("web").image("a:1").disruption_budget()', "conflicting-settings",
                     id="arguments that need each other"),
        pytest.param('App("web").image("a:1").ignore("latst", "why")', "unknown-id", id="rule"),
        pytest.param('x = "a:1"\nApp("é").image(x).port(70_000, name=x)', "invalid-port",
                     id="beside what is not known"),
        pytest.param('App("web").image("a:1").use_template("nope")', "template-not-found",
                     id="template"),
        pytest.param('TemplateManager().register("web", "web.j2")\n'
                     'App("w").image("a:1").use_template("wbe")', "template-not-found",
                     id="misspelt template"),
        pytest.param('PluginManager().load("databse")', "plugin-not-found", id="plugin"),
        pytest.param('from plugins.database import Database\nDatabase("d").siz(3)',
                     "unknown-setting", id="method of a plugin"),
        pytest.param('from plugins.database import Database\nDatabase("d").size(nmber=3)',
                     "uncaught-exception", id="keyword of a plugin"),
        pytest.param('from plugins.database import Database\nDatabase("d").size()',
                     "uncaught-exception", id="missing argument of a plugin"),
        pytest.param('from plugins.database import Database\nDatabase("d").size(1, "a", 3)',
                     "uncaught-exception", id="too many for a plugin"),
        pytest.param('from plugins.database import Database\nDatabase()', "uncaught-exception",
                     id="constructor of a plugin"),
        pytest.param('from plugins.database import Database\nDatabase("d").labels(a="b c")',
                     "invalid-label", id="what a plugin inherits"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["utf-8", "utf-16"])
def test_a_finding_while_typing_is_the_one_of_the_evaluation(check, source, rule, unit):
    static, evaluated = check(f"{IMPORT}'🐘'; {source}\n", unit)

    assert rule in [each["rule"] for each in static]
    for each in static:
        same = [known for known in evaluated if known["rule"] == each["rule"]]
        found = [known["range"] for known in same if known["message"] == each["message"]]
        assert each["range"] in found, (each, evaluated)
        [hint] = {known["hint"] for known in same if known["range"] == each["range"]}
        assert each["hint"] == hint or each["rule"] == "uncaught-exception"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('def f(a: App):\n    a.anything()', id="parameter"),
        pytest.param('App("a").image(x).port(p).replicas(n)', id="values that are not known"),
        pytest.param('App("a").expose("a.b", via=v, gateway="g")', id="depends on the unknown"),
        pytest.param('App("a").env("A", *rest)', id="spread"),
        pytest.param('App("a").resources(**limits)', id="spread keywords"),
        pytest.param('App("a").environment({"A": 1, **more})', id="spread mapping"),
        pytest.param('App.extra = f\nApp("a").extra()', id="a method that is added"),
        pytest.param('setattr(App, name, f)\nApp("a").extra()', id="added by any name"),
        pytest.param('try:\n    App("a").extra()\nexcept AttributeError:\n    pass', id="guarded"),
        pytest.param('App("a").add_something(x)', id="what an unknown plugin brings"),
        pytest.param('App("a").generate().to_anything("x")', id="a format of somebody's"),
        pytest.param('class P(Plugin):\n    def __getattr__(self, name): ...\nP("p").extra()',
                     id="answers to everything"),
        pytest.param('from other import Base\nclass P(Base, Plugin): ...\nP("p").extra()',
                     id="unknown base"),
        pytest.param('@decorated\nclass P(Plugin): ...\nP("p").extra()', id="a decorated class"),
        pytest.param('class P(Plugin, metaclass=M): ...\nP("p").extra()', id="a metaclass"),
        pytest.param('class P(Plugin):\n    exec(text)\nP("p").extra()', id="made of a text"),
        pytest.param('class P(Plugin):\n    if x:\n        def extra(self): ...\nP("p").extra()',
                     id="under a condition"),
        pytest.param('class P(Plugin):\n    @wraps(x)\n    def a(self): ...\nP("p").a(1, 2)',
                     id="decorated"),
        pytest.param('@dataclass\nclass P(Plugin):\n    n: int\nP(1, 2, 3)', id="a data class"),
        pytest.param('TemplateManager().register(name, "x")\nApp("a").use_template("b")',
                     id="a template of any name"),
        pytest.param('import own\nApp("a").use_template("b")', id="registered elsewhere"),
        pytest.param('App("a").image("a:1")  # k8sgen: ignore[no-effect] why', id="a known id"),
        pytest.param('"# k8sgen: ignore[nothing]"', id="text that looks like a comment"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_said(check, source):
    static, _ = check(f"{IMPORT}{source}\n")

    assert static == []


CHANGED = """from k8s_gen import Plugin

class Base(Plugin):
    def generate_nothing(self):
        return []

class P(Base):
    def size(self):
        return self
"""
# What stands behind the plugin, or what stands where something else was.
BELOW = {
    "assigned": "P.extra = lambda self: self\n",
    "to the base": "Base.extra = lambda self: self\n",
    "in a loop": "for n in names:\n    setattr(P, n, f)\n",
    "of a loop": "for kind in (P,):\n    kind.extra = f\n",
    "in a function": "def f(kind):\n    setattr(kind, 'extra', f)\nf(P)\n",
    "bound anew": "P = changed(P)\n",
    "by a text": "exec(text)\n",
}
INSIDE = {
    "decorated": ("class P", "@decorated\nclass P"),
    "a decorated base": ("class Base", "@decorated\nclass Base"),
    "a metaclass": ("P(Base)", "P(Base, metaclass=M)"),
    "a hook of the base": (
        "    def generate",
        "    def __init_subclass__(cls): ...\n    def generate",
    ),
    "a part that is not valid": ("return self\n", "return self\n    def\n"),
}
# What stands before the method of the class.
BEFORE = {
    "text in the body": "    exec(text)\n",
    "a loop in the body": "    for n in x:\n        locals()[n] = f\n",
    "on the object": "    def __init__(self, n):\n        setattr(self, n, f)\n",
    "among its attributes": "    def __init__(self, n):\n        self.__dict__[n] = f\n",
    "among its variables": "    def __init__(self, n):\n        vars(self).update(n)\n",
}
SHOWN = {
    "values": "    'Text.'\n    a: int = 1\n    b = 2\n",
    "attributes that are written": "    def __init__(self, n):\n        super().__init__(n)\n"
    "        self.number = 1\n        setattr(self, 'number', 2)\n",
}
SIZE = "    def size"
USE = f"{IMPORT}from plugins.p import P\nP('p').extra()\n"


@pytest.mark.parametrize(
    "plugin",
    [
        *(pytest.param(CHANGED + each, id=name) for name, each in BELOW.items()),
        *(pytest.param(CHANGED.replace(*each), id=name) for name, each in INSIDE.items()),
        *(pytest.param(CHANGED.replace(SIZE, e + SIZE), id=name) for name, e in BEFORE.items()),
    ],
)
def test_a_class_that_its_text_does_not_show_may_have_any_method(check, tmp_path, plugin):
    (tmp_path / "plugins/p.py").write_text(plugin, encoding="utf-8")

    assert check(USE)[0] == []


@pytest.mark.parametrize(
    "plugin",
    [
        pytest.param(CHANGED, id="nothing else"),
        pytest.param(
            CHANGED.replace(
                "class P", "from dataclasses import dataclass\n@dataclass(init=False)\nclass P"
            ),
            id="a data class",
        ),
        *(pytest.param(CHANGED.replace(SIZE, e + SIZE), id=name) for name, e in SHOWN.items()),
        pytest.param(f"{CHANGED}class Q: ...\nQ.extra = 1\nx = Q()\nx.extra = 2\n", id="others"),
    ],
)
def test_a_class_that_its_text_shows_has_no_other_method(check, tmp_path, plugin):
    (tmp_path / "plugins/p.py").write_text(plugin, encoding="utf-8")

    static, evaluated = check(USE)

    assert [each["rule"] for each in static] == ["unknown-setting"]
    assert static == evaluated


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("a").imag("b:1").prt(80).replicas("3")', ["imag", "prt", '"3"'],
                     id="setters"),
        pytest.param('x = App("a").imag("b:1")\nx.prt(80)', ["imag", "prt"], id="in a variable"),
        pytest.param('App("a").generat().to_yml()', ["generat"], id="something else"),
        pytest.param('App("a").wherever().prt(80)', ["wherever"], id="nothing near"),
        pytest.param('App.imag = f\nApp("a").imag("b:1").prt(80)', [], id="defined somewhere"),
    ],
)  # fmt: skip
def test_what_follows_a_misspelt_setter_is_checked(check, source, expected):
    text = f"{IMPORT}{source}\n"
    lines = lines_of(text)

    static, _ = check(text)

    told = [(each["range"]["start"], each["range"]["end"]) for each in static]
    assert [
        lines[start["line"]][start["character"] : end["character"]] for start, end in told
    ] == expected


ACCOUNT = "from k8s_gen import App, ServiceAccount\naccount = ServiceAccount('a')\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('x = App("a").service_account(account\n    .hardened()\n', [], id="open"),
        pytest.param('x = (\n    App("a")\n    .service_account(account\n    .hardened()\n)\n', [],
                     id="inside of another"),
        pytest.param('x = (\n    App("a")\n    .hardned()\n    .service_account(account.',
                     ["hardned"], id="what stands above"),
        pytest.param('x = App("a").service_account(account.hardened()\n', ["hardened"],
                     id="on its line"),
        pytest.param('x = App("a").service_account(\n    account\n    .hardened()\n)\n',
                     ["hardened"], id="closed"),
    ],
)  # fmt: skip
def test_below_an_open_bracket_nothing_is_certain(check, source, expected):
    text = ACCOUNT + source

    static, _ = check(text)

    assert [each["rule"] for each in static] == ["unknown-setting"] * len(expected)
    for each, name in zip(static, expected, strict=True):
        assert f"'{name}'" in each["message"]


def test_an_unknown_id_in_a_comment_is_told(check):
    source = 'App("a").image("a:1")  # k8sgen: ignore[no-efect, made-up] why\n'
    static, _ = check(IMPORT + source)

    assert [(each["rule"], each["severity"]) for each in static] == [("unknown-id", "warning")] * 2
    text = lines_of(source)[0]
    ranges = [each["range"] for each in static]
    assert [text[each["start"]["character"] : each["end"]["character"]] for each in ranges] == [
        "no-efect",
        "made-up",
    ]


SHADOWS = (
    "class Base(Plugin):\r\n"
    "    def size(this, size):\r\n"
    "        this.name = this.size = size\r\n"
    "    def _hidden(self): self._hidden = 1\r\n"
    "    @property\r\n"
    "    def kind(self): self.kinds = 1\r\n"
    "    def kinds(self): self.kind = 2\r\n"
    "    @staticmethod\r\n"
    "    def made(self): self.size = 1\r\n"
    "class Cluster(Base):\r\n"
    "    nodes = 2\r\n"
    "    def __init__(self, name):\r\n"
    "        self.other, self.size = '🐘', 3; self.size = 4\r\n"
    "        for self.labels in []: pass\r\n"
    "    def nodes(self, nodes):\r\n"
    "        def set(): self.nodes += nodes; self.size = 5\r\n"
    "        return self\r\n"
    "    def generate_all(self): return []\r\n"
    "class Fixed(Base):\r\n"
    "    size = 1\r\n"
    "    def grow(self): self.size = 2\r\n"
    "class Plain:\r\n"
    "    def size(self): self.size = 1\r\n"
)


@pytest.mark.parametrize("unit", ["utf-8", "utf-16"])
def test_a_plugin_that_shadows_itself_is_told_where_it_assigns(check, unit):
    static, evaluated = check(IMPORT + SHADOWS, unit)
    lines = lines_of(IMPORT + SHADOWS)

    assert static == [each for each in evaluated if each["rule"] == "self-shadowing"]
    places = [each["range"]["start"] for each in static]
    assert [lines[at["line"]].encode()[at["character"] :][:9] for at in places] == [
        b"this.size", b"self.size", b"self.labe", b"self.node",
    ]  # fmt: skip


def test_findings_come_back_when_an_import_does(check):
    text = 'App("a").imag("b")\n'
    assert check(text)[0] == []

    [found], _ = check("from k8s_gen import App\n" + text)

    assert found["hint"] == "did you mean 'image'?"


def test_broken_code_has_the_findings_of_the_rest(check):
    static, _ = check(IMPORT + 'App("a").port(0).\nApp("b").port(0)\nApp(\n')

    assert [each["range"]["start"]["line"] for each in static] == [1, 2]


LINES = (
    'a = App("a")',
    'a = Job("j")',
    'a.port(0).imag("b")',
    "a = a.retries(1)",
    "def f():\n    return App(1)",
    'f().port("x")',
    "class P(Plugin):\n    def size(self, n): ...",
    'P("p").size().siz(1)',
    "App.imag = f",
    "x = (",
    "from k8s_gen import Job as App",
    "",
)
EDIT = st.tuples(
    st.sampled_from(["add", "replace", "remove"]), st.integers(0, 9), st.sampled_from(LINES)
)


@given(st.lists(EDIT, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_after_any_edits_everything_is_as_if_read_afresh(edits):
    lines: list[str] = []
    for kind, place, line in edits:
        if kind == "add":
            lines.insert(place, line)
        elif place < len(lines):
            lines[place : place + 1] = [line] if kind == "replace" else []
        text = IMPORT + "\n".join(lines)
        catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)
        found = list(problems_in(Document(text, catalogue)))
        for known in (calls._readings, static_checks._checked):
            known.clear()
        assert list(problems_in(Document(text, catalogue))) == found
