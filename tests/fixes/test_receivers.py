"""Corrections add calls only to what has the method, and change only calls of builders."""

import pytest

from k8sgen_core.fixes import applied, fix_of
from tests.fixes.test_chains import place_of

OURS = "from k8s_gen import App, ConfigMap, Job, Plugin\n"
SPREAD = '.spread("kubernetes.io/hostname")'


def fixed(rule, marked, hint=None):
    """Return the text after a correction, and whether it is safe; ``None`` if there is none."""
    text = marked.replace("«", "").replace("»", "")
    found = fix_of(rule, place_of(text, marked), text, hint)
    return found and (applied(text, found.edits), found.is_safe)


@pytest.mark.parametrize(
    ("source", "is_safe"),
    [
        pytest.param('App("a").«replicas(3)»\n', True, id="a builder"),
        pytest.param('import k8s_gen\nk8s_gen.App("a").«replicas(3)»\n', True, id="of the package"),
        pytest.param(f'{OURS}x = App("a")\nx.«replicas(3)»\n', True, id="in a variable"),
        pytest.param(f"{OURS}def f(app: App):\n    app.«replicas(3)»\n", True, id="annotated"),
        pytest.param(
            f"{OURS}class Web(App): ...\nWeb('a').«replicas(3)»\n",
            True,
            id="derived from a builder",
        ),
        pytest.param("def f(app):\n    app.«replicas(3)»\n", False, id="given to a function"),
        pytest.param("for app in apps:\n    app.«replicas(3)»\n", False, id="of several"),
        pytest.param(
            'def f(n):\n    return App(n)\nf("a").«replicas(3)»\n', False, id="from a function"
        ),
        pytest.param(
            f'{OURS}x = App("a")\nx = App("b") if y else x\nx.«replicas(3)»\n', False, id="unclear"
        ),
    ],
)
def test_what_has_the_method_gets_the_call(source, is_safe):
    plain = source.replace("«", "").replace("»", "")
    expected = plain.replace(".replicas(3)", f".replicas(3){SPREAD}")

    assert fixed("no-anti-affinity", source) == (expected, is_safe)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('from plugins.db import Db\nDb("d").«size(3)»\n', id="a plugin"),
        pytest.param('from plugins.db import Db\nDb("d").«replicas(3)»\n', id="with such a method"),
        pytest.param('import plugins.db\nplugins.db.Db("d").«size(3)»\n', id="of a module"),
        pytest.param(f'{OURS}class Db(Plugin): ...\nDb("d").«size(3)»\n', id="of the file"),
        pytest.param('from plugins.db import Db\nx = Db("d")\nx.«size(3)»\n', id="in a variable"),
        pytest.param("for each in databases:\n    each.«size(3)»\n", id="of several"),
        pytest.param(f'{OURS}ConfigMap("c").«labels(a="b")»\n', id="another builder"),
    ],
)
def test_what_does_not_have_it_gets_none(source):
    assert fixed("no-anti-affinity", source) is None


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("pdb-max-unavailable", 'from plugins.db import Db\nDb("d").size(«0»)\n'),
        ("privileged-container", 'from plugins.db import Db\nDb("d").«size(3)»\n'),
    ],
)
def test_the_arguments_of_a_plugin_are_its_own(rule, source):
    assert fixed(rule, source) is None


def test_what_a_plugin_passes_on_can_be_added_to_it():
    source = 'from plugins.db import Db\n«Db("d")»\n'

    assert fixed("missing-required-label", source, 'add .labels({"team": ...})') == (
        'from plugins.db import Db\nDb("d").labels({"team": "todo"})\n',
        False,
    )
