"""What is offered at a place, from the text alone."""

import contextlib
import re
from pathlib import Path

import pytest
from lsprotocol import types

from k8sgen_core.templates.registry import builtin
from k8sgen_lsp.completing.documented import documentation
from k8sgen_lsp.completing.facts import WorkspaceFacts
from k8sgen_lsp.completing.known import SECRET_TYPES
from k8sgen_lsp.completing.offer import Sort
from k8sgen_lsp.completing.places import Document, offers_at
from k8sgen_lsp.features.completion import completions
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.inside import inside
from tests.lsp.marked import CATALOGUE, cursor_in

IMPORT = "from k8s_gen import App, AppGroup, ConfigMap, CronJob, Job, Role, Secret, Service\n"


def offered(marked, path=None, root=None):
    """Return the labels at the cursor, in the order in which editors show them."""
    text, offset = cursor_in(marked)
    folders = (root, root) if root else ()
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, folders)
    document = Document(text, catalogue, path, root, WorkspaceFacts())
    found = sorted(offers_at(document, offset).items, key=lambda each: each.rank or each.label)
    return [each.label for each in found]


@pytest.mark.parametrize(
    ("source", "first"),
    [
        pytest.param('App("a").|', ["image", "port", "resources"], id="an app lacks its image"),
        pytest.param('App("a").image("b").|', ["port", "resources"], id="then its port"),
        pytest.param('CronJob("a").|', ["schedule", "image"], id="a cron job its schedule"),
        pytest.param('ConfigMap("a").|', ["add"], id="a config map what is in it"),
        pytest.param(
            'App("a").expose("x", via="|', ["ingress", "gateway", "loadbalancer"], id="via"
        ),
        pytest.param('App("a").expose("x", via=|', ['"ingress"', '"gateway"'], id="no quotes yet"),
        pytest.param('App("a").toleration("k", effect="|', ["NoSchedule"], id="effects"),
        pytest.param('App("a").resources(cpu="|")', ["100m"], id="cpu"),
        pytest.param('App("a").resources(|', ['"100m"'], id="positional"),
        pytest.param('App("a").resources(memory="|', ["64Mi", "128Mi"], id="memory"),
        pytest.param('CronJob("a").schedule("|")', ["0 * * * *"], id="cron"),
        pytest.param(
            'CronJob("a").concurrency_policy("|', ["Allow", "Forbid", "Replace"], id="policy"
        ),
        pytest.param(
            'Service("a").type("|', ["ClusterIP", "NodePort", "LoadBalancer"], id="service"
        ),
        pytest.param('App("a").port(9999)\nApp("b").port(|', ["9999"], id="ports in use"),
        pytest.param('App("a").image("x:1")\nApp("b").image("|', ["x:1"], id="images"),
        pytest.param('App("web")\nApp("b").depends_on("|")', ["web"], id="resources"),
        pytest.param('App("web")\nApp("b").depends_on(["|"])', ["web"], id="in a list"),
        pytest.param('App("web")\nApp("b").depends_on(["x", "|"])', ["web"], id="further in it"),
        pytest.param('App("web")\nApp("b").depends_on(("x", "|"))', ["web"], id="in a tuple"),
        pytest.param('App("web")\nApp("b").connect_to("|', ["web"], id="connect to"),
        pytest.param('Role("r").allow(["get", "|"])', ["get", "list"], id="further verbs"),
        pytest.param('Secret("s").add("user", "x")\nApp("a").add_secret("|', ["s"], id="secrets"),
        pytest.param('ConfigMap("c")\nApp("a").add_config("|', ["c"], id="configs"),
        pytest.param(
            'Secret("s").add("user", "x")\nSecret("t").add("no", "x")\n'
            'App("a").env("U", secret="s", key="|',
            ["user"],
            id="keys of this secret",
        ),
        pytest.param('App("a").storage("|', ["1Gi"], id="sizes"),
        pytest.param('App("a").storage("1Gi", access_modes=["|', ["ReadWriteOnce"], id="modes"),
        pytest.param('Job("a").timeout("|', ["30s", "1m"], id="durations"),
        pytest.param('App("a").use_template("|', ["compose-service"], id="templates"),
        pytest.param(
            'App("a").use_template("x", format="|', ["kubernetes", "compose"], id="formats"
        ),
        pytest.param('App("a").security_context(|', ["allow_privilege_escalation="], id="settings"),
        pytest.param("def f(x: bool): ...\nf(|", ["True", "False"], id="truth of a function"),
        pytest.param(
            'def f(x="a"):\n    if x not in ("a", "b"): raise ValueError\nf(x="|',
            ["a", "b"],
            id="what a function of one's own allows",
        ),
    ],
)
def test_what_comes_first(source, first):
    assert offered(IMPORT + source)[: len(first)] == first


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("a").generate().to_|', {"to_yaml", "to_docker_compose"}, id="formats"),
        pytest.param(
            'app = App("a").register_output_format("my-format", F())\napp.generate().|',
            {"to_yaml", "to_my_format"},
            id="a format of one's own",
        ),
        pytest.param('App("a").expose(|', {"domain=", "via=", "tls="}, id="keywords"),
        pytest.param('App("a").expose("x", |', {"via=", "tls="}, id="further keywords"),
        pytest.param('App("a").ignore("|', {"invalid-port"}, id="ids"),
        pytest.param("# k8sgen: ignore[|", {"invalid-port"}, id="ids in a comment"),
        pytest.param('CronJob("a").timezone("Eu|', {"Europe/Berlin"}, id="time zones"),
        pytest.param(
            'db = App("db")\nApp("a").depends_on(|', {"db", '"db"', "App"}, id="variables"
        ),
        pytest.param("from k8s_gen import |", {"App", "StatefulApp", "Plugin"}, id="imports"),
        pytest.param("import k8s_gen\nk8s_gen.|", {"App", "CronJob"}, id="of a module"),
        pytest.param("Stat|", {"StatefulApp", "App", "cronjob"}, id="a statement"),
        pytest.param("x = |", {"StatefulApp"}, id="a value"),
        pytest.param('App("a").override({}, kind="|', {"Deployment", "Service"}, id="kinds"),
        pytest.param('a = App("a")\nx = f"{a.|}"', {"image"}, id="in an f-string"),
        pytest.param('a = App("a")\nx = f"{{}} {a.|', {"image"}, id="that is not closed"),
        pytest.param('a = App("a")\nx = f\'\'\'\n{1}\n  {a.im|:>9}\n\'\'\'\n', {"image"},
                     id="over lines"),
        pytest.param('x = rf"{App(\'a\').|}"', {"image"}, id="that is raw"),
        pytest.param('App("a").image(f"{App(\'b\').|}")', {"image"}, id="that is an argument"),
    ],
)  # fmt: skip
def test_what_is_among_it(source, expected):
    assert expected <= set(offered(IMPORT + source))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('x = "|"', id="a text"),
        pytest.param("# just a comment |", id="a comment"),
        pytest.param("x = 12|", id="a number"),
        pytest.param("def |", id="the name of a function"),
        pytest.param('App("|', id="a new name"),
        pytest.param('unknown("|', id="an unknown function"),
        pytest.param('App("a") |', id="behind a value"),
        pytest.param('a = App("a")\nx = f"a.|"', id="the text of an f-string"),
        pytest.param('a = App("a")\nx = f"{{a.|}}"', id="braces that are text"),
        pytest.param('a = App("a")\nx = f"{a:a.|}"', id="a format"),
        pytest.param('a = App("a")\nx = "{a.|}"', id="a text with braces"),
        pytest.param('App("a").resources(cpu="1"|)', id="behind a text"),
        pytest.param('App("a").resources(cpu=x["|"])', id="in a subscript"),
        pytest.param('App("a").resources(cpu="1", "|")', id="no name before it"),
        pytest.param('App("a").depends_on(f"|")', id="in a text that is computed"),
    ],
)
def test_where_nothing_is_offered(source):
    assert offered(IMPORT + source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('s = Secret("q").add("k", "v")\n', ["k"], id="variable"),
        pytest.param('s = Secret(name="q").add("k", "v")\n', ["k"], id="named by keyword"),
        pytest.param(
            'Secret("s").add("no", "x")\ns = Secret("q").add("k", "v")\n', ["k"], id="not its text"
        ),
        pytest.param(
            's = Secret("q").add("k", "v")\nt = Secret("t")\ns.add("l", "v").add("m", "v")\n'
            't.add("no", "x")\n',
            ["k", "l", "m"],
            id="added later",
        ),
        pytest.param(
            'def f():\n    s = Secret("q")\n    t = Secret("t")\n    s.add("k", "v")\n'
            '    t.add("no", "x")\ns = f()\n',
            [],
            id="whatever a function gives",
        ),
        pytest.param("s = ConfigMap(NAME)\ns.add('k', 'v')\n", ["k"], id="name not written"),
        pytest.param("from secrets import s\n", [], id="nothing of ours"),
    ],
)
def test_keys_of_what_an_argument_stands_for(source, expected):
    assert offered(IMPORT + source + 'App("a").env("A", secret=s, key="|")') == expected


