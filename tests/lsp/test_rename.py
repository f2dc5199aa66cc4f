"""References of a resource, and another name for it."""

import pytest

from k8sgen_lsp.features.definition import name_at
from k8sgen_lsp.features.references import highlights, references_to
from k8sgen_lsp.features.rename import NotSafe, edits
from tests.lsp.documents import IMPORT, covered, edited, shown, with_cursor

TEMPLATE = "# shop\nkind: Deployment\nmetadata:\n  name: shop\n  labels: {app: 'shop'}\n"


def renamed(tmp_path, marked, new, **others):
    """Return the texts after renaming what the cursor is at."""
    documents = [shown(IMPORT + text, tmp_path / f"{name}.py") for name, text in others.items()]
    document, position = with_cursor(IMPORT + marked, tmp_path / "app.py")
    wanted = name_at(document, document.offset(position))
    changes = edits([document, *documents], wanted, new)
    texts = {
        each.path.stem: edited(each, changes.pop(each.uri)).removeprefix(IMPORT)
        for each in (document, *documents)
        if each.uri in changes
    }
    for uri, found in changes.items():
        name = uri.rpartition("/")[2]
        template = shown((tmp_path / name).read_text(encoding="utf-8"), tmp_path / name)
        texts[name] = edited(template, found)
    return texts


def test_a_resource_is_renamed_in_python_and_templates(tmp_path):
    (tmp_path / "shop.yaml.j2").write_text(TEMPLATE, encoding="utf-8")

    texts = renamed(
        tmp_path,
        '"🐘"; shop = App("sh|op").image("ghcr.io/acme/shop:1")\r\n'
        'TemplateManager().register("t", "shop.yaml.j2")\r\n'
        'App("web").depends_on("shop", \'shop\').connect_to([shop, "shop"])\r\n',
        "store",
        other='Job("j").depends_on("shop").add(App("x"))\n',
    )

    assert texts == {
        "app": '"🐘"; shop = App("store").image("ghcr.io/acme/shop:1")\r\n'
        'TemplateManager().register("t", "shop.yaml.j2")\r\n'
        'App("web").depends_on("store", \'store\').connect_to([shop, "store"])\r\n',
        "other": 'Job("j").depends_on("store").add(App("x"))\n',
        "shop.yaml.j2": TEMPLATE.replace("name: shop", "name: store").replace("'shop'", "'store'"),
    }


def test_it_can_be_renamed_where_it_is_used(tmp_path):
    texts = renamed(tmp_path, 'App("db")\nApp("web").depends_on("d|b")\n', "store")

    assert texts == {"app": 'App("store")\nApp("web").depends_on("store")\n'}


def test_the_kind_decides_which_resource_is_meant(tmp_path):
    texts = renamed(
        tmp_path, 'Secret("x|y")\nApp("w").env("A", secret="xy").add_config("z")\n', "new"
    )

    assert texts == {"app": 'Secret("new")\nApp("w").env("A", secret="new").add_config("z")\n'}


@pytest.mark.parametrize(
    ("marked", "new", "reason"),
    [
        pytest.param('App("a|b")', "A_b!", "cannot be the name", id="no valid name"),
        pytest.param('App("a|b")\nApp("cd")', "cd", "is the name of app.py:3 already", id="taken"),
        pytest.param('App("a|b")\nConfigMap("ab")\nApp("c").depends_on("ab")', "x",
                     "2 resources are named 'ab': app.py:2, app.py:3", id="two"),
        pytest.param('App("w").depends_on("a|b")', "x", "no file of the project describes",
                     id="described elsewhere"),
        pytest.param('App("a|b")\nApp("c").labels(app="ab")', "x", "app.py:3", id="label"),
        pytest.param('App("a|b")\nfor name in ("ab", "cd"):\n    App(name)', "x", "app.py:3",
                     id="computed"),
        pytest.param('App("a|b")\nApp("c").environment({"URL": "http://ab:80/"})', "x", "app.py:3",
                     id="host"),
    ],
)  # fmt: skip
def test_what_is_not_safe_is_refused_with_the_reason(tmp_path, marked, new, reason):
    with pytest.raises(NotSafe, match=reason.replace("(", r"\(")):
        renamed(tmp_path, marked, new)


def test_a_word_in_a_template_that_is_no_name_is_refused(tmp_path):
    (tmp_path / "t.j2").write_text("a: run shop now\n", encoding="utf-8")
    source = 'App("sh|op")\nTemplateManager().register("t", "t.j2")\n'

    with pytest.raises(NotSafe, match=r"in a template at t\.j2:1"):
        renamed(tmp_path, source, "x")


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}  # not settings
spec:
  containers:
  - {name: c, image: "a/settings:1", envFrom: [{configMapRef: {name: NAME}}]}
"""


@pytest.mark.parametrize(
    ("source", "name", "written"),
    [
        ('Manifests("m")', "m/deep/x.yaml", "settings"),
        ('Manifests("m/x.json")', "m/x.json", '"settings"'),
        ('Manifests("m")', "m/x.yml", "c}}], args: [http://settings:80/]} #"),
        ("1", "old/x.yaml", "settings"),
    ],
)
def test_what_a_manifest_of_the_project_names_is_refused(tmp_path, source, name, written):
    (tmp_path / "k8sgen.toml").write_text('include = ["old/*.yaml"]\n', encoding="utf-8")
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(POD.replace("NAME", written), encoding="utf-8")
    marked = f'from k8s_gen import Manifests\nConfigMap("sett|ings")\n{source}\n'

    with pytest.raises(NotSafe, match=rf"in a manifest at {name.rpartition('/')[2]}:6"):
        renamed(tmp_path, marked, "conf")


def test_a_manifest_that_does_not_name_it_is_none_of_its_business(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m/x.yaml").write_text(POD.replace("NAME", "other"), encoding="utf-8")
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s/generated.yaml").write_text(POD.replace("NAME", "settings"), encoding="utf-8")
    head = "from k8s_gen import Manifests\n"

    texts = renamed(tmp_path, f'{head}ConfigMap("sett|ings")\nManifests("m")\n', "conf")

    assert texts == {"app": f'{head}ConfigMap("conf")\nManifests("m")\n'}


@pytest.mark.parametrize("unit", ["utf-8", "utf-16", "utf-32"])
def test_references_are_exact_in_every_unit(tmp_path, unit):
    source = IMPORT + '"🐘é"; App("db")\nApp("🐘").depends_on("d|b", db)\n'
    document, position = with_cursor(source, tmp_path / "app.py", unit)

    found = references_to(document, [document], position, with_definition=True)
    without = references_to(document, [document], position, with_definition=False)

    assert [covered(document, each.range) for each in found] == ["db", "db"]
    assert [each.range.start.line for each in found] == [1, 2]
    assert without == found[1:]
    assert [each.kind for each in highlights(document, position)] == [3, 2]


def test_what_names_no_resource_has_no_references(tmp_path):
    document, position = with_cursor(IMPORT + 'App("a").image("ng|inx")', tmp_path / "app.py")

    assert references_to(document, [document], position, with_definition=True) == []
    assert highlights(document, position) == []
