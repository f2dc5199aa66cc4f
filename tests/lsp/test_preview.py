"""What a file deploys, while it is edited: previews, where lines come from, and what changes."""

import asyncio
import json
import subprocess
import sys

import pytest

from tests.lsp.inside import inside
from tests.lsp.test_repository import git
from tests.lsp.test_same_findings import without_uri

IMPORT = "from k8s_gen import App\n"
GOOD = IMPORT + 'App("web").image("nginx:1.27").port(80).replicas(2)\n'
FAILED = -32803


@pytest.fixture
def app(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    file = tmp_path / "app.py"
    file.write_text(GOOD, encoding="utf-8")
    return file


def trusting(app, capabilities=None):
    return inside(capabilities, trusted=[str(app.parent)])


def previews(session) -> list:
    return [each for each in session.said if each.get("method") == "k8sgen/previewChanged"]


async def command(session, name, *arguments):
    params = {"command": f"k8sgen.{name}", "arguments": list(arguments)}
    return await session.ask("workspace/executeCommand", params)


async def test_who_asked_for_a_preview_is_told_when_it_changes(app):
    uri = app.as_uri()
    async with trusting(app) as session:
        session.open(uri, GOOD)
        await session.ask("k8sgen/preview", {"uri": uri, "format": "compose"})
        for version, tag in enumerate(("1.28", "1.29", "1.30"), 2):
            session.edit(uri, GOOD.replace("1.27", tag), version)

        told = await session.until(lambda each: each.get("method") == "k8sgen/previewChanged")
        assert told["params"]["uri"] == uri
        shown = told["params"]["preview"]
        assert (shown["format"], shown["documentVersion"], shown["stale"]) == ("compose", 4, False)
        assert "nginx:1.30" in shown["files"][0]["text"]

        await session.settled()
        assert len(previews(session)) == 1


async def test_what_is_saved_at_once_is_evaluated_once(app):
    uri = app.as_uri()
    async with trusting(app) as session:
        session.open(uri, GOOD)
        await session.ask("k8sgen/preview", {"uri": uri})
        await session.settled()
        evaluated: list[object] = []
        session.server.evaluations.listeners.append(evaluated.append)
        before = len(session.published(uri))
        session.edit(uri, GOOD.replace("1.27", "1.28"), 2)
        session.tell("textDocument/didSave", {"textDocument": {"uri": uri}})

        told = await session.until(lambda each: each.get("method") == "k8sgen/previewChanged")
        await session.settled()

    assert "nginx:1.28" in told["params"]["preview"]["files"][0]["text"]
    assert len(evaluated) == 1
    # Once for the edit, and once for what was found.
    assert len(session.published(uri)) - before == 2


async def test_findings_are_shown_before_the_preview_that_is_made_with_them(app):
    uri, wrong = app.as_uri(), GOOD + 'App("b").image("a:1").port(70_000 + 1)\n'
    async with trusting(app) as session:
        session.open(uri, GOOD)
        await session.ask("k8sgen/preview", {"uri": uri})
        await session.settled()
        told: list[str] = []
        evaluations = session.server.evaluations
        evaluations.on_findings.append(lambda _: told.extend(errors(session.published(uri)[-1])))
        evaluations.listeners.append(lambda _: told.append("evaluated"))
        session.edit(uri, wrong, 2)
        session.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
        await session.until(lambda _: "evaluated" in told)
        await session.settled()

    # Once before all is judged, and once before the preview.
    assert told == ["invalid-port", "invalid-port", "evaluated"]


def errors(published) -> list[str]:
    return [each["code"] for each in published["diagnostics"] if each["severity"] == 1]


async def test_who_does_not_watch_is_not_told(app):
    uri = app.as_uri()
    async with trusting(app) as session:
        session.open(uri, GOOD)
        await session.ask("k8sgen/preview", {"uri": uri})
        await session.ask("k8sgen/preview", {"uri": uri, "watch": False})
        session.edit(uri, GOOD + "\n", 2)
        await asyncio.sleep(0.3)

        assert previews(session) == []


async def test_a_preview_changes_with_what_it_imports(app):
    parts = app.with_name("parts.py")
    parts.write_text(IMPORT + 'web = App("a").image("a:1")\n', encoding="utf-8")
    text = "import k8s_gen\nfrom parts import web\nweb.port(80)\n"
    async with trusting(app) as session:
        session.open(app.as_uri(), text)
        session.open(parts.as_uri(), parts.read_text("utf-8"))
        await session.ask("k8sgen/preview", {"uri": app.as_uri()})
        session.edit(parts.as_uri(), IMPORT + 'web = App("a").image("a:2")\n', 2)

        told = await session.until(lambda each: each.get("method") == "k8sgen/previewChanged")
        assert told["params"]["uri"] == app.as_uri()
        assert "image: a:2" in told["params"]["preview"]["files"][0]["text"]


async def test_while_it_is_broken_its_lines_lead_to_where_the_calls_are_now(app):
    uri = app.as_uri()
    async with trusting(app) as session:
        session.open(uri, GOOD)
        await session.ask("k8sgen/preview", {"uri": uri})
        session.edit(uri, "# a line\n" + GOOD + "App(\n", 2)

        shown = await session.ask("k8sgen/preview", {"uri": uri})

        assert shown["stale"]
        [deployment, _] = shown["files"]
        assert {each["range"]["start"]["line"] for each in deployment["origins"]} == {2}
        session.edit(uri, GOOD.replace("replicas(2)", "replicas(3)") + "App(\n", 3)
        shown = await session.ask("k8sgen/preview", {"uri": uri})
        assert [each["origins"] for each in shown["files"]] == [[], []]
        assert [each["lines"] for each in shown["files"]] == [[], []]


async def test_origins_lead_both_ways(app):
    uri = app.as_uri()
    async with trusting(app) as session:
        session.open(uri, GOOD)
        shown = await session.ask("k8sgen/preview", {"uri": uri})
        lines = shown["files"][0]["text"].splitlines()
        line = next(number for number, text in enumerate(lines) if "replicas: 2" in text)
        asked = {"uri": uri, "file": "web-deployment.yaml", "line": line}

        [origin] = (await session.ask("k8sgen/origins", asked))["origins"]
        assert (origin["call"], origin["uri"]) == ("App.replicas", uri)

        position = {"line": 1, "character": GOOD.splitlines()[1].index("replicas") + 2}
        back = await session.ask("k8sgen/origins", {"uri": uri, "position": position})
        assert back == {
            "documentVersion": 1,
            "stale": False,
            "lines": [{"file": "web-deployment.yaml", "line": line}],
        }

        nowhere = {"uri": uri, "position": {"line": 0, "character": 0}}
        assert (await session.ask("k8sgen/origins", nowhere))["lines"] == []
        unknown = await session.ask("k8sgen/origins", asked | {"file": "x.yaml"})
        assert "web-deployment.yaml" in unknown["message"]


async def test_a_call_in_a_function_leads_to_all_it_made_and_its_caller_too(app):
    text = IMPORT + "def web(name):\n    App(name).image('a:1')\nweb('a')\nweb('b')\n"
    async with trusting(app) as session:
        session.open(app.as_uri(), text)

        async def files(line, character):
            at = {"uri": app.as_uri(), "position": {"line": line, "character": character}}
            lines = (await session.ask("k8sgen/origins", at))["lines"]
            return sorted({each["file"] for each in lines})

        assert await files(2, 16) == ["a-deployment.yaml", "b-deployment.yaml"]
        assert await files(4, 1) == ["b-deployment.yaml"]


async def test_resources_of_one_file_and_of_all(app):
    other = app.with_name("other.py")
    async with trusting(app) as session:
        session.open(app.as_uri(), GOOD)
        session.open(other.as_uri(), GOOD.replace("web", "api"))
        session.open(app.with_name("plain.py").as_uri(), "x = 1\n")

        every = await session.ask("k8sgen/resources", None)
        one = await session.ask("k8sgen/resources", {"uri": app.as_uri()})

    found = {
        each["path"]: [o["kind"] + "/" + o["name"] for o in each["objects"]]
        for each in every["files"]
    }
    assert found == {
        "app.py": ["Deployment/web", "Service/web"],
        "other.py": ["Deployment/api", "Service/api"],
    }
    assert [each["path"] for each in one["files"]] == ["app.py"]
    assert one["files"][0]["references"]


async def test_generating_writes_what_the_command_line_writes(app, tmp_path):
    expected = tmp_path / "expected"
    command_line = [sys.executable, "-m", "k8sgen_core", "generate", str(app), "-o", str(expected)]
    subprocess.run(command_line, check=True, capture_output=True)
    async with trusting(app) as session:
        session.open(app.as_uri(), GOOD)

        result = await command(session, "generate", {"uri": app.as_uri(), "output": "out"})
        again = await command(session, "generate", {"uri": app.as_uri(), "output": "out"})

    [folder] = result["folders"]
    assert folder["created"] == ["web-deployment.yaml", "web-service.yaml"]
    assert again["folders"][0]["unchanged"] == folder["created"]
    for file in folder["created"]:
        assert (tmp_path / "out" / file).read_bytes() == (expected / file).read_bytes()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("80", "0"), "nothing was written: invalid-port"),
        ("import k8s_gen\n", "the file describes no resources"),
    ],
)
async def test_nothing_is_written_of_what_is_wrong(app, text, reason):
    async with trusting(app) as session:
        session.open(app.as_uri(), text)

        refused = await command(session, "generate", {"uri": app.as_uri()})

    assert (refused["code"], reason in refused["message"]) == (FAILED, True), refused
    assert not (app.parent / "k8s").exists()


