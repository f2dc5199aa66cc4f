"""Fixes: what the document says after they were made."""

import ast

import pytest
from lsprotocol import types

from k8sgen_lsp.convert import structured
from k8sgen_lsp.features.code_actions import fix_all, fixes, rewrites
from k8sgen_lsp.features.static_checks import Where, findings_in
from tests.lsp.documents import IMPORT, edited, shown


def diagnostics(document):
    where = Where(document.uri, document.path, document.root, document.unit)
    return [structured(e) for e in findings_in(document.text, document.catalogue, where)]


def actions(document, found):
    """Return the titles of the fixes of some findings, each with the text that they make."""
    return {
        each.title: edited(document, each.edit.changes[document.uri])
        for each in fixes(document, found)
    }


@pytest.mark.parametrize(
    ("source", "title", "expected"),
    [
        pytest.param('App("a").imag("b")', "Change to image", 'App("a").image("b")', id="method"),
        pytest.param('App("a").port(80, nam="b")', "Change to name", 'App("a").port(80, name="b")',
                     id="argument"),
        pytest.param("App('Web_App')", "Change to 'web-app'", "App('web-app')", id="value"),
        pytest.param('App("a").replicas("3")', "Change to 3", 'App("a").replicas(3)', id="type"),
        pytest.param('App("a").port(70_000)', "Change to 65535", 'App("a").port(65535)',
                     id="nearest"),
        pytest.param('App("a").resources(memory="512MB")', 'Change to "512Mi"',
                     'App("a").resources(memory="512Mi")', id="quantity"),
        pytest.param('App("a").disruption_budget()', None, None, id="nothing to propose"),
        pytest.param('App("a").use_template("deployment-with-prob")',
                     'Change to "deployment-with-probes"',
                     'App("a").use_template("deployment-with-probes")', id="template"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["utf-8", "utf-16"])
def test_what_was_meant_is_put_in_its_place(tmp_path, source, title, expected, unit):
    document = shown(f"{IMPORT}'🐘é'; {source}\r\n", tmp_path / "app.py", unit)

    made = actions(document, diagnostics(document))

    if title is None:
        assert not any(each.startswith("Change") for each in made)
    else:
        assert made[title] == f"{IMPORT}'🐘é'; {expected}\r\n"


@pytest.mark.parametrize(
    ("rule", "message", "preferred"),
    [
        ("liveness-port", "no port 'htpp'\ndid you mean 'http'?", True),
        ("dangling-route", "no port 'htpp'\ndid you mean 'http'?", None),
        ("dangling-route", "no port 'htpp'\nuse 80", None),
    ],
)
def test_what_a_rule_says_was_meant_is_put_in_its_place(tmp_path, rule, message, preferred):
    document = shown(IMPORT + "App('🐘').f({\"port\": 'htpp'})", tmp_path / "app.py")
    place = types.Range(types.Position(1, 21), types.Position(1, 27))

    made = [
        each
        for each in fixes(document, [types.Diagnostic(place, message, code=rule)])
        if not each.title.startswith("Ignore")
    ]

    if message.endswith("80"):
        assert made == []
    else:
        [action] = made
        assert (action.title, action.is_preferred) == ("Change to 'http'", preferred)
        new = edited(document, action.edit.changes[document.uri])
        assert new == document.text.replace("htpp", "http")


def undefined(name, line):
    place = types.Range(types.Position(line, 0), types.Position(line, len(name)))
    return types.Diagnostic(place, f"NameError: name '{name}' is not defined")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        pytest.param("from k8s_gen import App, Secret\nJob", "Job",
                     "from k8s_gen import App, Job, Secret\nJob", id="among others"),
        pytest.param("from k8s_gen import (\n    Job,\n)\nApp", "App",
                     "from k8s_gen import (\n    App,\n    Job,\n)\nApp", id="first, over lines"),
        pytest.param("import os\nApp", "App", "from k8s_gen import App\nimport os\nApp",
                     id="a new line"),
        pytest.param('"""D."""\nfrom __future__ import annotations\n\nApp', "App",
                     '"""D."""\nfrom __future__ import annotations\nfrom k8s_gen import App\n\nApp',
                     id="below the future"),
        pytest.param("from k8s_gen import App\r\nre", "re",
                     "import re\r\nfrom k8s_gen import App\r\nre", id="a module of Python's"),
        pytest.param("Db", "Db", "from plugins.db import Db\nDb", id="a plugin"),
        pytest.param("#!/usr/bin/env python3\n# coding: utf-8\n\nx = App", "App",
                     "#!/usr/bin/env python3\n# coding: utf-8\n\nfrom k8s_gen import App\nx = App",
                     id="behind a shebang"),
        pytest.param("#!/usr/bin/env python3\nx = re", "re",
                     "#!/usr/bin/env python3\nimport re\nx = re", id="directly behind one"),
    ],
)  # fmt: skip
def test_a_missing_import_is_added(tmp_path, text, name, expected):
    (tmp_path / "plugins").mkdir()
    plugin = "from k8s_gen import Plugin\nclass Db(Plugin): ...\n"
    (tmp_path / "plugins/db.py").write_text(plugin, encoding="utf-8")
    document = shown(text, tmp_path / "app.py")

    assert list(actions(document, [undefined(name, 0)]).values()) == [expected]


def test_a_name_that_is_bound_needs_no_import(tmp_path):
    document = shown("App = 1\n", tmp_path / "app.py")

    assert actions(document, [undefined("App", 0), undefined("unheard_of", 0)]) == {}


SHADOWING = '''class Cluster(Plugin):
    """Self.size = 3 in a text stays."""

    def __init__(self, name):
        self.size = 3

    def size(self, size):
        self.size = size
        return self

    def generate_all(self):
        self.size(4).other.size
        return [App(f"{self.name}-{i}") for i in range(self.size)]
'''


