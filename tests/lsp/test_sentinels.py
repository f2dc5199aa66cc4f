"""What must never happen, watched by sentinels: code runs, programs start, secrets are told."""

import asyncio
import base64
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.inside import inside
from tests.lsp.test_repository import git
from tests.lsp.wire import Wire, framed, notification, request

IMPORT = "from k8s_gen import App\n"
NOT_TRUSTED = (-32803, "workspace not trusted")
EVERYTHING = {
    "textDocument": {"diagnostic": {}, "codeAction": {}, "codeLens": {}, "inlayHint": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
# What our own methods and commands do runs code, so each of them must refuse.
RUNNING = ("k8sgen/preview", "k8sgen/origins", "k8sgen/diff")


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    return folder


def planted(folder: Path, sentinel: Path) -> None:
    """Plant everything that some program has once run without being asked to."""
    code = f"open({str(sentinel)!r}, 'w')\n"
    script = f"#!/bin/sh\ntouch {sentinel}\n"
    names = "k8s_gen k8sgen_core jinja2 yaml pygls sitecustomize usercustomize conftest setup evil"
    for name in names.split():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    for package in ("plugins", "validators", "output_formats"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").write_text(code, encoding="utf-8")
        (folder / package / "evil.py").write_text(code, encoding="utf-8")
    (folder / "plugin.yaml").write_text("name: evil\nentry: evil\n", encoding="utf-8")
    (folder / ".env").write_text(f"PYTHONPATH={folder}\n", encoding="utf-8")
    (folder / "pyvenv.cfg").write_text(f"home = {folder}\n", encoding="utf-8")
    (folder / ".vscode").mkdir()
    settings = {"k8sgen.interpreter": "./evil", "k8sgen.trusted": [str(folder)]}
    (folder / ".vscode/settings.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "k8sgen.toml").write_text('validators = ["evil.Evil"]\n', encoding="utf-8")
    programs = ["evil", "git", "python", "python3", ".venv/bin/python", "bin/python"]
    for name in programs:
        program = folder / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)


async def use_everything(session, uri: str, text: str) -> dict[str, dict]:
    """Do with a document whatever a client can do; return the answers of what runs code."""
    session.open(uri, text)
    session.edit(uri, text + "\n", 2)
    session.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
    at = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 25}}
    every = at | {
        "uri": uri,
        "range": {"start": at["position"], "end": at["position"]},
        "context": {"diagnostics": [], "includeDeclaration": True, "triggerKind": 1},
        "options": {"tabSize": 4, "insertSpaces": True},
        "newName": "x",
        "query": "w",
        "previousResultIds": [],
        "file": "x",
        "against": "head",
        "label": "x",
        "changes": [],
        "event": {"added": [], "removed": []},
        "settings": {"interpreter": "./evil"},
    }
    features = session.server.protocol.fm.features
    own = {types.INITIALIZE, types.INITIALIZED, types.SHUTDOWN, "k8sgen/trust"}
    answers = {}
    for method in sorted({*features} - own):
        if method.startswith(("textDocument/did", "workspace/did")):
            continue
        answers[method] = await session.ask(method, every)
    for command in sorted(session.server.protocol.fm.commands):
        for arguments in ([], [{"uri": uri, "name": "evil"}]):
            asked = {"command": command, "arguments": arguments}
            answer = await session.ask("workspace/executeCommand", asked)
            if not isinstance(answer, dict) or answer.get("code") != types.ErrorCodes.InvalidParams:
                answers[command] = answer
    await session.settled()
    return answers


@pytest.mark.skipif(sys.platform == "win32", reason="the programs that would start are scripts")
@pytest.mark.parametrize("capabilities", [{}, EVERYTHING], ids=["told", "asking"])
async def test_nothing_of_an_untrusted_folder_runs(workspace, tmp_path, capabilities, monkeypatch):
    sentinel = tmp_path / "ran"
    planted(workspace, sentinel)
    monkeypatch.setenv("PATH", os.pathsep.join([str(workspace), ".", os.environ["PATH"]]))
    monkeypatch.setenv("VIRTUAL_ENV", str(workspace))
    monkeypatch.chdir(workspace)
    text = f"{IMPORT}open({str(sentinel)!r}, 'w')\nApp('web').image('a:1').port(\n"
    file = workspace / "app.py"
    file.write_text(text, encoding="utf-8")
    folders = [{"uri": workspace.as_uri(), "name": "w"}]
    options = {"interpreter": "./evil", "trusted": ["workspace", ".", "../workspace"]}

    async with inside(capabilities, folders, **options) as session:
        answers = await use_everything(session, file.as_uri(), text)

        for name in (*RUNNING, "k8sgen.preview", "k8sgen.generate", "k8sgen.validateWorkspace"):
            code, message = answers[name]["code"], answers[name]["message"]
            assert (code, message[:21]) == NOT_TRUSTED, name
    assert not sentinel.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the programs that would start are scripts")
def test_nothing_of_an_untrusted_folder_runs_when_the_server_starts_in_it(workspace, tmp_path):
    sentinel = tmp_path / "ran"
    planted(workspace, sentinel)
    wire = Wire(workspace)
    uri = (workspace / "app.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": IMPORT + "App('a')."}
    wire.send(framed(notification("textDocument/didOpen", {"textDocument": document})))
    at = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 9}}
    wire.send(framed(request(1, "textDocument/completion", at)))

    assert "image" in [each["label"] for each in wire.answer(1)["result"]["items"]]
    wire.shut_down()
    wire.free()
    assert not sentinel.exists()


