"""A workspace that changes: folders come and go, files change under the server, settings too."""

import asyncio
import os
import shutil
import sys

import pytest

from k8sgen_lsp.settings import DEFAULTS, SETTINGS, documentation, read
from k8sgen_lsp.workers import Interpreters
from tests.lsp.conftest import FEW_RULES
from tests.lsp.inside import inside
from tests.lsp.test_diagnostics import places

IMPORT = "from k8s_gen import App\n"
BAD = IMPORT + 'App("a").image("a:1").port(0)\n'
# What only an evaluation finds.
GOOD = IMPORT + 'App("a").image("a:1")\n'
FAILING = IMPORT + "1 / 0\n"
WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


@pytest.fixture
def project(tmp_path):
    """Return a folder whose ``app.py`` shows what is wrong in ``parts.py``."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(FEW_RULES, encoding="utf-8")
    (folder / "app.py").write_text("import k8s_gen, parts\nparts.web()\n", encoding="utf-8")
    write_parts(folder, 80)
    return folder


def write_parts(folder, port) -> None:
    text = f"{IMPORT}def web():\n    App('a').image('a:1').port({port})\n"
    (folder / "parts.py").write_text(text, encoding="utf-8")


async def opened(session, file) -> str:
    uri = file.as_uri()
    session.open(uri, file.read_text("utf-8"))
    await session.until(lambda _: session.published(uri))
    await session.settled()
    return uri


def told(session, file) -> list:
    published = session.published(file.as_uri())
    return places(published[-1]["diagnostics"]) if published else []


def changed(*files, kind=2):
    return {"changes": [{"uri": each.as_uri(), "type": kind} for each in files]}


async def test_a_client_that_watches_files_is_asked_to(project):
    async with inside(WATCHES, trusted=[str(project)]) as session:
        asked = await session.until(lambda each: each.get("method") == "client/registerCapability")
        [registration] = asked["params"]["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
        await opened(session, project / "app.py")
        write_parts(project, 0)
        session.tell("workspace/didChangeWatchedFiles", changed(project / "parts.py"))

        await session.until(lambda _: told(session, project / "parts.py"))
        assert told(session, project / "parts.py") == [("invalid-port", 2)]


async def test_without_that_saving_looks_for_what_changed(project):
    other = project / "other.py"
    other.write_text("import k8s_gen\nk8s_gen.App('o').image('o:1')\n", encoding="utf-8")
    async with inside(trusted=[str(project)]) as session:
        assert not [e for e in session.said if e.get("method") == "client/registerCapability"]
        await opened(session, project / "app.py")
        await opened(session, other)
        write_parts(project, 0)
        session.tell("textDocument/didSave", {"textDocument": {"uri": other.as_uri()}})

        await session.until(lambda _: told(session, project / "parts.py"))
        assert told(session, project / "parts.py") == [("invalid-port", 2)]


async def test_a_new_configuration_is_read(project):
    (project / "pyproject.toml").write_text("", encoding="utf-8")
    async with inside(WATCHES, trusted=[str(project)]) as session:
        await opened(session, project / "app.py")
        (project / "k8sgen.toml").write_text('files = ["other.py"]\n', encoding="utf-8")
        session.tell("workspace/didChangeWatchedFiles", changed(project / "k8sgen.toml", kind=1))
        await session.settled()
        (project / "k8sgen.toml").write_text("x = 1\n", encoding="utf-8")
        session.tell("workspace/didChangeWatchedFiles", changed(project / "k8sgen.toml"))
        await session.until(lambda _: told(session, project / "k8sgen.toml"))

        assert told(session, project / "k8sgen.toml") == [("configuration", 0)]


async def test_what_is_deleted_has_no_findings(project):
    folders = [{"uri": project.as_uri(), "name": "project"}]
    write_parts(project, 0)
    async with inside(WATCHES, folders, trusted=[str(project)]) as session:
        await session.ask("workspace/executeCommand", {"command": "k8sgen.validateWorkspace"})
        assert told(session, project / "parts.py") == [("invalid-port", 2)]
        shutil.rmtree(project)
        deleted = {"files": [{"uri": project.as_uri()}]}
        session.tell("workspace/didDeleteFiles", deleted)
        await session.settled()

        assert told(session, project / "parts.py") == []
        assert session.server.findings.files() == set()


async def test_an_object_of_two_files_is_told_until_it_is_of_one(project):
    folders = [{"uri": project.as_uri(), "name": "project"}]
    one, two = project / "one.py", project / "two.py"
    text = 'from k8s_gen import App\nApp("web").image("a:1")\n'
    for path in (one, two):
        path.write_text(text, encoding="utf-8")
    async with inside(WATCHES, folders, trusted=[str(project)]) as session:
        await session.ask("workspace/executeCommand", {"command": "k8sgen.validateWorkspace"})
        twice = [("duplicate-object", 1)]
        assert (told(session, one), told(session, two)) == ([], twice)

        one.write_text(text.replace("web", "api"), encoding="utf-8")
        session.tell("workspace/didChangeWatchedFiles", changed(one))
        await session.until(lambda _: told(session, two) == [])
        one.write_text(f"\n{text}", encoding="utf-8")
        session.tell("workspace/didChangeWatchedFiles", changed(one))
        await session.until(lambda _: told(session, two) == twice)
        last = session.published(two.as_uri())[-1]["diagnostics"][0]
        [other] = last["relatedInformation"]
        assert (other["location"]["uri"], other["location"]["range"]["start"]["line"]) == (
            one.as_uri(),
            2,
        )
        one.unlink()
        session.tell("workspace/didChangeWatchedFiles", changed(one, kind=3))
        await session.until(lambda _: told(session, two) == [])


async def test_a_document_in_a_folder_that_is_gone_can_still_be_edited(project):
    async with inside(trusted=[str(project)]) as session:
        uri = await opened(session, project / "app.py")
        shutil.rmtree(project)
        session.edit(uri, BAD, 2)
        session.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
        await session.until(lambda _: ("invalid-port", 1) in told(session, project / "app.py"))
        shown = await session.ask("k8sgen/preview", {"uri": uri})

        assert shown["findings"]
        session.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        await session.settled()
        assert told(session, project / "app.py") == []


async def test_a_folder_that_is_renamed_is_followed(project):
    folders = [{"uri": project.as_uri(), "name": "project"}]
    write_parts(project, 0)
    new = project.with_name("new")
    async with inside(WATCHES, folders, trusted=[str(project), str(new)]) as session:
        uri = await opened(session, project / "app.py")
        project.rename(new)
        session.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        renamed = {"files": [{"oldUri": project.as_uri(), "newUri": new.as_uri()}]}
        session.tell("workspace/didRenameFiles", renamed)
        await opened(session, new / "app.py")

        assert told(session, project / "parts.py") == []
        assert told(session, new / "parts.py") == [("invalid-port", 2)]


async def test_each_folder_of_a_workspace_is_a_project_of_its_own(project):
    other = project.with_name("other")
    shutil.copytree(project, other)
    write_parts(other, 0)
    both = [{"uri": each.as_uri(), "name": each.name} for each in (project, other)]
    async with inside(WATCHES, both[:1], trusted=[str(project), str(other)]) as session:
        session.tell(
            "workspace/didChangeWorkspaceFolders", {"event": {"added": both[1:], "removed": []}}
        )
        found = await session.ask(
            "workspace/executeCommand", {"command": "k8sgen.validateWorkspace"}
        )
        assert (found["files"], [each["rule"] for each in found["findings"]]) == (
            4,
            ["invalid-port"],
        )
        assert told(session, other / "parts.py") == [("invalid-port", 2)]
        session.tell(
            "workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": both[1:]}}
        )
        assert told(session, other / "parts.py") == []


async def test_evaluating_can_be_switched_and_follows_edits_if_wished(project):
    app = project / "app.py"
    async with inside(
        trusted=[str(project)], k8sgen={"diagnostics": {"evaluate": "never"}}
    ) as session:
        session.open(app.as_uri(), FAILING)
        await asyncio.sleep(0.3)
        assert session.published(app.as_uri()) == []

        change = {"settings": {"k8sgen": {"diagnostics.evaluate": "change"}}}
        session.tell("workspace/didChangeConfiguration", change)
        await session.until(lambda _: told(session, app))
        session.edit(app.as_uri(), FAILING + "\n", 2)
        session.edit(app.as_uri(), FAILING + "# x\n", 3)
        await session.until(
            lambda _: session.published(app.as_uri())[-1]["version"] == 3 and told(session, app)
        )


async def test_in_a_folder_of_others_nothing_is_looked_for(tmp_path):
    for number in range(3):
        (tmp_path / f"m{number}.py").write_text("import os\n", encoding="utf-8")
    looked: list[str] = []
    watching = [True]

    def hook(event, arguments):
        if watching[0] and event in ("os.listdir", "os.scandir", "glob.glob", "os.walk"):
            looked.append(f"{event} {arguments[0]}")

    sys.addaudithook(hook)
    folders = [{"uri": tmp_path.as_uri(), "name": "w"}]
    async with inside(WATCHES, folders) as session:
        uri = (tmp_path / "m0.py").as_uri()
        looked.clear()
        session.open(uri, "import os\nos.getcwd().\n")
        session.edit(uri, "import os\nimport m1\nos.getcwd()\n", 2)
        session.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
        session.tell("workspace/didChangeWatchedFiles", changed(tmp_path / "m1.py"))
        await session.settled()
        watching[0] = False

        assert session.published(uri) == []
    assert [each for each in looked if str(tmp_path) in each] == []


@pytest.mark.parametrize(
    "sent",
    [
        {"k8sgen": {"completion": {"python": "full"}}},
        {"completion": {"python": "full"}},
        {"completion.python": "full", "trusted": ["/x"], "unknown": 1},
    ],
)
def test_settings_are_read_in_each_form(sent):
    assert read(sent)["completion.python"] == "full"
    assert read(sent).problems == ()


@pytest.mark.parametrize("sent", [None, [], 5, {"k8sgen": 5}, {"interpreter": ""}, {}])
def test_what_says_nothing_sets_nothing(sent):
    assert read(sent) == DEFAULTS


def test_a_wrong_setting_is_told():
    found = read({"diagnostics": {"evaluate": "always"}, "interpreter": ["/usr/bin/python"]})

    assert found.values == DEFAULTS.values
    assert found.problems == (
        "k8sgen.diagnostics.evaluate is 'always': it must be one of save, change, never",
        "k8sgen.interpreter is ['/usr/bin/python']: it must be a text",
    )


def test_the_manual_lists_the_settings(request):
    manual = (request.config.rootpath / "docs/language-server.md").read_text("utf-8")

    assert documentation() in manual
    assert len({each.name for each in SETTINGS}) == len(SETTINGS)


@pytest.mark.skipif(sys.platform == "win32", reason="environments look otherwise there")
class TestInterpreters:
    @pytest.fixture
    def environment(self, tmp_path):
        def make(name):
            program = tmp_path / name / "bin/python"
            program.parent.mkdir(parents=True)
            program.symlink_to(sys.executable)
            return program

        return make

    def test_the_setting_comes_first_then_the_active_one_then_the_projects(
        self, environment, tmp_path
    ):
        active, own = environment("active"), environment("project/.venv")
        found = Interpreters(lambda path: True, {"VIRTUAL_ENV": str(active.parents[1])})
        found.named = "/opt/python"

        assert [path for path, _ in found.of(tmp_path / "project", [])] == [
            found_path for found_path in (type(active)("/opt/python"), active, own)
        ] + [type(active)(sys.executable)]

    @pytest.mark.parametrize(
        ("named", "reason"),
        [
            ("./evil", "must be an absolute path"),
            ("python3", "must be an absolute path"),
            ("{}/bin/python", "which is not trusted"),
        ],
    )
    def test_one_of_an_untrusted_folder_is_refused(self, environment, tmp_path, named, reason):
        program = environment("workspace")
        found = Interpreters(lambda path: False, {"VIRTUAL_ENV": str(program.parents[1])})
        found.named = named.format(program.parents[1])

        [(_, fault), *rest] = found.of(tmp_path / "elsewhere", [tmp_path / "workspace"])

        assert reason in fault
        assert [str(path) for path, _ in rest] == [sys.executable]

    def test_a_link_out_of_the_workspace_is_not_trusted_either(self, environment, tmp_path):
        program = environment("real")
        link = tmp_path / "workspace"
        link.mkdir()
        os.symlink(program, link / "python")
        found = Interpreters(lambda path: False, {})
        found.named = str(link / "python")

        [(_, fault), _] = found.of(tmp_path, [link])

        assert "not trusted" in fault


COUNTED = "open('runs', 'a').write('x')\n"
HANGS = {
    "a loop": "while True: pass\n",
    "what cannot be interrupted": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')\n",
}


@pytest.mark.parametrize("hang", HANGS.values(), ids=HANGS.keys())
async def test_a_file_that_hangs_is_waited_for_once(tmp_path, hang):
    allowed = 'select = ["latest-tag"]\n[evaluate]\nallow = ["write"]\n'
    (tmp_path / "k8sgen.toml").write_text(allowed, encoding="utf-8")
    runs, parts, app = tmp_path / "runs", tmp_path / "parts.py", tmp_path / "app.py"
    parts.write_text(f"{COUNTED}{hang}", encoding="utf-8")
    (tmp_path / "hang.py").write_text("import k8s_gen, app, parts\n", encoding="utf-8")
    others = [tmp_path / f"other{number}.py" for number in range(3)]
    for path in (app, *others):
        path.write_text(GOOD, encoding="utf-8")
    async with inside(trusted=[str(tmp_path)]) as session:
        for path in (app, *others):
            session.open(path.as_uri(), GOOD)
        for version in range(2, 5):
            session.edit(app.as_uri(), GOOD + version * "\n", version)
            await session.ask("k8sgen/preview", {"uri": app.as_uri()})
        await session.settled()
        assert runs.read_text() == "x"

        parts.write_text(COUNTED, encoding="utf-8")
        await session.ask("k8sgen/preview", {"uri": app.as_uri()})
        assert runs.read_text() == "xx"
        await session.ask("k8sgen/preview", {"uri": app.as_uri()})
        assert runs.read_text() == "xx"


async def test_an_open_file_that_hangs_is_not_run_again_because_others_change(tmp_path):
    settings = 'select = ["latest-tag"]\n[evaluate]\nallow = ["write"]\ntimeout = 0.5\n'
    (tmp_path / "k8sgen.toml").write_text(settings, encoding="utf-8")
    runs, app, hanging = (tmp_path / name for name in ("runs", "app.py", "hang.py"))
    hang = f"import k8s_gen\n{COUNTED}while True: pass\n"
    hanging.write_text(hang, encoding="utf-8")
    app.write_text(GOOD, encoding="utf-8")
    async with inside(trusted=[str(tmp_path)]) as session:
        session.open(app.as_uri(), GOOD)
        session.open(hanging.as_uri(), hang)
        await session.settled()
        before = runs.read_text()
        for version in (2, 3):
            session.edit(app.as_uri(), f'{GOOD}App("other{version}").image("a:1")\n', version)
            session.tell("textDocument/didSave", {"textDocument": {"uri": app.as_uri()}})
            await session.settled()
        assert runs.read_text() == before

        session.edit(hanging.as_uri(), f"{hang}\n", 2)
        session.tell("textDocument/didSave", {"textDocument": {"uri": hanging.as_uri()}})
        await session.settled()
        assert len(runs.read_text()) > len(before)