def test_keys_of_what_is_written_in_the_argument_itself():
    source = 'App("a").env("A", secret=Secret("q").add("k", "v").add("l", "w"), key="|")'

    assert offered(IMPORT + source) == ["k", "l"]


def test_keys_of_what_another_module_holds(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    (tmp_path / "shared.py").write_text(
        'from k8s_gen import Secret\ncred = Secret("db").add("user", "x")\ncred.add("word", "y")\n'
        'other = Secret("cred").add("no", "x")\n',
        "utf-8",
    )
    wanted = ["user", "word"]

    source = 'from shared import cred\nApp("a").env("A", secret=cred, key="|")'
    assert offered(IMPORT + source, root=tmp_path) == wanted
    source = 'import shared\nApp("a").env("A", secret=shared.cred, key="|")'
    assert offered(IMPORT + source, root=tmp_path) == wanted


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("AppGroup('g').add(*others, |)", id="members"),
        pytest.param("AppGroup('g').add(*others, App('z'), |)", id="and others"),
        pytest.param("App('x').connect_to(*others, '|')", id="names"),
    ],
)
def test_what_is_taken_any_number_of_times_follows_a_star(source):
    text = f'from k8s_gen import App, AppGroup\none = App("one").image("a:1")\n{source}'

    assert {"one", '"one"'} & set(offered(text))


