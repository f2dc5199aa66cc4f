"""Each method of the protocol as editors use it: with the capabilities and units of two of them."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.documents import edited, shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOP = """from k8s_gen import App, ConfigMap, TemplateManager
"🐘é"; db = App("db").image("pg:17")
TemplateManager().register("web", "web.yaml.j2")
web = (
    App("web")
    .image("a:1")
    .depends_on("db")
)
"""


@pytest.fixture
def shop(editor):
    """Return the shop, open in a project of its own, and what closes it."""
    folder = editor.trusted / "shop"
    folder.mkdir(exist_ok=True)
    (folder / "k8sgen.toml").touch()
    (folder / "web.yaml.j2").write_text("kind: Deployment\n", encoding="utf-8")
    uri = editor.open(folder / "app.py", SHOP)
    yield uri
    editor.close(uri)


def position(editor, text, marked):
    """Return where a part of a text begins, in the unit of the editor."""
    before = text[: text.index(marked)]
    line = before.rpartition("\n")[2]
    column = len(line.encode()) if editor.unit == "utf-8" else len(line.encode("utf-16-le")) // 2
    return types.Position(before.count("\n"), column)


def at(editor, uri, marked, text=SHOP):
    return {
        "text_document": types.TextDocumentIdentifier(uri),
        "position": position(editor, text, marked),
    }


def spans(editor, text, marked, length):
    """Return a range that begins with a part of a text."""
    start = position(editor, text, marked)
    return types.Range(start, types.Position(start.line, start.character + length))


async def test_document_symbols(editor, shop):
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(shop))

    symbols = await editor.client.text_document_document_symbol_async(params)

    assert [(each.name, [inner.name for inner in each.children]) for each in symbols] == [
        ("db", ["image"]),
        ("web", ["image", "depends_on"]),
    ]
    assert symbols[0].range.start == position(editor, SHOP, 'App("db")')


async def test_workspace_symbols_are_of_open_and_closed_files(editor, shop):
    closed = editor.trusted / "shop/closed.py"
    closed.write_text('from k8s_gen import Job\nJob("nightly-é")\n', encoding="utf-8")

    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("nightly"))

    [symbol] = found
    assert (symbol.name, symbol.container_name) == ("nightly-é", "Job")
    assert symbol.location.uri == closed.as_uri()
    closed.unlink()


async def test_definition(editor, shop):
    ask = editor.client.text_document_definition_async

    [method] = await ask(types.DefinitionParams(**at(editor, shop, "image")))
    [resource] = await ask(types.DefinitionParams(**at(editor, shop, 'db")\n)')))
    [template] = await ask(types.DefinitionParams(**at(editor, shop, "web.yaml.j2")))

    assert method.uri.endswith("k8sgen_core/builders/container.py")
    assert (resource.uri, resource.range) == (shop, spans(editor, SHOP, 'db").image', 2))
    assert template.uri.endswith("shop/web.yaml.j2")


async def test_a_line_of_the_output_leads_to_its_call(editor, shop):
    preview = await editor.preview(shop)
    [file] = [each for each in preview["files"] if each["path"] == "db-deployment.yaml"]
    output = editor.trusted / "shop/k8s"
    output.mkdir(exist_ok=True)
    uri = editor.open(output / "db-deployment.yaml", file["text"])
    line = file["text"].partition("image: pg:17")[0].count("\n")
    place = types.Position(line, 12)

    params = types.DefinitionParams(types.TextDocumentIdentifier(uri), place)
    found = await editor.client.text_document_definition_async(params)

    assert [(each.uri, each.range.start) for each in found] == [
        (shop, position(editor, SHOP, 'image("pg:17")'))
    ]
    editor.close(uri)


async def test_references_and_highlight(editor, shop):
    declared = types.ReferenceContext(include_declaration=True)
    params = types.ReferenceParams(context=declared, **at(editor, shop, 'db").image'))

    references = await editor.client.text_document_references_async(params)
    marks = await editor.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(**at(editor, shop, 'db").image'))
    )

    starts = [position(editor, SHOP, 'db").image'), position(editor, SHOP, 'db")\n)')]
    assert [each.range.start for each in references] == starts
    assert [each.range.start for each in marks] == starts


async def test_rename(editor, shop):
    ask = types.PrepareRenameParams(**at(editor, shop, 'db").image'))
    prepared = await editor.client.text_document_prepare_rename_async(ask)
    assert prepared.placeholder == "db"

    params = types.RenameParams(new_name="store", **at(editor, shop, 'db").image'))
    edit = await editor.client.text_document_rename_async(params)

    document = shown(SHOP, editor.trusted / "shop/app.py", editor.unit)
    assert edited(document, edit.changes[shop]) == SHOP.replace('"db"', '"store"')
    params = types.RenameParams(new_name="web", **at(editor, shop, 'db").image'))
    with pytest.raises(JsonRpcException, match=r"is the name of app\.py:5 already"):
        await editor.client.text_document_rename_async(params)


async def test_folding_and_links(editor, shop):
    document = types.TextDocumentIdentifier(shop)

    folds = await editor.client.text_document_folding_range_async(
        types.FoldingRangeParams(document)
    )
    links = await editor.client.text_document_document_link_async(
        types.DocumentLinkParams(document)
    )

    assert [(each.start_line, each.end_line) for each in folds] == [(4, 6)]
    assert [each.target.rpartition("/")[2] for each in links] == ["web.yaml.j2"]


async def test_semantic_tokens_in_full_in_part_and_by_what_changed(editor, shop):
    client, document = editor.client, types.TextDocumentIdentifier(shop)
    full = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document)
    )
    part = await client.text_document_semantic_tokens_range_async(
        types.SemanticTokensRangeParams(
            document, types.Range(types.Position(1, 0), types.Position(2, 0))
        )
    )
    editor.edit(shop, SHOP + 'App("new")\n')
    delta = await client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(document, full.result_id)
    )

    assert list(full.data[:2]) == [1, position(editor, SHOP, 'App("db")').character]
    assert list(part.data) == list(full.data[: len(part.data)])
    assert len(part.data) == 15
    data = list(full.data)
    for edit in delta.edits:
        data[edit.start : edit.start + edit.delete_count] = edit.data
    again = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document)
    )
    assert data == list(again.data)
    assert len(data) == len(full.data) + 10


async def test_inlay_hints_are_of_the_text_that_was_evaluated(editor, shop):
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    params = types.InlayHintParams(types.TextDocumentIdentifier(shop), whole)
    await editor.preview(shop)

    hints = await editor.client.text_document_inlay_hint_async(params)
    editor.edit(shop, "# one more line\n" + SHOP)
    later = await editor.client.text_document_inlay_hint_async(params)

    assert [each.label for each in hints] == [
        "→ Deployment/db",
        "replicas: 1",
        "→ Deployment/web",
        "replicas: 1",
    ]
    assert hints[0].position.line == 1
    assert list(later or ()) == []


async def test_code_lens(editor, shop):
    params = types.CodeLensParams(types.TextDocumentIdentifier(shop))

    lenses = await editor.client.text_document_code_lens_async(params)

    titles = [each.command.title for each in lenses]
    assert titles[0].startswith("2 resources · ")
    assert titles[1:] == ["Preview", "Validate"]


async def test_code_actions(editor, shop):
    text = SHOP.replace('.image("a:1")', '.imag("a:1")')
    editor.edit(shop, text)
    start = position(editor, text, "imag(")
    place = types.Range(start, types.Position(start.line, start.character + 4))
    finding = types.Diagnostic(
        place, "App has no method 'imag'\ndid you mean 'image'?", code="unknown-setting"
    )
    document = types.TextDocumentIdentifier(shop)
    ask = editor.client.text_document_code_action_async

    fixes = await ask(types.CodeActionParams(document, place, types.CodeActionContext([finding])))
    only = types.CodeActionContext([], only=["source.fixAll.k8sgen"])
    everything = await ask(types.CodeActionParams(document, place, only))

    source = shown(text, editor.trusted / "shop/app.py", editor.unit)
    [change] = [each for each in fixes if each.title == "Change to image"]
    assert edited(source, change.edit.changes[shop]) == SHOP
    assert not [each for each in fixes if each.kind == "source.fixAll.k8sgen"]
    [all_of_them] = everything
    assert edited(source, all_of_them.edit.changes[shop]) == SHOP


async def test_in_what_is_no_dsl_file_there_is_nothing(editor):
    uri = editor.open(editor.trusted / "plain.py", "class App: ...\nApp()\n")
    document = types.TextDocumentIdentifier(uri)
    client, whole = editor.client, types.Range(types.Position(0, 0), types.Position(9, 0))

    answers = [
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(document)),
        await client.text_document_folding_range_async(types.FoldingRangeParams(document)),
        await client.text_document_document_link_async(types.DocumentLinkParams(document)),
        await client.text_document_code_lens_async(types.CodeLensParams(document)),
        await client.text_document_inlay_hint_async(types.InlayHintParams(document, whole)),
        await client.text_document_code_action_async(
            types.CodeActionParams(document, whole, types.CodeActionContext([]))
        ),
    ]

    assert [list(each or ()) for each in answers] == [[]] * len(answers)
    editor.close(uri)