async def test_a_file_of_others_is_not_overwritten(app):
    (app.parent / "k8s").mkdir()
    (app.parent / "k8s" / "web-deployment.yaml").write_text("mine", encoding="utf-8")
    async with trusting(app) as session:
        refused = await command(session, "generate", {"uri": app.as_uri()})

    assert "web-deployment.yaml" in refused["message"]
    assert (app.parent / "k8s" / "web-deployment.yaml").read_text("utf-8") == "mine"


async def test_the_folder_is_compared_with_the_text_in_the_editor(app):
    async with trusting(app) as session:
        session.open(app.as_uri(), GOOD)
        first = await session.ask("k8sgen/diff", {"uri": app.as_uri()})
        assert [(each["path"], each["change"]) for each in first["files"]] == [
            ("k8s/web-deployment.yaml", "created"),
            ("k8s/web-service.yaml", "created"),
        ]
        await command(session, "generate", {"uri": app.as_uri()})
        assert (await session.ask("k8sgen/diff", {"uri": app.as_uri()}))["files"] == []

        session.edit(app.as_uri(), GOOD.replace("replicas(2)", "replicas(3)"), 2)
        changed = await session.ask("k8sgen/diff", {"uri": app.as_uri(), "against": "disk"})

    [file] = changed["files"]
    assert (changed["added"], changed["removed"], file["change"]) == (1, 1, "changed")
    assert "-  replicas: 2\n+  replicas: 3\n" in file["diff"]


