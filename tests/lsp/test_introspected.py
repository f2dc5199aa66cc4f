"""What the worker found of plugins, beside what their text says."""

import pytest

from k8sgen_core.evaluation.process import evaluate_once
from k8sgen_core.evaluation.request import Request
from k8sgen_lsp.features.completion import completions
from k8sgen_lsp.features.signature_help import signature_at
from k8sgen_lsp.features.static_checks import Where, findings_in
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.introspected import by_name
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE, cursor_in
from tests.plugins.test_introspecting import DYNAMIC

USE = "from k8s_gen import Plugin\nfrom plugins.dynamic import Dynamic\n"


def opened(tmp_path, marked, plugin=DYNAMIC, loaded=DYNAMIC):
    """Return a text, the cursor, and the catalogue once the project has been evaluated."""
    (tmp_path / "plugins").mkdir(exist_ok=True)
    (tmp_path / "plugins/dynamic.py").write_text(loaded, encoding="utf-8")
    request = Request(tmp_path / "app.py", tmp_path, text=USE, preview=False, plugins=True)
    outcome = evaluate_once(request)
    (tmp_path / "plugins/dynamic.py").write_text(plugin, encoding="utf-8")
    text, offset = cursor_in(USE + marked)
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (tmp_path, tmp_path))
    catalogue.introspected = by_name(outcome["plugins"])
    return catalogue, text, offset


def test_methods_that_are_not_in_the_text_are_offered(tmp_path):
    found = {each.label for each in completions(*opened(tmp_path, 'Dynamic("x").red().|'))}

    assert {"red", "green", "size", "mode", "labels"} <= found


def test_a_decorator_says_what_is_taken(tmp_path):
    catalogue, text, offset = opened(tmp_path, 'Dynamic("x").changed(|')

    [signature] = signature_at(Concern(text, None, catalogue), offset).signatures

    assert signature.label == "changed(value: int, /, *, again=None)"


def test_values_of_an_enumeration_are_offered(tmp_path):
    found = [each.label for each in completions(*opened(tmp_path, 'Dynamic("x").mode(|'))]

    assert found[:2] == ["Mode.FAST", "Mode.SLOW"]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ["Dynamic has no method 'blue'"]),
        ({"self.size = 1": "setattr(self, name, None)"}, []),
    ],
)
def test_what_was_loaded_is_all_there_is_but_for_what_objects_add(tmp_path, changed, found):
    plugin = DYNAMIC
    for old, new in changed.items():
        plugin = plugin.replace(old, new)
    calls = 'Dynamic("x").red().green().blue()'
    catalogue, text, _ = opened(tmp_path, f"{calls}|", plugin, loaded=plugin)
    where = Where("file:///app.py", tmp_path / "app.py", tmp_path, "utf-16")

    assert [each["message"] for each in findings_in(text, catalogue, where)] == found


def test_of_what_is_not_loaded_nothing_is_said(tmp_path):
    changed = DYNAMIC.replace('("red", "green")', '("blue",)')
    catalogue, text, _ = opened(tmp_path, 'Dynamic("x").blue()|', changed)
    where = Where("file:///app.py", tmp_path / "app.py", tmp_path, "utf-16")

    assert findings_in(text, catalogue, where) == []


def test_nothing_counts_once_the_text_has_changed(tmp_path):
    changed = DYNAMIC.replace('("red", "green")', '("blue",)')
    found = {e.label for e in completions(*opened(tmp_path, 'Dynamic("x").|', changed))}

    assert {"size", "mode"} <= found
    assert not {"red", "green"} & found
