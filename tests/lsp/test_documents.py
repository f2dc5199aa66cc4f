"""Documents under edits, whatever ends their lines and whatever columns count."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lsprotocol import types

from k8sgen_lsp.documents import LARGEST, Document, Documents

WIDTHS = {
    "utf-8": lambda character: len(character.encode()),
    "utf-16": lambda character: len(character.encode("utf-16-le")) // 2,
    "utf-32": lambda character: 1,
}
# Python would end lines at the last three of them.
TEXTS = st.text(alphabet="aé🐘\r\n\f\u2028\x85", max_size=30)


def position(text: str, offset: int, unit: str) -> types.Position:
    """Count as the specification says, character by character."""
    line = column = 0
    for index, character in enumerate(text[:offset]):
        ends = character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n")
        line, column = (line + 1, 0) if ends else (line, column + WIDTHS[unit](character))
    return types.Position(line, column)


@given(TEXTS, TEXTS, st.sampled_from(sorted(WIDTHS)), st.data())
def test_an_edit_replaces_what_the_client_means(text, new, unit, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    # No position is between the two characters of one line end.
    assume(all(text[at - 1 : at + 1] != "\r\n" for at in (start, end)))
    document = Document("file:///a.py", text)
    document.unit = unit
    span = types.Range(position(text, start, unit), position(text, end, unit))

    document.apply_change(types.TextDocumentContentChangePartial(span, new))

    assert document.source == text[:start] + new + text[end:]


@given(TEXTS)
def test_lines_have_their_ends(text):
    lines = Document("file:///a.py", text).lines

    assert "".join(lines) == text
    assert all(set(line.rstrip("\r\n")).isdisjoint("\r\n") for line in lines)


@pytest.mark.parametrize(
    ("start", "end"), [((9, 0), (9, 0)), ((0, 99), (0, 99)), ((1, 0), (0, 0)), ((0, 1), (99, 0))]
)
def test_positions_outside_of_the_text_are_at_its_edges(start, end):
    document = Document("file:///a.py", "ab\nc")
    span = types.Range(types.Position(*start), types.Position(*end))

    document.apply_change(types.TextDocumentContentChangePartial(span, "X"))

    assert document.source in {"ab\ncX", "abX\nc", "ab\nXc", "aX"}


def opened(text: str) -> Documents:
    documents = Documents(None, types.TextDocumentSyncKind.Incremental, [], "utf-16")
    documents.put_text_document(types.TextDocumentItem("file:///a.py", "python", 5, text))
    return documents


def change(documents: Documents, version: int, text: str, uri: str = "file:///a.py") -> None:
    documents.update_text_document(
        types.VersionedTextDocumentIdentifier(version, uri),
        types.TextDocumentContentChangeWholeDocument(text),
    )


def test_what_is_older_or_not_open_changes_nothing():
    documents = opened("new")

    change(documents, 4, "old")
    change(documents, 1, "other", "file:///other.py")

    document = documents.get_text_document("file:///a.py")
    assert (document.source, document.version) == ("new", 5)
    assert list(documents.text_documents) == ["file:///a.py"]


def test_a_document_that_is_too_large_says_nothing_until_it_is_smaller():
    documents = opened("x" * (LARGEST + 1))
    document = documents.get_text_document("file:///a.py")
    assert (document.source, document.lines) == ("", ("",))
    span = types.Range(types.Position(0, 3), types.Position(0, LARGEST + 1))

    document.apply_change(types.TextDocumentContentChangePartial(span, ""))

    assert document.source == "xxx"


def test_only_regular_files_are_read(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes("x = 'é'\r\n".encode())
    documents = opened("")

    assert documents.get_text_document(file.as_uri()).source == "x = 'é'\r\n"
    for uri in (tmp_path.as_uri(), "file:///dev/zero", "file:///a%00b", "untitled:x", "%"):
        assert documents.get_text_document(uri).source == ""