async def test_the_last_commit_is_compared_with_the_text_in_the_editor(app):
    git(app.parent, "init", "-q")
    async with trusting(app) as session:
        session.open(app.as_uri(), GOOD)
        asked = {"uri": app.as_uri(), "against": "head"}
        assert "nothing is committed yet" in (await session.ask("k8sgen/diff", asked))["message"]
        git(app.parent, "add", ".")
        git(app.parent, "commit", "-qm", "x")
        assert (await session.ask("k8sgen/diff", asked))["files"] == []

        session.edit(app.as_uri(), GOOD.replace(".replicas(2)", ""), 2)
        changed = await session.ask("k8sgen/diff", asked)
        assert (changed["added"], changed["removed"]) == (0, 1)
        assert "-  replicas: 2\n" in changed["files"][0]["diff"]
        wrong = await session.ask("k8sgen/diff", asked | {"against": "x"})
        assert "must be 'disk' or 'head'" in wrong["message"]


RUNS = "open('runs', 'a').write('x')\n"
COMMITTED = IMPORT + RUNS + 'from parts import IMAGE\nApp("web").image(IMAGE)\n'


@pytest.fixture
def committed(app):
    """Return a file whose committed text notes that it ran, as the text on disk does not."""
    allowed = '[evaluate]\nallow = ["write"]\n'
    app.with_name("k8sgen.toml").write_text(allowed, encoding="utf-8")
    app.with_name("parts.py").write_text("IMAGE = 'a:1'\n", encoding="utf-8")
    app.write_text(COMMITTED, encoding="utf-8")
    git(app.parent, "init", "-q")
    git(app.parent, "add", ".")
    git(app.parent, "commit", "-qm", "x")
    app.write_text(COMMITTED.replace(RUNS, ""), encoding="utf-8")
    return app


async def test_the_last_commit_is_evaluated_once(committed):
    uri, runs = committed.as_uri(), committed.with_name("runs")
    text = committed.read_text("utf-8")
    asked = {"textDocument": {"uri": uri}}
    async with trusting(committed) as session:

        async def lens(title):
            async with asyncio.timeout(20):
                while True:
                    lenses = await session.ask("textDocument/codeLens", asked)
                    if lenses and title in lenses[0]["command"]["title"]:
                        return
                    await asyncio.sleep(0.05)

        session.open(uri, text)
        await lens("+0 \N{MINUS SIGN}0 since HEAD")
        for version, calls in ((2, ".replicas(2)"), (3, ".replicas(2).node_selector({'a': 'b'})")):
            session.edit(uri, f"{text.rstrip()}{calls}\n", version)
            session.tell("textDocument/didSave", asked)
            await session.ask("k8sgen/preview", {"uri": uri})
            await lens(f"+{2 * version - 3} ")
        assert runs.read_text() == "x"

        # What the committed text imports, and what is committed, counts.
        git(committed.parent, "commit", "-qm", "y", "--allow-empty")
        await session.ask("k8sgen/diff", {"uri": uri, "against": "head"})
        assert runs.read_text() == "x"
        committed.write_text(COMMITTED + "App('b').image('a:1')\n", encoding="utf-8")
        git(committed.parent, "commit", "-qam", "z")
        diff = await session.ask("k8sgen/diff", {"uri": uri, "against": "head"})
        assert runs.read_text() == "xx"
        assert [each["change"] for each in diff["files"]] == ["removed", "changed"]


