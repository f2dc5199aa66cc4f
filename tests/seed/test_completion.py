"""The chains of the document that the product was asked for, completed at every dot."""

import ast

import pytest

from k8sgen_core.plugins.naming import names_of
from k8sgen_lsp.features.completion import completions
from k8sgen_lsp.static.layout import layout_of
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE
from tests.seed.blocks import APP, JOBS, blocks

# What the document uses without importing it.
GIVEN = "from k8s_gen import App, Job, Plugin, PluginManager, TemplateManager\n"


@pytest.fixture
def project(shared, tmp_path):
    """Return a folder with the files that the document names, and all its Python blocks."""
    found = blocks((shared / "seed/extensions.md").read_text(encoding="utf-8"))
    for block in found:
        if block.path and block.path.endswith(".py"):
            path = tmp_path / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    return tmp_path, [each for each in found if each.language == "python"]


def dots(text):
    """Yield the names behind dots, each with where it ends."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    encoded = text.encode()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            end = starts[node.end_lineno - 1] + node.end_col_offset
            yield node, len(encoded[:end].decode())


def made_of_ours(node, known):
    """Does a chain begin with the call of one of these classes?"""
    steps = [node]
    while isinstance(steps[-1], ast.Call | ast.Attribute):
        last = steps[-1]
        steps.append(last.func if isinstance(last, ast.Call) else last.value)
    name = steps[-1]
    called = len(steps) > 1 and isinstance(steps[-2], ast.Call)
    return isinstance(name, ast.Name) and called and name.id in known


def test_every_call_of_a_plugin_or_builder_is_among_what_is_offered(project):
    folder, found = project
    asked = 0
    for block in found:
        text = f"{GIVEN}{APP}{JOBS}{block.text}"
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (folder, folder))
        reader = Reader(layout_of(text), catalogue)
        plugins = {each.name for each in catalogue.plugins()}
        known = plugins | {"App", "Job", "StatefulApp", "CronJob", "Secret", "ConfigMap"}
        for node, end in dots(text):
            if made_of_ours(node.value, known):
                offered = {each.label for each in completions(catalogue, text, end)}
                assert node.attr in offered, f"{ast.unparse(node)[:200]}"
                assert reader.receiver_at(end) is not None
                asked += 1
    assert asked > 40


def test_what_builders_get_from_the_plugins_of_the_document(project):
    folder, _ = project
    text = 'from k8s_gen import App\nApp("a").add_'
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (folder, folder))

    offered = {each.label for each in completions(catalogue, text, len(text))}
    plugins = catalogue.plugins()
    assert {"DatabaseCluster", "MLPipeline"} <= {each.name for each in plugins}
    for plugin in plugins:
        assert {f"add_{name}" for name in names_of(plugin.name, plugin.aliases)} <= offered
