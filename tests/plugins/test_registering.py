"""``PluginManager``: what it loads, and what it says of what it cannot load."""

import pytest

from k8s_gen import PluginManager
from k8sgen_core import evaluate
from k8sgen_core.session import Collecting, Session, activate
from tests.plugins.trying import tried

GOOD = """
from k8s_gen import App, Plugin

class {name}(Plugin):
    def generate_app(self):
        return App(self.name).image("a:1")

{name}("an-example-of-its-use")
"""


@pytest.fixture
def files(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def manage(calls):
    return f"from k8s_gen import PluginManager\nplugins = PluginManager()\n{calls}\n"


def test_missing_files_are_warnings_at_their_calls_and_load_all_goes_on(files):
    root = files(plugins__good=GOOD.format(name="Good"))

    found = tried(
        manage(
            'plugins.register("one", "./plugins/one.py")\n'
            'plugins.register("two", "elsewhere/two.py")\n'
            'plugins.register("good", "plugins/good.py")\n'
            "plugins.load_all()\n"
            "print(plugins.list())\n"
            'App("web").image("a:1").add_good(plugins.load("good")("made"))'
        ),
        root,
    )

    assert found.told == [
        (
            "plugin-not-found",
            "there is no file './plugins/one.py' for the plugin 'one'",
            '"./plugins/one.py"',
        ),
        (
            "plugin-not-found",
            "there is no file 'elsewhere/two.py' for the plugin 'two'",
            '"elsewhere/two.py"',
        ),
    ]
    assert {each.severity for each in found.findings} == {"warning"}
    assert found.titles == ["Deployment/web", "Deployment/made"]


def test_what_cannot_be_imported_is_a_finding_in_its_own_file(files):
    root = files(
        plugins__raises="import json\n\n\ndef f():\n    return 1 / 0\n\n\nf()\n",
        plugins__syntax="class A:\n    x = = 1\n",
        plugins__missing="from nowhere import at_all\n",
        plugins__exits="import sys\nsys.exit(1)\n",
        plugins__inner="import json\njson.loads('{')\n",
        plugins__good=GOOD.format(name="Good"),
    )

    found = tried(manage("plugins.load_all()\nprint(plugins.get('good').__name__)"), root)

    assert [(rule, text) for rule, _, text in found.told] == [
        ("plugin-failed", "exits.py: exit(1)"),
        ("plugin-failed", "inner.py: loads('{')"),
        ("plugin-failed", "missing.py: from nowhere import at_all"),
        ("plugin-failed", "raises.py: 1 / 0"),
        ("plugin-failed", "syntax.py: ="),
    ]
    assert "'raises' cannot be imported: ZeroDivisionError: division by zero" in found.told[3][1]
    assert found.titles == []


def test_each_problem_is_told_once(files):
    root = files(plugins__raises="1 / 0\n")

    found = tried(
        manage("plugins.load_all().load_all()\nPluginManager().load_all()\nplugins.get('raises')"),
        root,
    )

    assert [rule for rule, *_ in found.told] == ["plugin-failed"]


def test_a_name_for_two_files_is_taken(files):
    root = files(plugins__a=GOOD.format(name="A"), plugins__b=GOOD.format(name="B"))

    found = tried(
        manage(
            'plugins.register("x", "plugins/a.py").register("x", "plugins/b.py")\n'
            'App("w").image("a:1").add_x(PluginManager().load("x")("y"))'
        ),
        root,
    )

    assert found.told == [("plugin-name-taken", "'x' is registered for a.py already", '"x"')]
    assert found.titles == ["Deployment/w", "Deployment/y"]


def test_two_plugins_of_one_name_are_told_and_both_go_on(files):
    text = GOOD.rpartition("{name}(")[0].format(name="Same")
    root = files(plugins__a=text, plugins__b=text)

    found = tried(
        "from plugins.a import Same\nfrom plugins.b import Same as Other\n"
        'App("w").image("a:1").add_same(Same("x")).add_same(Other("y"))',
        root,
    )

    assert found.told == [
        (
            "plugin-name-taken",
            "plugins.a has a plugin named Same as well",
            "b.py: class Same(Plugin):",
        )
    ]
    assert {"Deployment/x", "Deployment/y"} < set(found.titles)


def test_a_plugin_named_like_a_builders_method(files):
    root = files(plugins__config=GOOD.format(name="Config"))

    found = tried("from plugins.config import Config", root)

    assert found.told == [
        (
            "plugin-name-taken",
            "add_config is a builder's own method, so that it does not add a Config",
            "config.py: class Config(Plugin):",
        )
    ]


def test_names_of_a_plugin(tmp_path):
    found = tried(
        """
from k8s_gen import Plugin

class MLPipeline(Plugin):
    aliases = ["training"]
    def generate_app(self):
        return App(self.name).image("a:1")

class Other(Plugin):
    pass

app = App("web").image("a:1")
app.add_ml_pipeline(MLPipeline("a")).add_training(MLPipeline("b")).add_ml(MLPipeline("c"))
app.add(MLPipeline("d"))
app.add_ml(Other("e"))
""",
        tmp_path,
    )

    assert found.titles == ["Deployment/web", *(f"Deployment/{name}" for name in "abcd")]
    assert found.told[0] == ("wrong-type", "Other('e') is no MLPipeline", 'Other("e")')


def test_aliases_that_add_nothing_are_told(tmp_path):
    found = tried(
        """
from k8s_gen import Plugin

class Store(Plugin):
    aliases = ["secret", "a b", "", "kept"]
    def generate_app(self):
        return App(self.name).image("a:1")

App("web").image("a:1").add_kept(Store("a"))
""",
        tmp_path,
    )

    unfit = "cannot be part of a method's name"
    assert [(rule, message) for rule, message, _ in found.told] == [
        (
            "plugin-name-taken",
            "add_secret is a builder's own method, so that it does not add a Store",
        ),
        ("plugin-name-taken", f"the alias 'a b' of Store {unfit}"),
        ("plugin-name-taken", f"the alias '' of Store {unfit}"),
    ]
    assert {where for _, _, where in found.told} == {"class Store(Plugin):"}
    assert found.titles == ["Deployment/web", "Deployment/a"]


def test_methods_that_plugins_bring_are_listed_and_proposed(files):
    root = files(
        **{
            "plugins__database": GOOD.format(name="DatabaseCluster"),
            "app": "from k8s_gen import App, ConfigMap\n"
            "from plugins.database import DatabaseCluster\n"
            'assert "add_database" in dir(App("a").image("a:1"))\n'
            'assert "add_database" not in dir(ConfigMap("b"))\n'
            'App("c").image("a:1").add_database(DatabaseCluster)\n'
            'App("d").image("a:1").add_databse(DatabaseCluster("x"))\n',
        }
    )

    told = [(f.rule, f.message, f.hint) for f in evaluate(root / "app.py", judging=None).findings]

    assert told == [
        ("wrong-type", "DatabaseCluster is a class", "call it: DatabaseCluster(...)"),
        (
            "unknown-setting",
            "App has no method 'add_databse'",
            "did you mean 'add_database' or 'add_database_cluster'?",
        ),
    ]


def test_unknown_plugins_are_refused_with_what_is_meant(files):
    root = files(plugins__database=GOOD.format(name="Database"))
    activate(Collecting(root))
    try:
        manager = PluginManager()
        assert manager.get("databse") is None
        with pytest.raises(ValueError, match="there is no plugin 'databse'") as raised:
            manager.load("databse")
        assert raised.value.hint == "did you mean 'database'?"
    finally:
        activate(Session())


def test_only_what_the_configuration_lists_is_loaded(files):
    root = files(
        plugins__a="1 / 0\n", mine__b=GOOD.format(name="B"), mine___private="1 / 0\n", c="1 / 0\n"
    )
    (root / "k8sgen.toml").write_text('plugins = ["mine"]\n', encoding="utf-8")

    found = tried(manage("names = plugins.load_all().list()"), root)

    assert (found.told, found.run.names["names"]) == ([], ["b"])


def test_installed_plugins_are_loaded_when_they_are_listed(files, monkeypatch):
    root = files(site__acme_plugins=GOOD.format(name="Backup"), site__other="1 / 0\n")
    about = root / "site/acme-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: acme\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(
        "[k8s_gen.plugins]\nbackup = acme_plugins:Backup\nother = other:X\n", encoding="utf-8"
    )
    (root / "k8sgen.toml").write_text('plugins = ["plugins", "backup"]\n', encoding="utf-8")
    monkeypatch.syspath_prepend(str(root / "site"))

    found = tried(manage('kind = plugins.load("backup")\nnames = plugins.load_all().list()'), root)

    assert (found.told, found.run.names["names"]) == ([], ["backup"])
    assert found.run.names["kind"].__module__ == "acme_plugins"


def test_a_listed_plugin_that_is_not_installed_is_told(files):
    root = files()
    (root / "k8sgen.toml").write_text('plugins = ["plugins", "acme-backup"]\n', encoding="utf-8")

    found = tried(manage("plugins.load_all()"), root)

    assert found.told == [
        (
            "plugin-not-found",
            "the configuration lists 'acme-backup', which is no folder and not installed",
            "load_all()",
        )
    ]


def test_a_plain_script_is_warned(files, recwarn):
    root = files(plugins__raises="\n1 / 0\n")
    script = root / "app.py"
    text = 'from k8s_gen import PluginManager\nPluginManager().register("x", "no.py").load_all()\n'
    activate(Session(root))
    try:
        exec(compile(text, str(script), "exec"), {"__name__": "__main__"})
    finally:
        activate(Session())

    told = [(str(each.message), each.filename, each.lineno) for each in recwarn]
    assert told == [
        ("there is no file 'no.py' for the plugin 'x'", str(script), 2),
        (
            "the plugin 'raises' cannot be imported: ZeroDivisionError: division by zero",
            str(root / "plugins/raises.py"),
            2,
        ),
    ]
