"""The server as editors meet it: with the capabilities and units of two of them."""

import asyncio
import time

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import FEW_RULES

pytestmark = pytest.mark.asyncio(loop_scope="session")

IMPORT = "from k8s_gen import App\n"
GOOD = IMPORT + 'App("web").image("nginx:1.27")\n'
BROKEN = IMPORT + 'App("web").image("nginx:1.27")\nApp(\n'
# Columns of what follows differ between UTF-8, UTF-16 and code points.
BAD_PORT = IMPORT + 'App("web").image("nginx:1.27").annotations(mood="é🐘").port(70_000)\n'


async def test_a_finding_is_at_its_argument_and_goes_when_it_is_fixed(editor):
    uri = editor.open(editor.trusted / "port.py", BAD_PORT)

    [diagnostic] = await editor.diagnostics(uri)
    before = BAD_PORT.splitlines()[1].partition("70_000")[0]
    start = len(before.encode()) if editor.unit == "utf-8" else len(before) + 1
    assert diagnostic.range == types.Range(
        types.Position(1, start), types.Position(1, start + len("70_000"))
    )
    assert (diagnostic.code, diagnostic.source) == ("invalid-port", "k8sgen")
    assert diagnostic.severity == types.DiagnosticSeverity.Error
    assert "70000" in diagnostic.message

    editor.edit(uri, GOOD)
    editor.save(uri)

    assert list(await editor.diagnostics(uri)) == []


async def test_the_preview_is_of_the_text_that_is_not_saved(editor):
    uri = editor.open(editor.trusted / "unsaved.py", GOOD)
    editor.edit(uri, GOOD.replace("1.27", "1.28"))

    shown = await editor.preview(uri)

    [file] = shown["files"]
    assert file["path"] == "web-deployment.yaml"
    assert "image: nginx:1.28" in file["text"]
    assert (shown["documentVersion"], shown["stale"], shown["environment"]) == (2, False, "default")
    assert {origin["uri"] for origin in file["origins"]} == {uri}


async def test_the_request_answers_as_the_command_does(editor):
    uri = editor.open(editor.trusted / "request.py", GOOD)
    params = {"uri": uri, "format": "kubernetes", "environment": None}

    answer = await editor.client.protocol.send_request_async("k8sgen/preview", params)

    assert answer.files[0].path == "web-deployment.yaml"
    assert (await editor.preview(uri, format="kubernetes"))["files"][0]["text"] == (
        answer.files[0].text
    )


async def test_a_broken_file_shows_its_last_good_preview_as_stale(editor):
    uri = editor.open(editor.trusted / "stale.py", GOOD)
    good = await editor.preview(uri)
    editor.edit(uri, BROKEN)

    shown = await editor.preview(uri)

    assert shown["stale"]
    assert shown["files"] == good["files"]
    assert [each["rule"] for each in shown["findings"]] == ["syntax-error"]


async def test_a_file_that_was_never_good_shows_its_findings(editor):
    uri = editor.open(editor.trusted / "never.py", BROKEN)

    shown = await editor.preview(uri)

    assert (shown["files"], shown["stale"]) == ([], False)
    assert [each["rule"] for each in shown["findings"]] == ["syntax-error"]


async def test_a_helper_shows_what_its_importer_found_in_it(editor):
    helper = editor.trusted / "parts.py"
    helper.write_text(
        IMPORT + "def web(port):\n    return App('w').image('a:1').port(0)\n", "utf-8"
    )
    uri = editor.open(
        editor.trusted / "importer.py", "import k8s_gen\nimport parts\nparts.web(0)\n"
    )

    assert list(await editor.diagnostics(uri)) == []
    [diagnostic] = await editor.diagnostics(helper.as_uri())

    assert diagnostic.code == "invalid-port"
    assert diagnostic.range.start == types.Position(2, 38)
    [related] = diagnostic.related_information
    assert (related.location.uri, related.location.range.start.line) == (uri, 2)

    editor.client.diagnostics.pop(helper.as_uri())
    editor.close(uri)
    await editor.shows_nothing(helper.as_uri())


async def test_saving_a_helper_evaluates_its_importers(editor):
    path = editor.trusted / "shared_part.py"
    good = IMPORT + "def web():\n    return App('w').image('a:1').port(80)\n"
    helper = editor.open(path, good)
    importer = editor.trusted / "imports.py"
    uri = editor.open(importer, "import k8s_gen\nimport shared_part\nshared_part.web()\n")
    await editor.diagnostics(uri)
    path.write_text(good.replace("80", "0"), encoding="utf-8")
    editor.edit(helper, good.replace("80", "0"))
    editor.save(helper, uri)

    async with asyncio.timeout(20):
        while "invalid-port" not in await editor.codes(helper):
            await asyncio.sleep(0.01)
    editor.close(uri)
    editor.close(helper)