async def test_the_workspace_is_validated_as_by_the_command_line(app):
    files = {
        "app.py": GOOD.replace("80", "0"),
        "other.py": GOOD.replace('"web"', '"é🐘"') + "App('b')\n",
        "plain.py": "x = 1\n",
        "two.py": "from k8s_gen import App, Job\nimport parts\n\n'🐘'; App('b').port(80)\n",
        "parts.py": "from k8s_gen import App\nimport os\n\nHOME = os.fspath('x')\n",
    }
    for name, text in files.items():
        app.with_name(name).write_text(text, encoding="utf-8")
    command_line = [sys.executable, "-m", "k8sgen_core", "validate", "--output", "json", "."]
    ran = subprocess.run(command_line, cwd=app.parent, capture_output=True, encoding="utf-8")
    expected = json.loads(ran.stdout)
    folder = {"uri": app.parent.as_uri(), "name": "w"}
    async with inside({}, [folder], trusted=[str(app.parent)]) as session:
        found = await command(session, "validateWorkspace")
        assert session.published(app.with_name("other.py").as_uri())[-1]["diagnostics"]

    assert found["files"] == 4
    assert without_uri(found["findings"]) == expected["findings"]
    [twice] = [each for each in found["findings"] if each["rule"] == "duplicate-object"]
    assert (twice["path"], twice["related"][0]["path"]) == ("two.py", "other.py")
    assert found["summary"] == expected["summary"]


async def test_an_environment_of_one_file_is_known_to_the_workspace_as_to_the_command_line(app):
    app.with_name("k8sgen.toml").write_text('environment = "prod"\n', encoding="utf-8")
    app.write_text(GOOD, encoding="utf-8")
    overlaid = (
        "from k8s_gen import App\nApp('b').image('b:1').for_environment('prod').replicas(2)\n"
    )
    app.with_name("two.py").write_text(overlaid, encoding="utf-8")
    command_line = [sys.executable, "-m", "k8sgen_core", "validate", "--output", "json", "."]
    ran = subprocess.run(command_line, cwd=app.parent, capture_output=True, encoding="utf-8")
    folder = {"uri": app.parent.as_uri(), "name": "w"}
    async with inside({}, [folder], trusted=[str(app.parent)]) as session:
        alone = await session.ask("k8sgen/preview", {"uri": app.as_uri()})
        found = await command(session, "validateWorkspace")

    assert "unknown-environment" in {each["rule"] for each in alone["findings"]}
    assert "unknown-environment" not in {each["rule"] for each in found["findings"]}
    assert without_uri(found["findings"]) == json.loads(ran.stdout)["findings"]


async def test_commands_show_their_progress_and_are_cancelled_by_it(app):
    app.with_name("hang.py").write_text("import k8s_gen\nwhile True: pass\n", encoding="utf-8")
    folder = {"uri": app.parent.as_uri(), "name": "w"}
    shows = {"window": {"workDoneProgress": True}}
    async with inside(shows, [folder], trusted=[str(app.parent)]) as session:
        asking = asyncio.create_task(command(session, "validateWorkspace"))
        created = await session.until(
            lambda each: each.get("method") == "window/workDoneProgress/create"
        )
        session.server.protocol.receive({"jsonrpc": "2.0", "id": created["id"], "result": None})
        await session.until(
            lambda each: (
                each.get("method") == "$/progress"
                and each["params"]["value"].get("message") == "hang.py"
            )
        )
        token = created["params"]["token"]
        session.tell("window/workDoneProgress/cancel", {"token": token})

        assert (await asking)["code"] == -32800
        kinds = [
            each["params"]["value"]["kind"]
            for each in session.said
            if each.get("method") == "$/progress"
        ]
        assert (kinds[0], kinds[-1], kinds.count("end")) == ("begin", "end", 1)


async def test_a_request_is_cancelled_while_it_runs(app):
    text = "import k8s_gen\nwhile True: pass\n"
    async with trusting(app) as session:
        session.open(app.as_uri(), text)
        asking = asyncio.create_task(command(session, "generate", {"uri": app.as_uri()}))
        await asyncio.sleep(0.5)
        number = session.number
        session.tell("$/cancelRequest", {"id": number})

        assert (await asyncio.wait_for(asking, 3))["code"] == -32800