@pytest.mark.parametrize(
    "source", ['App("q").image(f"{|}")', 'App("q").image(f"x:{|}")', 'App("q").port(f"{|}")']
)
def test_no_value_of_an_argument_is_a_part_of_a_text(source):
    assert offered(f'{IMPORT}App("one").image("img:1").port(80)\n{source}') == []


@pytest.mark.parametrize(
    "path", ["PATH", "path=PATH", "str(PATH)", 'r"t/web.tpl"', '"t/web.yaml"', 'f"t/{1}.j2"']
)
def test_a_template_is_known_by_its_name_wherever_it_is(path):
    text = (
        "from k8s_gen import App, PluginManager, TemplateManager\n"
        f'TemplateManager().register("mine", {path})\n'
        'PluginManager().register("other", "plugins/other.py")\n'
        'App("x").use_template("|")'
    )

    found = offered(text)
    assert "mine" in found
    assert "other" not in found


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('App("a").resources(cpu="100m", |)', id="an argument by name"),
        pytest.param('App("a").resources(cpu="100m", memory="1Gi", m|)', id="several"),
        pytest.param('App("a").resources(*both, |)', id="a star"),
        pytest.param('App("a").resources(**both, |)', id="two stars"),
    ],
)
def test_only_names_of_arguments_follow(source):
    labels = offered(IMPORT + source)

    assert "memory_limit=" in labels
    assert all(each.endswith("=") for each in labels)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('Service("c").type("|")', ["ClusterIP", "NodePort", "LoadBalancer"], id="one"),
        pytest.param('Secret("c").type("|")', list(SECRET_TYPES), id="the other"),
        pytest.param(
            'a = App("a")\nb = App("b")\na.depends_on("|")', ["b"], id="others by their names"
        ),
        pytest.param('TemplateManager().register("x", "x.j2")\nApp("a").use_template("|',
                     ["x", *builtin()], id="templates"),
    ],
)  # fmt: skip
def test_all_that_is_offered(source, expected):
    assert offered(IMPORT + "from k8s_gen import TemplateManager\n" + source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('App("a").add_companion(|', ["Companion"], id="companion"),
        pytest.param('App("a").service_account(Serv|', ["ServiceAccount"], id="account"),
        pytest.param('App("a").add_secret(Sec|', ["Secret"], id="secret"),
        pytest.param('App("a").add_config(config=Conf|', ["ConfigMap"], id="by name"),
        pytest.param('App("a").replicas(|', [], id="a number"),
    ],
)
def test_classes_that_an_argument_can_be(source, expected):
    text, offset = cursor_in(source.replace("App(", "k8s_gen.App("))
    document = Document("import k8s_gen\n" + text, CATALOGUE)
    found = offers_at(document, offset + len("import k8s_gen\n")).items

    classes = [each for each in found if each.sort is Sort.CLASS]
    assert [each.label for each in classes] == expected
    assert all(each.edits for each in classes)


def test_a_resource_is_not_offered_to_itself():
    labels = offered(IMPORT + 'a = App("a")\nb = App("b")\na.depends_on(|)')

    assert labels[:2] == ['"b"', "b"]
    assert not {"a", '"a"'} & set(labels)


def test_given_keywords_are_not_offered_again():
    labels = offered(IMPORT + 'App("a").expose("x", tls=True, |)')

    assert "via=" in labels
    assert not {"tls=", "domain="} & set(labels)


