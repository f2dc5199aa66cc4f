"""The blocks of a document: what they hold is what Python reads, and an edit parses one of them."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_lsp.static import blocks
from k8sgen_lsp.static.blocks import blocks_of

CORE = Path(blocks.__file__).parents[2]


def statements(text):
    """Return kind and place of each statement at the top."""
    return [
        (type(node).__name__, node.lineno + placed.line, node.col_offset, node.end_col_offset)
        for placed in blocks_of(text)
        for node in placed.block.tree
    ]


def as_python_reads(text):
    return [
        (type(node).__name__, node.lineno, node.col_offset, node.end_col_offset)
        for node in ast.parse(text).body
    ]


@pytest.mark.parametrize("path", sorted(CORE.glob("k8sgen_*/**/*.py")), ids=lambda path: path.stem)
def test_blocks_hold_what_python_reads(path):
    text = path.read_text(encoding="utf-8")

    assert statements(text) == as_python_reads(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('x = """\ny = 1\n"""\nz = 1\n', id="string over lines"),
        pytest.param("x = [\n1,\n'a',\n]\nz = 1\n", id="brackets with lines at the margin"),
        pytest.param("@a\n@b(\n1)\ndef f():\n    pass\nz = 1\n", id="decorators"),
        pytest.param('@a("""\ndef\n""")\nclass C:\n    pass\n', id="text that looks like code"),
        pytest.param("x = 1 + \\\ny\nz = 1\n", id="backslash"),
        pytest.param("try:\n    a\nexcept E:\n    b\nelse:\n    c\nfinally:\n    d\n", id="try"),
        pytest.param("if a:\n    b\nelif c:\n    d\nelse:\n    e\n", id="if"),
        pytest.param("# first\n\nx = (\n    a\n.b()\n)\n# last", id="a dot at the margin"),
        pytest.param("x = 1\r\ny = '🐘é'; z = (\r\n  2)\r\n", id="CRLF and emoji"),
        pytest.param("x = 1\ry = 2\r", id="only CR"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_statement_is_one_block(text):
    placed = blocks_of(text)

    assert "".join(each.block.text for each in placed) == text
    assert statements(text) == as_python_reads(text)
    assert not any(each.block.is_broken for each in placed if text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 1\nApp(\nb = 2\n", ["Assign", "Expr", "Assign"], id="never closed"),
        pytest.param("a = 1\nApp().\nb = 2\n", ["Assign", "Expr", "Assign"], id="a dot"),
        pytest.param("x = (\n    App()\n    .\n    .port()\n)\n", ["Assign"], id="dot in a chain"),
        pytest.param(
            "def f():\n    a = 1\n    b = = 2\n    c()\n", ["FunctionDef"], id="in a body"
        ),
        pytest.param("def f(:\n    a\nx = 1\n", ["Assign"], id="header"),
        pytest.param('a = 1\nb = """\nc = 2\n', ["Assign", "Assign"], id="string never closed"),
    ],
)
def test_a_broken_statement_leaves_the_others(text, expected):
    kinds = [kind for kind, *_ in statements(text)]

    assert [kind for kind in kinds if kind in expected] == expected


def test_an_edit_parses_one_block(monkeypatch):
    lines = [f"app_{i} = App('a')" for i in range(300)]
    blocks_of("\n".join(lines))
    parsed = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text: parsed.append(text) or parse(text))
    lines[150] += ".port(80)"

    blocks_of("\n".join(lines))

    assert parsed == ["app_150 = App('a').port(80)\n"]


@given(st.text(alphabet="ab=()[]{}.,:@\"'#\\ \r\né🐘", max_size=60))
def test_no_text_makes_it_fail_and_every_place_is_kept(text):
    placed = blocks_of(text)

    assert "".join(each.block.text for each in placed) == text
    for each in placed:
        assert text[each.start :].startswith(each.block.text)
        for node in each.block.tree:
            start, end = each.block.start_of(node), each.block.end_of(node)
            assert 0 <= start <= end <= len(each.block.text)
