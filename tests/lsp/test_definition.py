"""From what is used to where it is made."""

import pytest

import k8sgen_core
from k8sgen_lsp.features.definition import definitions, name_at, resources
from k8sgen_lsp.generated import locations
from tests.lsp.documents import IMPORT, covered, shown, with_cursor

PLUGIN = 'from k8s_gen import Plugin\n"🐘"\nclass Db(Plugin):\n    def size(self, n): ...\n'
CORE = k8sgen_core.__file__.rpartition("__init__")[0]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/db.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "web.yaml.j2").touch()
    (tmp_path / "app.conf").touch()
    return tmp_path


def target(project, source):
    document, position = with_cursor(source, project / "app.py")
    return [
        (each.uri, each.range.start.line, each.range.start.character)
        for each in definitions(document, document.offset(position))
    ]


def line_of(path, text):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines) if text in line)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('from plugins.db import Db\nDb("é").si|ze(3)', id="method"),
        pytest.param('from plugins.db import Db\ndef f(db: Db):\n    db.size|(3)', id="likely"),
    ],
)  # fmt: skip
def test_a_method_leads_to_its_plugin(project, source):
    assert target(project, source) == [((project / "plugins/db.py").as_uri(), 3, 8)]


def test_what_a_plugin_brings_along_leads_to_it(project):
    source = IMPORT + "from plugins.db import Db\nApp('a').add_d|b(Db('b'))"

    assert target(project, source) == [((project / "plugins/db.py").as_uri(), 2, 6)]


def test_a_class_leads_to_its_plugin(project):
    source = 'from plugins.db import Db\nD|b("x")'

    assert target(project, source) == [((project / "plugins/db.py").as_uri(), 2, 6)]


def test_a_method_leads_to_its_builder(project):
    [(uri, line, _)] = target(project, IMPORT + 'App("x").repl|icas(2)')

    assert uri.endswith("/k8sgen_core/builders/app.py")
    from pathlib import Path

    assert line == line_of(Path(CORE) / "builders/app.py", "def replicas(")


def test_a_method_of_the_document_is_found_in_it(project):
    source = IMPORT + 'class P(Plugin):\n    def é(self): ...\nP("x").é|()\n'

    assert target(project, source) == [((project / "app.py").as_uri(), 2, 8)]


@pytest.mark.parametrize(
    ("source", "file"),
    [
        pytest.param('TemplateManager().register("web", "web.|yaml.j2")', "web.yaml.j2",
                     id="registered"),
        pytest.param('TemplateManager().register("web", "./web.yaml.j2")\n'
                     'App("a").use_template("w|eb")', "web.yaml.j2", id="used"),
        pytest.param('ConfigMap("a").from_file("k", "app|.conf")', "app.conf", id="read"),
    ],
)  # fmt: skip
def test_a_name_of_a_file_leads_to_it(project, source, file):
    assert target(project, IMPORT + source) == [((project / file).as_uri(), 0, 0)]


@pytest.mark.parametrize("name", ["missing.conf", "../outside.conf", "/etc/hostname"])
def test_what_is_not_a_file_of_the_project_leads_nowhere(project, name):
    (project.parent / "outside.conf").touch()

    assert target(project, IMPORT + f'ConfigMap("a").from_file("k", "{name}|")') == []


def test_a_built_in_template_leads_to_its_file(project):
    [(uri, *_)] = target(project, IMPORT + 'App("a").use_template("deployment-with-|probes")')

    assert uri.endswith("builtin/deployment-with-probes.yaml.j2")


def test_the_name_of_a_resource_leads_to_its_constructor(project):
    other = shown(IMPORT + 'db = App("db")\nSecret("db")\n', project / "other.py")
    source = IMPORT + 'App("web").depends_on(["d|b"]).env("A", secret="db")'
    document, position = with_cursor(source, project / "app.py")

    wanted = name_at(document, document.offset(position))

    found = resources([document, other], wanted)
    assert [(each.uri, covered(other, each.range)) for each in found] == [(other.uri, "db")] * 2
    assert [each.range.start.line for each in found] == [1, 2]


def test_a_line_of_yaml_leads_to_its_calls():
    call = {"uri": "file:///app.py", "range": {"start": {"line": 3, "character": 5},
                                               "end": {"line": 3, "character": 16}}}  # fmt: skip
    file = {"path": "web.yaml", "text": "a\nb\n", "origins": [call], "lines": [[1, 0]]}

    assert [each.range.start.line for each in locations(file, 1)] == [3]
    assert locations(file, 0) == []