def test_deprecated_methods_come_last_and_are_marked():
    source = (
        "from k8s_gen import Plugin\nclass P(Plugin):\n"
        '    def old(self):\n        """Set it.\n\n        Deprecated: use new.\n        """\n'
        "        return self\n    def new(self):\n        return self\nP('x').|"
    )
    text, offset = cursor_in(source)
    items = list(completions(WorkspaceCatalogue(CATALOGUE, Modules(), text), text, offset))

    last = max(items, key=lambda each: each.sort_text)
    assert (last.label, last.tags) == ("old", [types.CompletionItemTag.Deprecated])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "from k8s_gen import App\nJob|", "from k8s_gen import App, Job\nJob", id="end"
        ),
        pytest.param(
            "from k8s_gen import Job\nApp|", "from k8s_gen import App, Job\nApp", id="order"
        ),
        pytest.param(
            "from k8s_gen import (\n    App,\n)\nJob|",
            "from k8s_gen import (\n    App,\n    Job,\n)\nJob",
            id="over lines",
        ),
        pytest.param(
            '"""About."""\n\nfrom __future__ import annotations\n\nimport k8s_gen\nApp|',
            '"""About."""\n\nfrom __future__ import annotations\nfrom k8s_gen import App\n\n'
            "import k8s_gen\nApp",
            id="behind the future",
        ),
        pytest.param(
            '"""About\nit."""\nx = 1\nimport k8s_gen\nApp|',
            '"""About\nit."""\nfrom k8s_gen import App\nx = 1\nimport k8s_gen\nApp',
            id="behind the docstring",
        ),
        pytest.param("App|", "from k8s_gen import App\nApp", id="first line"),
        pytest.param(
            "#!/bin/python\n# coding: utf-8\nApp|",
            "#!/bin/python\n# coding: utf-8\nfrom k8s_gen import App\nApp",
            id="behind a shebang",
        ),
        pytest.param(
            "from k8s_gen import \nx = App|", "from k8s_gen import App\nx = App", id="no name yet"
        ),
        pytest.param(
            "from k8s_gen import Job,\nx = App|",
            "from k8s_gen import App, Job,\nx = App",
            id="a comma at the end",
        ),
        pytest.param(
            "from k8s_gen import App,\nx = Job|",
            "from k8s_gen import App, Job,\nx = Job",
            id="before a comma at the end",
        ),
        pytest.param(
            "from k8s_gen import (\nx = App|",
            "from k8s_gen import App\nfrom k8s_gen import (\nx = App",
            id="not closed",
        ),
        pytest.param(
            "from k8s_gen import (\n    Job,\nx = f(App|)",
            "from k8s_gen import App\nfrom k8s_gen import (\n    Job,\nx = f(App)",
            id="not closed before another is",
        ),
        pytest.param(
            "from k8s_gen import ()\nApp|", "from k8s_gen import (App)\nApp", id="empty brackets"
        ),
        pytest.param(
            "from k8s_gen import \\\n    Job\nApp|",
            "from k8s_gen import App\nfrom k8s_gen import \\\n    Job\nApp",
            id="over lines without brackets",
        ),
        pytest.param(
            "from k8s_gen import Job; x = 1\nApp|",
            "from k8s_gen import App, Job; x = 1\nApp",
            id="not the only one in its line",
        ),
        pytest.param(
            "from k8s_gen import App; x = Job|",
            "from k8s_gen import App, Job; x = Job",
            id="in the line of the cursor",
        ),
    ],
)
def test_a_class_brings_its_import(before, after):
    text, offset = cursor_in(before)
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)
    wanted = re.findall(r"\w+", after)[-1]
    [offer] = [e for e in offers_at(Document(text, catalogue), offset).items if e.label == wanted]

    [edit] = offer.edits
    assert text[: edit.offset] + edit.text + text[edit.offset :] == after


def test_what_a_star_imports_needs_no_import():
    text, offset = cursor_in("from k8s_gen import *\nApp|")
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)

    offers = list(offers_at(Document(text, catalogue), offset).items)
    assert {"App", "app"} <= {each.label for each in offers}
    assert not any(each.edits for each in offers)


def test_a_value_replaces_the_whole_text():
    text, offset = cursor_in(IMPORT + 'CronJob("🐘").schedule("0 |2")')
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)
    [item] = [e for e in completions(catalogue, text, offset) if e.label == "0 2 * * *"]

    line = text.splitlines()[1]
    start = line.index("0 2")
    # An elephant is two units of UTF-16.
    assert item.text_edit.range == types.Range(
        types.Position(1, start + 1), types.Position(1, start + 4)
    )
    assert (item.text_edit.new_text, item.filter_text) == ("0 2 * * *", "0 2 * * *")


