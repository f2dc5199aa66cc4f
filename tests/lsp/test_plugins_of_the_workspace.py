"""The server with plugins of the workspace: completion, and findings in their own files."""

import pytest
from lsprotocol import types

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLUGIN = '''\
from k8s_gen import App, Plugin


class Shop(Plugin):
    """A shop."""

    def __init__(self, name):
        super().__init__(name)
        self.size = 1

    def size(self, size):
        """Set the size."""
        self.size = size
        return self

    def generate_app(self):
        return App(self.name).image("nginx:1.27").replicas(self.size)
'''
BROKEN = PLUGIN.replace("self.size)", "self.size(3))")
USE = 'from plugins.shop import Shop\n\nShop("one").size(3)\n'


async def test_a_plugin_is_completed_explained_and_previewed(editor):
    (editor.trusted / "plugins").mkdir(exist_ok=True)
    (editor.trusted / "plugins/shop.py").write_text(PLUGIN, encoding="utf-8")
    uri = editor.open(editor.trusted / "uses.py", "import k8s_gen\n" + USE)

    items = {item.label: item for item in await editor.complete(uri, 3, 12)}
    [resolved] = [await editor.client.completion_item_resolve_async(items["size"])]
    where = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(3, 2))
    hover = await editor.client.text_document_hover_async(where)
    shown = await editor.preview(uri)

    assert {"size", "labels", "for_environment"} <= items.keys()
    assert resolved.documentation.value == "Set the size."
    assert hover.contents.value == "```python\nShop(name)\n```\n\nA shop."
    assert "replicas: 3" in shown["files"][0]["text"]


async def test_a_finding_of_a_plugin_is_shown_in_its_own_file(editor):
    (editor.trusted / "plugins").mkdir(exist_ok=True)
    plugin = editor.open(editor.trusted / "plugins/broken_shop.py", BROKEN)
    text = "import k8s_gen\n" + USE.replace("plugins.shop", "plugins.broken_shop")
    uri = editor.open(editor.trusted / "uses_broken.py", text)

    await editor.diagnostics(uri)
    editor.save(uri, plugin)
    found = {each.code: each for each in await editor.diagnostics(plugin)}

    # What the text shows by itself is told beside it.
    assert found.keys() == {"plugin-failed", "self-shadowing"}
    diagnostic = found["plugin-failed"]
    assert diagnostic.range.start.line == BROKEN.split("\n").index(
        '        return App(self.name).image("nginx:1.27").replicas(self.size(3))'
    )
    assert "calls its setter size() while it generates" in diagnostic.message
    assert list(await editor.diagnostics(uri)) == []


TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ nmae }}
"""
VALIDATOR = """\
from k8s_gen import Validator


class Rules(Validator):
    def validate_name(self, app):
        return re.match("a", app.name)
"""
OTHERS = [
    pytest.param(
        "templates/web.yaml.j2",
        TEMPLATE,
        "from k8s_gen import App, TemplateManager\n\n"
        'TemplateManager().register("t", "templates/web.yaml.j2")\n'
        'App("web").image("nginx:1.27").use_template("t")\n',
        "unknown-template-name",
        (3, 11, 15),
        id="template",
    ),
    pytest.param(
        "validators/rules.py",
        VALIDATOR,
        "from k8s_gen import App\nfrom validators.rules import Rules\n\n"
        'App("web").image("nginx:1.27").add_validator(Rules())\n',
        "validator-failed",
        (5, 15, 17),
        id="validator",
    ),
]


@pytest.mark.parametrize(("name", "text", "use", "rule", "place"), OTHERS)
async def test_a_finding_is_shown_in_the_file_that_it_is_in(editor, name, text, use, rule, place):
    path = editor.trusted / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    uri = editor.open(editor.trusted / f"uses_{path.parent.name}.py", use)

    await editor.diagnostics(uri)
    [diagnostic] = await editor.diagnostics(path.as_uri())

    line, start, end = place
    assert diagnostic.code == rule
    assert diagnostic.range == types.Range(types.Position(line, start), types.Position(line, end))
    assert list(await editor.diagnostics(uri)) == []


@pytest.mark.parametrize(("name", "text", "use", "rule", "place"), OTHERS[:1])
async def test_a_template_that_is_saved_is_rendered_again(editor, name, text, use, rule, place):
    path = editor.trusted / "templates/again.yaml.j2"
    path.parent.mkdir(exist_ok=True)
    template = editor.open(path, text)
    uri = editor.open(editor.trusted / "uses_again.py", use.replace("web.yaml", "again.yaml"))
    await editor.diagnostics(uri)

    path.write_text(text.replace("nmae", "name"), encoding="utf-8")
    editor.save(template, uri)
    await editor.diagnostics(uri)

    assert list(await editor.diagnostics(template)) == []
