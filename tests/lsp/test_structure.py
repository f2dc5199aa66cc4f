"""Folding, links and semantic tokens of a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from k8sgen_lsp.features.folding import folds_in
from k8sgen_lsp.features.links import links_in
from k8sgen_lsp.features.semantic_tokens import changes, encoded, tokens_in
from tests.lsp.documents import IMPORT, covered, shown

SOURCE = """import os
from k8s_gen import (
    App,
    Plugin,
)

# Two lines
# of comment.
app = (
    App("web")
    .environment({
        "A": "1",
    })
    .port(80)
)


def f():
    if os:
        return App("x")


text = '''
a
'''
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_chains_blocks_imports_and_comments_are_folded(tmp_path, end):
    document = shown(SOURCE.replace("\n", end), tmp_path / "app.py")

    found = [(e.start_line, e.end_line, e.kind and e.kind.value) for e in folds_in(document)]

    assert sorted(found, key=lambda each: each[:2]) == [
        (0, 4, "imports"),
        (6, 7, "comment"),
        (9, 13, None),
        (10, 12, None),
        (17, 19, None),
        (18, 19, None),
        (22, 24, None),
    ]


def test_a_file_without_dsl_calls_is_left_to_others(tmp_path):
    assert folds_in(shown("def f():\n    pass\n", tmp_path / "app.py")) == []


def test_files_that_are_named_are_links(tmp_path):
    for name in ("web.j2", "app.conf", "legacy.yaml"):
        (tmp_path / name).touch()
    source = (
        'from k8s_gen import Manifests\n"🐘"; TemplateManager().register("web", "./web.j2")\n'
        'App("a").use_template("web").use_template("nothing")\n'
        'ConfigMap("c").from_file("k", "app.conf").from_file("k", "missing.conf")\n'
        'Manifests("legacy.yaml")\n'
    )
    document = shown(IMPORT + source, tmp_path / "app.py")

    assert [
        (covered(document, each.range), each.target.rpartition("/")[2])
        for each in links_in(document)
    ] == [
        ("./web.j2", "web.j2"),
        ("web", "web.j2"),
        ("app.conf", "app.conf"),
        ("legacy.yaml", "legacy.yaml"),
    ]


@pytest.mark.parametrize("unit", ["utf-8", "utf-16", "utf-32"])
def test_calls_and_names_are_tokens(tmp_path, unit):
    source = (
        'class P(Plugin):\r\n    def é(self): ...\r\n"🐘"; App("dä").depends_on("db")\r\nP("p").é()'
    )
    document = shown(IMPORT + source, tmp_path / "app.py", unit)
    tokens = tokens_in(document)

    def word(token):
        end = types.Position(token.line, token.start + token.length)
        return covered(document, types.Range(token.place, end))

    assert [(word(each), each.type, each.modifiers) for each in tokens] == [
        ("App", "class", 2),
        ("dä", "variable", 1),
        ("depends_on", "method", 2),
        ("db", "variable", 0),
        ("P", "class", 0),
        ("p", "variable", 1),
        ("é", "method", 0),
    ]
    data = encoded(tokens)
    assert data[:2] == [3, {"utf-8": 8, "utf-16": 6, "utf-32": 5}[unit]]
    assert data[20] == 1
    assert len(data) == 5 * len(tokens)


ANSWER = st.lists(st.tuples(*[st.integers(0, 2)] * 5), max_size=8).map(
    lambda tokens: [number for token in tokens for number in token]
)


@given(ANSWER, ANSWER)
def test_what_changed_leads_from_one_answer_to_the_next(before, after):
    made = list(before)
    for edit in changes(before, after):
        made[edit.start : edit.start + edit.delete_count] = edit.data

    assert made == after
