"""Findings and how clients learn of them: asked for or told, while typing and after saving."""

import asyncio
import json
import subprocess
import sys

import pytest

from tests.lsp.conftest import FEW_RULES
from tests.lsp.inside import PULLING, inside

IMPORT = "from k8s_gen import App\n"
BAD = IMPORT + 'App("a").image("a:1").port(0)\n'


# What only an evaluation finds.
FAILING = IMPORT + 'App("a").image("a:1").port(80)\n1 / 0\n'


def shown(text: str, rule: str = "todo"):
    """Return a check that finds every ``TODO``."""

    def check(uri):
        lines = text().splitlines()
        return [
            {
                "rule": rule,
                "severity": "info",
                "message": line,
                "hint": None,
                "uri": uri,
                "range": {
                    "start": {"line": number, "character": 0},
                    "end": {"line": number, "character": len(line)},
                },
                "object": None,
                "field": None,
                "related": [],
            }
            for number, line in enumerate(lines)
            if "TODO" in line
        ]

    return check


def checking(session) -> None:
    def check(uri):
        return shown(lambda: session.server.workspace.get_text_document(uri).source)(uri)

    session.server.checks.append(check)


def places(diagnostics) -> list[tuple[str, int]]:
    return [(each["code"], each["range"]["start"]["line"]) for each in diagnostics]


@pytest.fixture
def app(tmp_path):
    (tmp_path / "pyproject.toml").write_text(FEW_RULES, encoding="utf-8")
    file = tmp_path / "app.py"
    file.write_text(BAD, encoding="utf-8")
    return file


async def test_a_check_is_told_at_each_edit_with_the_version():
    uri = "untitled:Untitled-1"
    async with inside() as session:
        checking(session)
        session.open(uri, IMPORT)
        session.edit(uri, IMPORT + "# TODO\n", 2)
        session.edit(uri, IMPORT, 3)
        session.edit(uri, IMPORT + "\n", 4)
        session.edit(uri, "# TODO: nothing of ours\n", 5)

        # Of nothing that stays nothing, nothing is said.
        assert [
            (each["version"], places(each["diagnostics"])) for each in session.published(uri)
        ] == [
            (2, [("todo", 1)]),
            (3, []),
        ]


async def test_what_a_check_has_shown_goes_when_the_document_is_closed(app):
    for uri in ("untitled:Untitled-1", app.as_uri()):
        async with inside() as session:
            checking(session)
            session.open(uri, IMPORT + "# TODO\n")
            await session.until(lambda _, uri=uri: session.published(uri))
            session.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
            await session.settled()

            last = session.published(uri)[-1]
            assert (len(session.published(uri)), last["diagnostics"]) == (2, [])


async def test_evaluated_findings_stay_with_their_lines_while_somebody_types(app):
    uri = app.as_uri()
    async with inside(trusted=[str(app.parent)]) as session:
        session.open(uri, BAD)
        await session.until(
            lambda each: (
                each.get("method") == "textDocument/publishDiagnostics"
                and each["params"]["diagnostics"]
            )
        )
        session.edit(uri, "# above\n" + BAD, 2)
        session.edit(uri, BAD.replace("port(0)", "port(1)"), 3)
        session.edit(uri, BAD, 4)

        assert [
            (each["version"], places(each["diagnostics"])) for each in session.published(uri)
        ] == [
            (1, [("invalid-port", 1)]),
            (2, [("invalid-port", 2)]),
            (3, []),
            (4, [("invalid-port", 1)]),
        ]


async def test_a_client_that_can_be_told_to_ask_asks(app):
    uri = app.as_uri()
    asked = {"textDocument": {"uri": uri}}
    async with inside(PULLING, trusted=[str(app.parent)]) as session:
        checking(session)
        session.open(uri, FAILING + "# TODO\n")
        first = await session.ask("textDocument/diagnostic", asked)
        assert places(first["items"]) == [("todo", 3)]

        await session.until(lambda each: each.get("method") == "workspace/diagnostic/refresh")
        again = asked | {"previousResultId": first["resultId"]}
        second = await session.ask("textDocument/diagnostic", again)
        assert (second["kind"], places(second["items"])) == (
            "full",
            [("uncaught-exception", 2), ("todo", 3)],
        )

        again = asked | {"previousResultId": second["resultId"]}
        third = await session.ask("textDocument/diagnostic", again)
        assert third == {"kind": "unchanged", "resultId": second["resultId"]}
        assert session.published(uri) == []