def test_names_of_the_workspace(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    (tmp_path / "data.py").write_text(
        'from k8s_gen import App\nApp("database").image("postgres:17").port(5432)\n', "utf-8"
    )
    (tmp_path / "other.py").write_text('App("none of ours")\n', "utf-8")

    assert offered(IMPORT + 'App("a").depends_on("|', root=tmp_path) == ["database"]
    assert offered(IMPORT + 'App("a").image("|', root=tmp_path) == ["postgres:17"]


def test_what_a_document_names_is_counted_once(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    text, offset = cursor_in(IMPORT + 'App("a").image("x:1")\nApp("b").image("|")')
    (tmp_path / "app.py").write_text(text, "utf-8")
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (tmp_path, tmp_path))
    document = Document(text, catalogue, tmp_path / "app.py", tmp_path, WorkspaceFacts())

    found = offers_at(document, offset).items
    assert [(each.label, each.detail) for each in found] == [("x:1", "")]


def test_only_templates_of_the_run_are_offered(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    for name in ("other", "shared"):
        (tmp_path / f"{name}.py").write_text(
            f'from k8s_gen import TemplateManager\nTemplateManager().register("{name}", "x.j2")\n',
            "utf-8",
        )

    source = 'App("a").use_template("|")'
    assert offered(IMPORT + source, root=tmp_path) == list(builtin())
    found = offered(IMPORT + "import shared\n" + source, root=tmp_path)
    assert found == ["shared", *builtin()]


def test_templates_of_the_project_and_their_values(tmp_path):
    (tmp_path / "k8sgen.toml").touch()
    (tmp_path / "web.yaml.j2").write_text(
        "a: {{ name }}\nb: {{ colour }}\nc: {{ team }}\n", "utf-8"
    )
    register = (
        'from k8s_gen import TemplateManager\nTemplateManager().register("web", "web.yaml.j2")\n'
    )

    names = offered(IMPORT + register + 'App("a").use_template("|', root=tmp_path)
    assert names[0] == "web"
    assert "deployment-with-probes" in names
    values = offered(IMPORT + register + 'App("a").use_template("web", |', root=tmp_path)
    assert {"colour=", "team="} <= set(values)
    assert "name=" not in values


FILES = (
    "k8sgen.toml", ".env", "web.conf", "prod.env", "rbac.yaml", "deploy/web.yaml.j2",
    "deploy/é🐘.conf", "plugins/cache.py", "node_modules/x.yaml", ".git/config",
)  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """Return a project with these files, beside what is none of it."""
    for name in FILES:
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "secret").touch()
    with contextlib.suppress(OSError):
        (tmp_path / "project" / "out").symlink_to(tmp_path, target_is_directory=True)
    return tmp_path / "project"


TEMPLATES = "from k8s_gen import TemplateManager, PluginManager, Manifests\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('ConfigMap("c").from_file("a", "|")',
                     ["deploy/", "plugins/", "k8sgen.toml", "prod.env", "rbac.yaml",
                      "web.conf", ".env"], id="a file"),
        pytest.param('ConfigMap("c").from_file("a", path="deploy/|")',
                     ["deploy/web.yaml.j2", "deploy/é🐘.conf"], id="in a folder"),
        pytest.param('Secret("c").from_env_file("./deploy/../deploy/w|", 1)',
                     ["./deploy/../deploy/web.yaml.j2", "./deploy/../deploy/é🐘.conf"],
                     id="as it is written"),
        pytest.param('ConfigMap("c").from_env_file(\'|', [".env", "prod.env"], id="variables"),
        pytest.param(TEMPLATES + 'Manifests("|")', ["rbac.yaml", "deploy/"], id="manifests"),
        pytest.param(TEMPLATES + 'TemplateManager().register("web", "deploy/|")',
                     ["deploy/web.yaml.j2"], id="templates"),
        pytest.param(TEMPLATES + 'PluginManager().register("web", "plugins/|")',
                     ["plugins/cache.py"], id="plugins"),
    ],
)  # fmt: skip
def test_paths_of_the_project(files, source, expected):
    assert offered(IMPORT + source, root=files)[: len(expected)] == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('ConfigMap("c").from_file("a", "../|")', id="above the project"),
        pytest.param('ConfigMap("c").from_file("a", "/etc/|")', id="anywhere else"),
        pytest.param('ConfigMap("c").from_file("a", "out/|")', id="through a link"),
        pytest.param('ConfigMap("c").from_file("a", "web.conf/|")', id="in a file"),
        pytest.param('ConfigMap("c").from_file("a", f"{x}/|")', id="computed"),
        pytest.param('TemplateManager().register("|")', id="a name"),
    ],
)
def test_where_no_path_is_offered(files, source):
    assert offered(IMPORT + TEMPLATES + source, root=files) == []


def test_a_path_replaces_what_is_written(files):
    source = IMPORT + 'x = "é🐘"; ConfigMap("c").from_file("a", "deploy/w|.conf").add("b", "c")'
    text, offset = cursor_in(source)
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)
    offers = offers_at(Document(text, catalogue, files / "app.py", files), offset).items

    [offer] = [each for each in offers if each.label == "deploy/web.yaml.j2"]
    assert text[offer.start : offer.end] == "deploy/w.conf"


async def test_a_slash_asks_for_paths_in_texts_only(files):
    text = IMPORT + 'x = 4 / 2\nConfigMap("c").from_file("a", "deploy/")\n'
    uri = (files / "app.py").as_uri()
    context = {"triggerKind": 2, "triggerCharacter": "/"}
    async with inside() as session:
        session.open(uri, text)
        found = []
        for line, column in ((1, 7), (2, text.splitlines()[2].index("/") + 1)):
            position = {"line": line, "character": column}
            params = {"textDocument": {"uri": uri}, "position": position, "context": context}
            answer = await session.ask("textDocument/completion", params)
            found.append([each["label"] for each in answer["items"]])

    assert found == [[], ["deploy/web.yaml.j2", "deploy/é🐘.conf"]]


CACHE = """
from enum import Enum, IntEnum
from typing import Optional
import enum

from k8s_gen import Plugin


class Size(str, Enum):
    SMALL = "s"
    LARGE = "l"
    _secret = 1

    @property
    def cpu(self):
        self.used = True


class Level(enum.IntEnum):
    LOW = enum.auto()


class Cache(Plugin):
    limit = 3

    def size(self, size: Optional[Size] = Size.SMALL, level: "Level" = Level.LOW, *, more: int = 3):
        return self
"""
IMPORTED = "from plugins.cache import Cache, Size\n"