async def test_a_trusted_folder_has_no_program_of_another(workspace, tmp_path, monkeypatch):
    """The setting and the variable name a Python in a folder that is not trusted."""
    sentinel = tmp_path / "ran"
    planted(workspace, sentinel)
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    (trusted / "pyproject.toml").touch()
    file = trusted / "app.py"
    file.write_text(IMPORT + "App('a').image('a:1').port(0)\n", encoding="utf-8")
    monkeypatch.setenv("VIRTUAL_ENV", str(workspace))
    folders = [{"uri": each.as_uri(), "name": each.name} for each in (workspace, trusted)]
    evil = str(workspace / ".venv/bin/python")

    async with inside({}, folders, trusted=[str(trusted)], interpreter=evil) as session:
        session.open(file.as_uri(), file.read_text("utf-8"))
        await session.settled()
        told = [
            each["params"]["message"]
            for each in session.said
            if each.get("method") == "window/showMessage"
        ]

    assert len(told) == 1
    assert "is not trusted" in told[0]
    assert not sentinel.exists()


SECRET = "hunter3-passphrase"  # noqa: S105 - it is there to be looked for.


async def test_a_secret_is_told_to_nobody(workspace, caplog):
    caplog.set_level("DEBUG", logger="k8sgen_lsp")
    text = f"{IMPORT}from k8s_gen import Secret\ns = Secret('db').add('password', {SECRET!r})\n"
    text += "a = App('web').image('a:1').port(80).add_secret(s)\n"
    file = workspace / "app.py"
    file.write_text(text, encoding="utf-8")
    if shutil.which("git"):
        git(workspace, "init", "-q")
        git(workspace, "add", ".")
        git(workspace, "commit", "-qm", "x")
    uri = file.as_uri()
    folders = [{"uri": workspace.as_uri(), "name": "w"}]
    async with inside(EVERYTHING, folders, trusted=[str(workspace)]) as session:
        session.open(uri, text)
        made = await session.ask(
            "workspace/executeCommand", {"command": "k8sgen.generate", "arguments": [{"uri": uri}]}
        )
        assert made["folders"][0]["created"], made
        await use_everything(session, uri, text.replace(SECRET, SECRET + "2") + "a.port(0)\n")
        disk = await session.ask("k8sgen/diff", {"uri": uri})
        assert [each["diff"] for each in disk["files"] if "secret" in each["path"]]
        session.edit(uri, text + f"print({SECRET!r})\nraise ValueError({SECRET!r})", 9)
        session.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
        await asyncio.sleep(0.5)
        await session.settled()
        said = json.dumps(session.said)

    told = [SECRET, base64.b64encode(SECRET.encode()).decode()[:-4]]
    written = [
        path
        for path in workspace.rglob("*")
        if path.is_file()
        and ".git" not in path.parts
        and path != file
        and any(each.encode() in path.read_bytes() for each in told)
    ]
    assert [path.name for path in written] == ["db-secret.yaml"]
    assert written[0].stat().st_mode & 0o777 == 0o600 or sys.platform == "win32"
    assert [each for each in told if each in said] == []
    assert [each for each in told if each in caplog.text] == []