async def test_the_workspace_is_asked_for_with_what_is_known_already(app):
    helper = app.with_name("parts.py")
    helper.write_text(IMPORT + "def web():\n    App('a').image('a:1').port(0)\n", "utf-8")
    uri = app.as_uri()
    async with inside(PULLING, trusted=[str(app.parent)]) as session:
        session.open(uri, "import k8s_gen, parts\nparts.web()\n")
        await session.until(lambda each: each.get("method") == "workspace/diagnostic/refresh")

        first = await session.ask("workspace/diagnostic", {"previousResultIds": []})
        found = {each["uri"]: (each["version"], places(each["items"])) for each in first["items"]}
        assert found == {helper.as_uri(): (None, [("invalid-port", 2)]), uri: (1, [])}

        known = [{"uri": each["uri"], "value": each["resultId"]} for each in first["items"]]
        second = await session.ask("workspace/diagnostic", {"previousResultIds": known})
        assert {each["kind"] for each in second["items"]} == {"unchanged"}

        session.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        await asyncio.sleep(0)
        third = await session.ask("workspace/diagnostic", {"previousResultIds": known})
        assert {each["uri"]: each.get("items", "unchanged") for each in third["items"]} == {
            helper.as_uri(): [],
            uri: "unchanged",
        }


@pytest.mark.parametrize(
    "capabilities",
    [
        {},
        {"textDocument": {"diagnostic": {}}},
        {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {}}},
        {"workspace": {"diagnostics": {"refreshSupport": True}}},
    ],
)
async def test_any_other_client_is_told(capabilities, app):
    async with inside(capabilities, trusted=[str(app.parent)]) as session:
        [answer] = [each for each in session.said if each.get("id") == 1]
        assert "diagnosticProvider" not in answer["result"]["capabilities"]
        session.open(app.as_uri(), BAD)
        await session.until(lambda each: each.get("method") == "textDocument/publishDiagnostics")


async def test_an_editor_finds_what_the_command_line_finds(app):
    files = {
        "app.py": IMPORT + 'App("a").image("a").port(0).connect_to("nobody").replicas("é🐘")\n',
        "other.py": "import k8s_gen, parts\nparts.web(1)\nApp('b')\n",
        "parts.py": IMPORT + "def web(port):\n    App('w').image('w:latest').hardened()\n",
    }
    for name, text in files.items():
        app.with_name(name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "k8sgen_core", "validate", "--output", "json", "."]
    ran = subprocess.run(command, cwd=app.parent, capture_output=True, encoding="utf-8")
    expected = [
        (each["path"], each["rule"], each["range"]) for each in json.loads(ran.stdout)["findings"]
    ]
    async with inside(trusted=[str(app.parent)]) as session:
        for name, text in files.items():
            session.open(app.with_name(name).as_uri(), text)
        await session.until(
            lambda _: all(session.published(app.with_name(n).as_uri()) for n in files)
        )
        await session.settled()
        found = [
            (name, each["code"], each["range"])
            for name in files
            for each in session.published(app.with_name(name).as_uri())[-1]["diagnostics"]
        ]

    assert len(expected) > 3
    assert sorted(map(str, found)) == sorted(set(map(str, expected)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('from plugins.p import A\nA("x").sze(3)\n', ["unknown-setting"]),
        ('from helpers import web\nfrom plugins.p import A\nA("x").sze(3\n', []),
        ("import os\nos.sze(3)\n", []),
    ],
)
async def test_what_uses_us_through_modules_of_the_project_is_checked_too(app, text, found):
    plugin = "class A(Base):\n    def size(self, n):\n        return self\n"
    files = {
        "plugins/p.py": f"from plugins.base import Base\n\n{plugin}",
        "plugins/base.py": "from k8s_gen import Plugin\n\nclass Base(Plugin): ...\n",
        "helpers.py": "import plugins.p\n",
    }
    for name, source in files.items():
        app.with_name("plugins").mkdir(exist_ok=True)
        app.parent.joinpath(name).write_text(source, encoding="utf-8")

    async with inside(PULLING) as session:
        session.open(app.as_uri(), text)
        params = {"textDocument": {"uri": app.as_uri()}}
        answer = await session.ask("textDocument/diagnostic", params)

    assert [each["code"] for each in answer["items"]] == found
