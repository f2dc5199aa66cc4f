"""Our own requests and commands, and incremental edits, as two editors send them."""

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

pytestmark = pytest.mark.asyncio(loop_scope="session")

IMPORT = "from k8s_gen import App\n"
LINE = 'App("web").image("nginx:1.27").annotations(mood="é🐘").replicas(2).port(80)'
GOOD = f"{IMPORT}{LINE}\n"


@pytest.fixture
def project(editor, tmp_path_factory):
    """Return a trusted project of its own, with one file that is open."""
    folder = tmp_path_factory.mktemp("requests")
    (folder / "pyproject.toml").touch()
    editor.trust(folder)
    uri = editor.open(folder / "app.py", GOOD)
    yield folder, uri
    editor.close(uri)


def column(editor, text: str) -> int:
    before = LINE.partition(text)[0]
    return len(before.encode()) if editor.unit == "utf-8" else len(before.encode("utf-16-le")) // 2


async def ask(editor, method, **params):
    return await editor.client.protocol.send_request_async(method, params)


async def command(editor, name, *arguments):
    params = types.ExecuteCommandParams(name, list(arguments))
    return await editor.client.workspace_execute_command_async(params)


async def test_an_incremental_edit_is_made_where_the_client_means_it(editor, project):
    _, uri = project
    start = column(editor, "replicas(2)")
    span = types.Range(types.Position(1, start), types.Position(1, start + len("replicas(2)")))
    document = types.VersionedTextDocumentIdentifier(2, uri)
    changes = [
        types.TextDocumentContentChangePartial(span, "replicas(3)"),
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(1, 0), types.Position(1, 0)), "🐘 = 1\r\n"
        ),
        types.TextDocumentContentChangePartial(
            types.Range(
                types.Position(1, 0), types.Position(1, 4 if editor.unit == "utf-8" else 2)
            ),
            "x",
        ),
    ]
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    shown = await editor.preview(uri)

    assert shown["documentVersion"] == 2
    assert "replicas: 3" in shown["files"][0]["text"]
    lines = {each["range"]["start"]["line"] for each in shown["files"][0]["origins"]}
    assert lines == {2}


async def test_origins_lead_both_ways(editor, project):
    _, uri = project
    at = {"line": 1, "character": column(editor, "replicas") + 1}

    there = await ask(editor, "k8sgen/origins", uri=uri, position=at)
    [line] = there.lines
    back = await ask(editor, "k8sgen/origins", uri=uri, file=line.file, line=line.line)

    [origin] = back.origins
    assert origin.call == "App.replicas"
    assert origin.range.start.character == column(editor, "replicas")
    assert origin.range.end.character == column(editor, ".port")


async def test_resources_are_listed(editor, project):
    _, uri = project

    [file] = (await ask(editor, "k8sgen/resources", uri=uri)).files

    assert [each.kind for each in file.objects] == ["Deployment", "Service"]


async def test_what_was_written_is_compared_with_what_is_in_the_editor(editor, project):
    folder, uri = project
    made = await command(editor, "k8sgen.generate", {"uri": uri, "output": "out"})
    assert sorted(made["folders"][0]["created"]) == ["web-deployment.yaml", "web-service.yaml"]
    assert (folder / "out/web-service.yaml").is_file()
    editor.edit(uri, GOOD.replace("replicas(2)", "replicas(4)"))

    found = await ask(editor, "k8sgen/diff", uri=uri, output="out")

    assert (found.added, found.removed) == (1, 1)
    assert [each.path for each in found.files] == ["out/web-deployment.yaml"]


async def test_a_watched_preview_is_told_again(editor, project):
    _, uri = project
    told: list = []
    editor.client.feature("k8sgen/previewChanged")(lambda params: told.append(params))
    await editor.preview(uri)
    editor.edit(uri, GOOD.replace("1.27", "1.29"))

    async with asyncio.timeout(20):
        while not told:
            await asyncio.sleep(0.01)

    [changed] = told

    assert changed.uri == uri
    assert "nginx:1.29" in changed.preview.files[0].text


async def test_the_workspace_is_validated(editor):
    found = await command(editor, "k8sgen.validateWorkspace")

    assert found["version"] == 1
    assert {"error", "warning", "info"} < set(found["summary"])

    # These files are followed from then on, and other tests are about files that are not.
    folder = types.WorkspaceFolder(editor.trusted.as_uri(), "trusted")
    for added, removed in (([], [folder]), ([folder], [])):
        event = types.WorkspaceFoldersChangeEvent(added, removed)
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(event)
        )


async def test_a_command_with_wrong_arguments_is_refused(editor):
    for arguments in ([], [5], [{"uri": 5}], [{}, {}]):
        with pytest.raises(JsonRpcException) as refused:
            await command(editor, "k8sgen.generate", *arguments)
        assert refused.value.code == -32602