async def test_completion_offers_what_was_not_called_first(editor):
    text = IMPORT + 'App("🐘").image("nginx:1.27").\n'
    uri = editor.open(editor.trusted / "complete.py", text)
    line = text.splitlines()[1]
    column = len(line.encode()) if editor.unit == "utf-8" else len(line) + 1

    items = await editor.complete(uri, 1, column)

    ordered = [each.label for each in sorted(items, key=lambda each: each.sort_text)]
    assert ordered[-1] == "image"
    assert {"port", "replicas", "labels", "generate"} < set(ordered)
    assert not [label for label in ordered if label.startswith("_")]
    [replicas] = [each for each in items if each.label == "replicas"]
    assert (replicas.detail, replicas.documentation) == ("replicas(count: int) -> Self", None)
    resolved = await editor.client.completion_item_resolve_async(replicas)
    assert "Run this many pods." in resolved.documentation.value


async def test_hover_explains_a_method(editor):
    uri = editor.open(editor.trusted / "hover.py", GOOD)
    document = types.TextDocumentIdentifier(uri)

    hover = await editor.client.text_document_hover_async(
        types.HoverParams(document, types.Position(1, 13))
    )

    assert hover.contents.value.startswith("```python\nimage(reference: str) -> Self\n```\n\n")
    assert (hover.range.start.character, hover.range.end.character) == (11, 16)


async def test_an_unsaved_document_is_completed_and_not_evaluated(editor):
    uri = editor.open_text("untitled:Untitled-1", IMPORT + 'App("a").\n')

    assert "image" in [each.label for each in await editor.complete(uri, 1, 9)]
    with pytest.raises(JsonRpcException, match="save the document"):
        await editor.preview(uri)
    editor.close(uri)


async def test_the_server_answers_while_a_file_hangs_and_a_newer_text_ends_that(editor):
    uri = editor.open(editor.trusted / "hang.py", IMPORT + "while True: pass\n")
    hanging = asyncio.create_task(editor.preview(uri))
    await asyncio.sleep(0.3)

    started = time.monotonic()
    assert await editor.complete(uri, 0, 5) == []
    assert time.monotonic() - started < 1
    editor.edit(uri, GOOD)
    shown = await editor.preview(uri)

    assert shown["files"][0]["path"] == "web-deployment.yaml"
    assert (await hanging)["files"] == shown["files"]


async def test_print_and_direct_output_do_not_reach_the_protocol(editor):
    noise = 'import os\nprint("Content-Length: 5")\nos.write(1, b"Content-Length: 9\\r\\n\\r\\n")\n'
    uri = editor.open(editor.trusted / "noise.py", noise + GOOD)

    assert (await editor.preview(uri))["files"][0]["path"] == "web-deployment.yaml"


async def test_a_restarted_worker_evaluates(editor):
    uri = editor.open(editor.trusted / "restart.py", BAD_PORT)
    await editor.diagnostics(uri)
    editor.client.diagnostics.pop(uri)

    restart = types.ExecuteCommandParams("k8sgen.restartWorker")
    await editor.client.workspace_execute_command_async(restart)

    assert await editor.codes(uri) == ["invalid-port"]
    editor.close(uri)


async def test_an_unknown_format_is_refused_by_name(editor):
    uri = editor.open(editor.trusted / "format.py", GOOD)

    with pytest.raises(JsonRpcException, match="no format 'docker'"):
        await editor.preview(uri, format="docker")


async def test_a_broken_configuration_is_a_finding_in_its_file(editor):
    folder = editor.trusted / "misconfigured"
    folder.mkdir(exist_ok=True)
    file = folder / "k8sgen.toml"
    file.write_text('"naïve" = 1\n', encoding="utf-8")
    editor.client.diagnostics.pop(file.as_uri(), None)

    uri = editor.open(folder / "app.py", GOOD)

    assert await editor.codes(file.as_uri()) == ["configuration"]
    editor.close(uri)


async def test_a_deleted_file_can_be_closed(editor):
    path = editor.trusted / "deleted.py"
    uri = editor.open(path, BAD_PORT)
    await editor.diagnostics(uri)
    path.unlink()
    editor.client.diagnostics.pop(uri)
    editor.close(uri)

    await editor.shows_nothing(uri)