def test_a_value_that_hides_a_method_gets_a_name_of_its_own(tmp_path):
    document = shown(IMPORT + SHADOWING, tmp_path / "app.py")

    [found] = [each for each in diagnostics(document) if each.code == "self-shadowing"]
    made = actions(document, [found])["Call the value _size"]

    assert made == IMPORT + (
        SHADOWING.replace("self.size = ", "self._size = ").replace(
            "range(self.size)", "range(self._size)"
        )
    )
    again = shown(made, tmp_path / "again.py")
    assert [each.code for each in diagnostics(again)] == []


def test_a_setter_is_annotated(tmp_path):
    source = "class P(Plugin):\n    def size(self, n=(1)):  # )\n        return self\n"
    document = shown(IMPORT + source, tmp_path / "a.py")
    place = types.Range(types.Position(2, 9), types.Position(2, 9))

    [action] = rewrites(document, place)

    made = edited(document, action.edit.changes[document.uri])
    assert "def size(self, n=(1)) -> Self:  # )" in made
    assert "from typing import Self\n" in made
    ast.parse(made)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('app = App("web").image("a:1").port(80)\n',
                     'app = App("web").image("a:1").port(80)'
                     '.ignore("latest-tag", reason="say why")\n', id="one line"),
        pytest.param('app = (\n    App("web")\n    .image("a:1")  # it\n)\n',
                     'app = (\n    App("web")\n    .image("a:1")\n'
                     '    .ignore("latest-tag", reason="say why")  # it\n)\n', id="lines"),
        pytest.param('App("web").image("a:1").generate().to_yaml("x")\n',
                     'App("web").image("a:1").ignore("latest-tag", reason="say why")'
                     '.generate().to_yaml("x")\n', id="before generate"),
    ],
)  # fmt: skip
def test_a_finding_is_ignored_with_a_reason(tmp_path, source, expected):
    document = shown(IMPORT + source, tmp_path / "app.py")
    offset = document.text.index("image") + 2
    line = document.text.count("\n", 0, offset)
    column = offset - document.text.rfind("\n", 0, offset) - 1
    place = types.Range(types.Position(line, column), types.Position(line, column))
    diagnostic = types.Diagnostic(place, "No.", code="latest-tag")

    made = actions(document, [diagnostic])

    assert made["Ignore latest-tag for this resource"] == IMPORT + expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('App("a")', 'App("a")  # k8sgen: ignore[no-effect] say why', id="a comment"),
        pytest.param('A("a")  # k8sgen: ignore[x] y', 'A("a")  # k8sgen: ignore[no-effect, x] y',
                     id="one more id"),
        pytest.param('App("a")  # noqa', None, id="another comment"),
        pytest.param('App("a") \\', None, id="a backslash"),
        pytest.param('App("""a', None, id="inside a text"),
    ],
)  # fmt: skip
def test_a_finding_is_ignored_in_its_line(tmp_path, line, expected):
    document = shown(IMPORT + f"{line}\r\n", tmp_path / "app.py")
    place = types.Range(types.Position(1, 0), types.Position(1, 3))
    warning = types.DiagnosticSeverity.Warning

    made = actions(document, [types.Diagnostic(place, "No.", warning, "no-effect")])

    wanted = {} if expected is None else {"Ignore no-effect in this line": f"{expected}\r\n"}
    assert {title: text.removeprefix(IMPORT) for title, text in made.items()} == wanted


@pytest.mark.parametrize("rule", ["wrong-type", "syntax-error", "nothing-of-ours"])
def test_what_must_be_corrected_cannot_be_ignored(tmp_path, rule):
    document = shown(IMPORT + 'App("web")', tmp_path / "app.py")
    place = types.Range(types.Position(1, 0), types.Position(1, 3))

    assert actions(document, [types.Diagnostic(place, "No.", code=rule)]) == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('a = App("web").image("a:1").port(8080)\n',
                     'a = App("web").image("a:1").port(8080)'
                     ".health_checks(readiness_probe=8080, liveness_probe=8080)"
                     '.resources(cpu="100m", memory="128Mi", memory_limit="256Mi").hardened()\n',
                     id="everything"),
        pytest.param('a = App("web").image("a:1")\na.hardened()\n',
                     'a = App("web").image("a:1")'
                     '.resources(cpu="100m", memory="128Mi", memory_limit="256Mi")\na.hardened()\n',
                     id="what is missing"),
    ],
)  # fmt: skip
def test_the_recommended_calls_are_one_action(tmp_path, source, expected):
    document = shown(IMPORT + source, tmp_path / "app.py")
    place = types.Range(types.Position(1, 6), types.Position(1, 6))

    [action] = rewrites(document, place)

    assert edited(document, action.edit.changes[document.uri]) == IMPORT + expected
    assert diagnostics(shown(IMPORT + expected, tmp_path / "again.py")) == []


def test_everything_sure_is_fixed_at_once(tmp_path):
    source = 'App("Web_A").replicas("3").port(70_000).imag("a:1")\nCronJob("c").shedule("x")\n'
    document = shown(IMPORT + source, tmp_path / "app.py")

    [action] = fix_all(document)

    assert action.kind == "source.fixAll.k8sgen"
    assert edited(document, action.edit.changes[document.uri]) == IMPORT + (
        'App("web-a").replicas(3).port(70_000).image("a:1")\nCronJob("c").schedule("x")\n'
    )


def test_a_good_document_has_nothing_to_fix(tmp_path):
    document = shown(IMPORT + 'App("a").image("a:1")\n', tmp_path / "app.py")

    assert list(fix_all(document)) == []