@pytest.mark.parametrize(
    ("source", "first"),
    [
        pytest.param(CACHE + "Size.|", ["SMALL", "LARGE"], id="behind its name"),
        pytest.param(CACHE + "x = Size.LA|", ["SMALL", "LARGE"], id="that is begun"),
        pytest.param(CACHE + "Cache('c').size(Size.|)", ["SMALL", "LARGE"], id="as an argument"),
        pytest.param(CACHE + "Cache('c').size(|)", ["Size.SMALL", "Size.LARGE", "size="],
                     id="where one is wanted"),
        pytest.param(CACHE + "Cache('c').size(level=|)", ["Level.LOW"], id="by the annotation"),
        pytest.param(CACHE + "def f(x: Level): ...\nf(|)", ["Level.LOW"], id="of a function"),
        pytest.param(IMPORTED + "Size.|", ["SMALL", "LARGE"], id="of another module"),
        pytest.param(IMPORTED + "Cache('c').size(|)", ["Size.SMALL", "Size.LARGE"],
                     id="where another module wants one"),
        pytest.param(IMPORTED + "Cache('c').size(level=|)", ["Level.LOW"], id="not imported"),
        pytest.param("import plugins.cache as c\nc.Level.|", ["LOW"], id="of an imported module"),
    ],
)  # fmt: skip
def test_members_of_enums(files, source, first):
    (files / "plugins/cache.py").write_text(CACHE, encoding="utf-8")

    assert offered(source, root=files)[: len(first)] == first


def test_only_members_of_enums_are_behind_a_class():
    assert offered(CACHE + "Size.|") == ["SMALL", "LARGE"]
    assert offered(CACHE + "Cache.|") == []


def test_a_member_of_an_enum_brings_its_import(files):
    (files / "plugins/cache.py").write_text(CACHE, encoding="utf-8")
    text, offset = cursor_in(IMPORTED + "Cache('c').size(level=|)")
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text, (files, files))
    [item] = [each for each in completions(catalogue, text, offset) if each.label == "Level.LOW"]

    [edit] = item.additional_text_edits
    assert (edit.range.start, edit.new_text) == (types.Position(0, 33), "Level, ")


TOML = Path("k8sgen.toml")
PYPROJECT = Path("pyproject.toml")


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        pytest.param(TOML, "|", {"files", "output", "fail-on"}, id="keys"),
        pytest.param(TOML, "[evaluate]\nti|", {"timeout"}, id="keys of a table"),
        pytest.param(TOML, "[|", {"evaluate", "policy"}, id="tables"),
        pytest.param(TOML, "fail-on = |", {"error", "warning", "info"}, id="values"),
        pytest.param(TOML, 'ignore = ["|', {"invalid-port"}, id="ids"),
        pytest.param(
            TOML, 'ignore = [\n  "invalid-port",\n  "|', {"invalid-name"}, id="over lines"
        ),
        pytest.param(TOML, "[|", {"rules", "rules.latest-tag", "per-path-ignores"}, id="of rules"),
        pytest.param(TOML, "[rules]\nlatest-|", {"latest-tag"}, id="rules"),
        pytest.param(TOML, 'ignore = [\n]\n# [\nfail-on = "|"', {"error"}, id="below a list"),
        pytest.param(PYPROJECT, "[tool.k8sgen]\n|", {"files", "output"}, id="in pyproject"),
        pytest.param(PYPROJECT, "[tool.k8sgen.evaluate]\n|", {"timeout"}, id="table in pyproject"),
    ],
)
def test_configuration(path, source, expected):
    assert expected <= set(offered(source, path))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("strict-crds = |", ["false", "true"], id="truth"),
        pytest.param('plugins = ["|"]', ["plugins"], id="the default, in a list"),
        pytest.param("evaluate.|", ["allow", "memory", "objects", "timeout"], id="dotted key"),
        pytest.param("evaluate.me|", ["allow", "memory", "objects", "timeout"], id="begun"),
        pytest.param('evaluate.allow = ["|', ["process", "network", "write"], id="its value"),
        pytest.param(
            'kubernetes-version = "|"', [f"1.{minor}" for minor in range(37, 28, -1)], id="versions"
        ),
        pytest.param("[rules.latest-tag]\n|", ["severity"], id="settings of a rule"),
        pytest.param(
            "[rules.minimum-three-replicas]\n|", ["minimum", "severity"], id="its options"
        ),
        pytest.param("[rules.minimum-three-replicas]\nminimum = |", ["3"], id="their defaults"),
        pytest.param("[rules.latest-tag]\nseverity = |", ["error", "warning", "info"], id="level"),
        pytest.param("[rules]\nlatest-tag.|", ["severity"], id="dotted"),
        pytest.param(
            '[rules]\nlatest-tag = {severity = "|"}', ["error", "warning", "info"], id="inline"
        ),
        pytest.param("[rules]\nlatest-tag = {|}", ["severity"], id="key of an inline table"),
        pytest.param(
            "[rules]\nlatest-tag = |",
            [f'{{severity = "{level}"}}' for level in ("error", "warning", "info")],
            id="an inline table",
        ),
        pytest.param('environment = "|"', ["test", "prod"], id="environments"),
        pytest.param('output = "x" |', [], id="behind a value"),
        pytest.param("output |", [], id="behind a key"),
        pytest.param('"outp|"', [], id="a key in quotes"),
        pytest.param("# out|", [], id="a comment"),
        pytest.param("[rules.no-such-rule]\n|", [], id="no rule"),
    ],
)
def test_all_of_a_configuration_that_is_offered(tmp_path, source, expected):
    (tmp_path / "k8sgen.toml").touch()
    (tmp_path / "app.py").write_text(
        'from k8s_gen import App\na = App("a")\na.for_environment("test")\n'
        'a.for_environment("prod")\n',
        "utf-8",
    )

    assert offered(source, TOML, tmp_path) == expected