async def test_nothing_runs_in_a_folder_that_is_not_trusted(editor, tmp_path):
    sentinel = tmp_path / "ran"
    hostile = f"{IMPORT}open({str(sentinel)!r}, 'w')\nApp('web').image('a:1').\n"
    (editor.untrusted / "k8s_gen.py").write_text(f"open({str(sentinel)!r}, 'w')\n", "utf-8")
    uri = editor.open(editor.untrusted / "hostile.py", hostile)
    editor.edit(uri, hostile + "\n")
    editor.save(uri)

    assert "port" in [each.label for each in await editor.complete(uri, 2, 24)]
    with pytest.raises(JsonRpcException, match=r"workspace not trusted.*k8sgen trust") as refused:
        await editor.preview(uri)

    assert refused.value.code == -32803
    assert not sentinel.exists()
    assert list(editor.client.diagnostics.get(uri, [])) == []
    (editor.untrusted / "k8s_gen.py").unlink()
    editor.close(uri)


async def test_trust_is_given_and_taken_back(editor, tmp_path):
    (tmp_path / "pyproject.toml").write_text(FEW_RULES, encoding="utf-8")
    # The value is known only when the file runs.
    computed = IMPORT + 'App("web").image("nginx:1.27").port(7 * 10_000)\n'
    uri = editor.open(tmp_path / "app.py", computed)
    with pytest.raises(JsonRpcException, match="not trusted"):
        await editor.preview(uri)

    editor.client.diagnostics.pop(uri, None)
    editor.trust(tmp_path)
    assert await editor.codes(uri) == ["invalid-port"]

    editor.client.diagnostics.pop(uri)
    editor.trust(tmp_path, trusted=False)
    await editor.shows_nothing(uri)
    with pytest.raises(JsonRpcException, match="not trusted"):
        await editor.preview(uri)
    editor.close(uri)


async def test_a_link_carries_no_trust(editor):
    target = editor.untrusted / "elsewhere.py"
    target.write_text(GOOD, encoding="utf-8")
    link = editor.trusted / "link.py"
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    uri = editor.open_text(link.as_uri(), GOOD)

    with pytest.raises(JsonRpcException, match="not trusted"):
        await editor.preview(uri)
    editor.close(uri)


async def test_hover_shows_the_lines_that_a_call_made_and_never_those_of_another_text(editor):
    text = IMPORT + 'App("🐘"[:0] + "web").image("nginx:1.27").replicas(3)\n'
    uri = editor.open(editor.trusted / "effect.py", text)
    await editor.preview(uri)
    line = text.splitlines()[1]
    before = line[: line.index("replicas") + 2]
    column = len(before.encode()) if editor.unit == "utf-8" else len(before) + 1
    at = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(1, column))

    hover = await editor.client.text_document_hover_async(at)
    assert "`web-deployment.yaml`, line" in hover.contents.value
    assert "```yaml\nreplicas: 3\n```" in hover.contents.value

    editor.edit(uri, text.replace("replicas(3)", "replicas(4)"))
    hover = await editor.client.text_document_hover_async(at)
    assert "Number of desired pods" in hover.contents.value
    assert "```yaml" not in hover.contents.value
    editor.close(uri)


async def test_signature_help_names_the_parameter(editor):
    uri = editor.open(editor.trusted / "signature.py", IMPORT + 'App("a").port(80, ')
    at = types.SignatureHelpParams(types.TextDocumentIdentifier(uri), types.Position(1, 18))

    found = await editor.client.text_document_signature_help_async(at)

    [signature] = found.signatures
    assert signature.label.startswith("port(number: int, name: str | None=None")
    assert found.active_parameter == 1
    editor.close(uri)


async def test_values_replace_the_text_that_the_cursor_is_in(editor):
    text = IMPORT + 'App("🐘").expose("a", via="in")\n'
    uri = editor.open(editor.trusted / "values.py", text)
    line = text.splitlines()[1]
    shift = len(line.encode()) - len(line) if editor.unit == "utf-8" else 1

    items = await editor.complete(uri, 1, line.index('in")') + shift)

    assert [each.label for each in items] == ["ingress", "gateway", "loadbalancer"]
    start = line.index('in")') + shift
    assert items[0].text_edit.range == types.Range(
        types.Position(1, start), types.Position(1, start + 2)
    )
    editor.close(uri)
