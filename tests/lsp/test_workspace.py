"""Plugins of the workspace in the static index: read, never imported."""

import ast
import sys
import time

import pytest

from k8sgen_lsp.features.completion import completions, resolved
from k8sgen_lsp.features.hover import explanation
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.tolerant import statements
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, cursor_in

DATABASE = '''
import sys
from k8s_gen import Plugin

sys.exit("a static index runs nothing")


class DatabaseCluster(Plugin):
    """A cluster of databases."""

    aliases = ["postgres"]

    def __init__(self, name, *, owner="shop"):
        super().__init__(name)
        self.cluster_size = 3

    def cluster_size(self, size: int = 3):
        """Set the number of replicas."""
        self.cluster_size = size
        return self

    def silent(self, value):
        self.value = value

    def chained(self):
        return self.cluster_size(3).silent(1)

    def endpoint(self):
        return "localhost"

    def _hidden(self):
        return self
'''
USE = "from k8s_gen import App\nfrom plugins.database import DatabaseCluster\n"


@pytest.fixture
def complete(tmp_path):
    """Return what completes a marked text in a project with a plugin."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/database.py").write_text(DATABASE, encoding="utf-8")

    def run(marked, **texts):
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        text, offset = cursor_in(marked)
        catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (tmp_path, tmp_path))
        return {item.label: item for item in completions(catalogue, text, offset)}

    return run


OWN = {"cluster_size", "silent", "chained", "endpoint"}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(USE + 'DatabaseCluster("x").|', id="constructor"),
        pytest.param(USE + 'DatabaseCluster("x").cluster_size(5).|', id="self-shadowing setter"),
        pytest.param(USE + 'DatabaseCluster("x").silent(1).|', id="setter that returns nothing"),
        pytest.param(USE + 'DatabaseCluster("x").chained().labels(a="b").|', id="chain"),
        pytest.param(USE + 'db = DatabaseCluster("x")\ndb.clu|', id="variable"),
        pytest.param(
            'from k8s_gen.plugins.database import DatabaseCluster as D\nD("x").|', id="public name"
        ),
        pytest.param('import plugins.database as d\nd.DatabaseCluster("x").|', id="module"),
        pytest.param('from plugins import database\ndatabase.DatabaseCluster("x").|', id="package"),
        pytest.param(DATABASE + '\nDatabaseCluster("x").|', id="in the same file"),
        pytest.param(
            DATABASE + '\nfrom plugins.database import DatabaseCluster\nDatabaseCluster("x").|',
            id="in the same file, imported from itself",
        ),
        pytest.param(DATABASE + '\nApp(\n(DatabaseCluster("x")\n  .|', id="text that is broken"),
        pytest.param(DATABASE + "    def more(self):\n        self.|", id="inside the class"),
        pytest.param(
            "from plugins.database import DatabaseCluster\nclass Mine(DatabaseCluster):\n"
            '    pass\nMine("x").cluster_size(1).|',
            id="inherited",
        ),
    ],
)
def test_methods_of_a_plugin_are_completed(complete, source):
    found = complete(source)

    assert OWN | {"labels", "namespace", "for_environment"} <= found.keys()
    assert not {"_hidden", "image"} & found.keys()
    assert found["cluster_size"].detail.startswith("cluster_size(size: int=3)")


def test_classes_of_other_modules_of_the_project(complete):
    found = complete(
        'from helpers.more import Mine\nMine("x").|',
        helpers__more="from plugins.database import DatabaseCluster\n"
        "class Mine(DatabaseCluster):\n    def extra(self):\n        return self\n",
    )

    assert OWN | {"extra"} <= found.keys()


def test_builders_offer_what_plugins_bring_along(complete):
    found = complete(
        USE + 'class EdgeDevice(Plugin):\n    """An edge."""\n'
        'from k8s_gen import Plugin\nApp("web").add_|'
    )

    derived = {
        "add_database_cluster",
        "add_database",
        "add_postgres",
        "add_edge_device",
        "add_edge",
    }
    assert derived <= found.keys()
    assert found["add_database"].detail == "add_database(plugin: DatabaseCluster) -> Self"
    assert "add_postgres" not in complete('from k8s_gen import ConfigMap\nConfigMap("x").|')
    assert "image" in complete(USE + 'App("web").add_database(1).|')


def test_methods_explain_themselves(complete, tmp_path):
    complete("|")
    text = USE + 'DatabaseCluster("x").cluster_size(1)\nApp("a").add_database(1)\n'
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (tmp_path, tmp_path))
    concern = Concern(text, tmp_path, catalogue)

    assert explanation(concern, text.index("cluster_size") + 3) == (
        "```python\ncluster_size(size: int=3) -> Self\n```\n\nSet the number of replicas."
    )
    assert explanation(concern, text.index("DatabaseCluster(") + 3) == (
        "```python\nDatabaseCluster(name, *, owner='shop')\n```\n\nA cluster of databases."
    )
    assert "A cluster of databases." in explanation(concern, text.index("add_data") + 3)
    [item] = [
        each
        for each in completions(catalogue, text, text.index("cluster_size") + 3)
        if each.label == "silent"
    ]
    assert resolved(catalogue, item).documentation.value == ""


def test_a_plugin_that_changes_is_read_again(complete, tmp_path):
    assert "added" not in complete(USE + 'DatabaseCluster("x").|')
    text = DATABASE.replace("def chained", "def added(self): return self\n    def chained")

    assert "added" in complete(USE + 'DatabaseCluster("x").|', plugins__database=text)


def test_unsaved_texts_count(tmp_path):
    (tmp_path / "plugins").mkdir()
    path = tmp_path / "plugins/database.py"
    path.write_text("", encoding="utf-8")
    text, offset = cursor_in(USE + 'DatabaseCluster("x").|')
    modules = Modules({path: DATABASE}.get)
    catalogue = WorkspaceCatalogue(CATALOGUE, modules, text, (tmp_path, tmp_path))

    assert {item.label for item in completions(catalogue, text, offset)} >= OWN


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(
            {"plugins__a": "from plugins.b import X\n", "plugins__b": "from plugins.a import X\n"},
            id="imports in a circle",
        ),
        pytest.param({"plugins__a": "class X(X): pass\n"}, id="its own base"),
        pytest.param(
            {"plugins__a": "class X(Y): pass\nclass Y(X): pass\n"}, id="bases in a circle"
        ),
        pytest.param({"plugins__a": "\0"}, id="no source"),
        pytest.param({"plugins__a": "(" * 5000}, id="nested too deeply"),
    ],
)
def test_hostile_sources_answer_nothing(complete, texts):
    assert complete('from plugins.a import X\nX("x").|', **texts) == {}
    assert "image" in complete('from k8s_gen import App\nApp("x").|')


def test_nothing_of_the_workspace_is_imported(complete):
    complete(USE + 'DatabaseCluster("x").|')

    assert not [name for name in sys.modules if name.startswith("plugins")]


def test_a_large_file_is_completed_at_once(complete):
    source = "".join(f"def f{n}():\n    return [{n}, 'x', f(1)]\n\n\n" for n in range(3000))
    marked = source + DATABASE + '\nDatabaseCluster("x").|'
    complete(marked)

    def seconds() -> float:
        started = time.perf_counter()
        assert complete(marked).keys() >= OWN
        return time.perf_counter() - started

    # One try of several is enough: garbage of other tests may be collected meanwhile.
    assert any(seconds() < 0.1 for _ in range(5))


@pytest.mark.parametrize("cut", range(0, len(DATABASE), 7))
def test_whatever_is_typed_the_valid_parts_are_read(cut):
    nodes = statements(DATABASE[:cut])

    assert all(isinstance(node, ast.stmt) for node in nodes)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "from k8s_gen import App\nclass X:\n    def __init__(self):\n"
            '        self.app = App("x")\n    def f(self):\n        self.app.|',
            {"image", "replicas"},
            id="attribute",
        ),
        pytest.param("import k8s_gen as k\nk.|", {"App", "AppGroup", "CronJob"}, id="module"),
    ],
)
def test_what_a_file_gives_names_to_is_completed(source, expected):
    text, offset = cursor_in(source)
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(lambda path: None), text, ())

    assert expected <= {each.label for each in completions(catalogue, text, offset)}