def test_rules_that_a_pattern_ignores():
    labels = offered('[per-path-ignores]\n"x.py" = ["latest-tag", "|"]', TOML)

    assert {"latest-tag", "non-isolated-pod"} <= set(labels)
    assert "invalid-name" not in labels


@pytest.mark.parametrize(
    ("source", "label", "expected"),
    [
        pytest.param("fail-on = er|", "error", 'fail-on = "error"', id="a value"),
        pytest.param('fail-on = "er|ror"', "info", 'fail-on = "info"', id="in quotes"),
        pytest.param("ignore = la|", "latest-tag", 'ignore = ["latest-tag"]', id="a list"),
        pytest.param("ignore = [latest-|]", "latest-tag", 'ignore = ["latest-tag"]', id="in one"),
        pytest.param('plugins = ["pl|"]', "plugins", 'plugins = ["plugins"]', id="in its quotes"),
        pytest.param("kubernetes-v|", "kubernetes-version", "kubernetes-version = ", id="a key"),
        pytest.param("evaluate.ti|", "timeout", "evaluate.timeout = ", id="behind a dot"),
        pytest.param("[rules.la|", "rules.latest-tag", "[rules.latest-tag", id="a table"),
    ],
)
def test_what_is_written_in_a_configuration_is_replaced(source, label, expected):
    text, offset = cursor_in(source)
    offers = offers_at(Document(text, CATALOGUE, TOML), offset).items

    [offer] = [each for each in offers if each.label == label]
    assert text[: offer.start] + offer.inserted + text[offer.end :] == expected


@pytest.mark.parametrize(
    ("path", "source"),
    [
        pytest.param(PYPROJECT, "[tool.ruff]\n|", id="a table of others"),
        pytest.param(PYPROJECT, "|", id="no table"),
        pytest.param(TOML, 'output = "x"\nfiles = ["a"] |', id="behind a value"),
    ],
)
def test_what_is_no_configuration_of_ours(path, source):
    assert offered(source, path) == []


TEMPLATE = Path("web.yaml.j2")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a: {{ |", {"name", "image", "resources"}, id="names"),
        pytest.param("a: {{ resources.|", {"cpu", "memory_limit"}, id="fields"),
        pytest.param("a: {{ name ¦ |", {"upper", "tojson", "default"}, id="filters"),
        pytest.param("{% |", {"if", "for", "endfor"}, id="statements"),
        pytest.param("{% for port in ports %}{{ |", {"port", "ports"}, id="of the template"),
        pytest.param("{% if |", {"hardened", "not"}, id="conditions"),
    ],
)
def test_in_a_template(source, expected):
    before = source[:-1].replace("¦", "|")
    offers = offers_at(Document(before, CATALOGUE, TEMPLATE), len(before)).items

    assert expected <= {each.label for each in offers}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("{% for e in ports %}{{ e.", ["number", "name", "protocol", "service_port"],
                     id="of an element"),
        pytest.param("{% for e in ports ¦ list if e.",
                     ["number", "name", "protocol", "service_port"], id="in the loop itself"),
        pytest.param("{{ ports[0].", ["number", "name", "protocol", "service_port"], id="of one"),
        pytest.param("{{ resources.limits.", [], id="of a field"),
        pytest.param("{{ ports.", [], id="of a list"),
        pytest.param("{% for a, b in labels.items() %}{{ a.", [], id="of a part"),
        pytest.param("{% for e in ports %}{% endfor %}{{ e.", [], id="behind its loop"),
        pytest.param("{% set resources = 1 %}{{ resources.", [], id="of the template"),
        pytest.param("{% macro m(ports) %}{{ ports[0].", [], id="of a parameter"),
        pytest.param("{{ loop.", [], id="no loop"),
        pytest.param("{% for e in ports %}{{ loop.",
                     ["changed", "cycle", "depth", "first", "index", "index0", "last", "length",
                      "nextitem", "previtem", "revindex", "revindex0"], id="loop"),
        pytest.param("{{ name == 'a", [], id="a text"),
        pytest.param('{{ name ~ "it\'s', [], id="another quote in it"),
        pytest.param("{% raw %}{{ na", [], id="raw"),
        pytest.param("{% raw %}{% end", ["endraw"], id="the end of what is raw"),
        pytest.param("{# {{ na", [], id="a comment"),
        pytest.param('{% include "', ["base.yaml.j2", "notes.txt", "parts/"], id="files"),
        pytest.param('{% include "parts/h', ["parts/head.j2"], id="files in a folder"),
        pytest.param('{% extends "../', [], id="files elsewhere"),
    ],
)  # fmt: skip
def test_all_that_is_offered_in_a_template(tmp_path, source, expected):
    for name in ("web.yaml.j2", "base.yaml.j2", "notes.txt", "parts/head.j2", ".hidden.j2"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    before = source.replace("¦", "|")
    document = Document(before, CATALOGUE, tmp_path / "web.yaml.j2")

    offers = sorted(offers_at(document, len(before)).items, key=lambda each: each.rank)
    assert [each.label for each in offers] == expected


@pytest.mark.parametrize(
    ("source", "expected", "others"),
    [
        pytest.param("{% if port is ", {"defined", "none", "odd"}, {"port", "tojson"}, id="tests"),
        pytest.param("{% if port is not de", {"defined"}, {"port"}, id="negated"),
        pytest.param("{% macro m(a, b=1) %}{{ ", {"m", "a", "b", "name"}, {"loop"}, id="a macro"),
        pytest.param("{% macro m(a, b=1) %}{% endmacro %}{{ ", {"m"}, {"a", "b"}, id="behind it"),
        pytest.param("{% for a, b in c %}{{ ", {"a", "b", "loop"}, set(), id="a loop"),
        pytest.param("{% raw %}{{ x }}{% endraw %}{{ ", {"name"}, set(), id="behind what is raw"),
        pytest.param("{# {% macro m(a) %} #}{{ ", {"name"}, {"a"}, id="behind a comment"),
    ],
)
def test_what_is_among_it_in_a_template(source, expected, others):
    labels = {e.label for e in offers_at(Document(source, CATALOGUE, TEMPLATE), len(source)).items}

    assert expected <= labels
    assert not others & labels


def test_outside_of_the_braces_of_a_template_is_yaml():
    assert offered("a: |", TEMPLATE) == []


FOO = "class Foo:\n    def bar(self): return self\n    def baz(self): return self\n"


@pytest.mark.parametrize(
    "source",
    ["import os\nx = |", f"{FOO}Foo().|", f"{FOO}Foo().bar().|", f"{FOO}Foo.|", "from os import |"],
)
def test_nothing_in_a_project_that_is_not_ours(tmp_path, source):
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")

    assert offered(source, tmp_path / "x.py", tmp_path) == []


def test_a_fluent_class_of_a_library_is_completed_anywhere(tmp_path):
    (tmp_path / "lib.py").write_text(f"{FOO}class Plain:\n    def bar(self): ...\n", "utf-8")

    found = offered("from lib import Foo\nFoo().bar().|", tmp_path / "x.py", tmp_path)
    assert sorted(found) == ["bar", "baz"]
    assert offered("from lib import Plain\nPlain().|", tmp_path / "x.py", tmp_path) == []


async def test_nothing_is_said_of_python_that_is_not_ours(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    app, other = (tmp_path / name for name in ("app.py", "other.py"))
    asked = {"textDocument/hover": 5, "textDocument/signatureHelp": 9}
    found = {}
    async with inside() as session:
        for path, text in ((app, f"import k8s_gen\n{FOO}"), (other, f"import os\n{FOO}")):
            session.open(path.as_uri(), f"{text}Foo().bar()\n")
            for method, character in asked.items():
                position = {"line": 4, "character": character + 1}
                params = {"textDocument": {"uri": path.as_uri()}, "position": position}
                found[path.name, method] = await session.ask(method, params) is not None

    assert found == {
        (name, method): name == "app.py" for name in ("app.py", "other.py") for method in asked
    }


@pytest.mark.parametrize(
    ("files", "is_ours"),
    [
        ({}, False),
        ({"app.py": "import jinja2\n", "pyproject.toml": "[tool.other]\n"}, False),
        ({"app.py": "import jinja2\n", "pyproject.toml": "[tool.k8sgen]\n"}, True),
        ({"k8sgen.toml": ""}, True),
        ({"deploy/app.py": "from k8s_gen import App\n"}, True),
    ],
)
def test_templates_are_completed_in_projects_of_ours(tmp_path, files, is_ours):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    found = offered("a: {{ |", tmp_path / "templates/base.html.j2", tmp_path)

    assert ("replicas" in found) == is_ours
    assert bool(found) == is_ours


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"class": "k8s_gen.App"}, "A stateless application."),
        ({"class": "k8s_gen.App", "member": "replicas"}, "Run this many pods."),
        (
            {"class": "k8s_gen.App", "member": "expose", "argument": "via"},
            "``ingress`` (default): an Ingress;",
        ),
        ({"class": "k8s_gen.App", "argument": "name"}, "At most 63 lower-case letters"),
        ({"key": "evaluate.timeout"}, "How many seconds a DSL file may run."),
        ({"variable": "replicas"}, "how many pods, from `replicas`"),
        ({"filter": "upper"}, "Convert a value to uppercase."),
    ],
)
def test_what_is_said_of_an_offer_when_it_is_looked_at(asked, said):
    assert documentation(CATALOGUE, asked).startswith(said)


@pytest.mark.parametrize(
    "asked",
    [{}, {"class": "k8s_gen.Nothing"}, {"class": "k8s_gen.App", "member": "no"}, {"key": "no"}],
)
def test_nothing_is_said_of_what_is_not_known(asked):
    assert documentation(CATALOGUE, asked) is None


@pytest.mark.parametrize(
    "source", ['App("a").expose(|', 'App("a").|', "App(|", "Job(|", "# k8sgen: ignore[|"]
)
def test_documentation_comes_only_when_it_is_asked_for(source):
    text, offset = cursor_in(IMPORT + source)
    items = completions(WorkspaceCatalogue(CATALOGUE, Modules(), text), text, offset)

    assert not [each.label for each in items if each.documentation]
