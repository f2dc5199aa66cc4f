"""Whatever a text looks like while it is typed, everything answers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8sgen_lsp.completing.places import Document, offers_at
from k8sgen_lsp.features.completion import completions
from k8sgen_lsp.features.hover import explanation
from k8sgen_lsp.features.signature_help import signature_at
from k8sgen_lsp.static import pieces
from k8sgen_lsp.static.concern import Concern
from k8sgen_lsp.static.layout import Layout
from k8sgen_lsp.static.pieces import pieces_of
from k8sgen_lsp.static.workspace import Modules, WorkspaceCatalogue
from tests.lsp.marked import CATALOGUE

SAMPLE = '''"""About.
over lines"""
from __future__ import annotations
from k8s_gen import (
    App, Plugin, Secret as S,
)

LEVELS = {"a": 1}


class Database(Plugin):
    """A database."""

    def __init__(self, name: str, *, size=3):
        super().__init__(name)
        self.size = size; self.apps = [App(n) for n in "ab"]

    def size(self, size: int = 3) -> "Database":
        if size not in (1, 3): raise ValueError(f"{size!r} {'x'}")
        return self


def make(*names, **rest) -> list[App]:
    with open("x") as file, S("s") as secret:
        yield from (App(n).env("A", "\\"") for n, _ in zip(names, rest) if n)
    apps = {name: App(name) for name in names}
    for index, (key, app) in enumerate(apps.items()):
        app.image('x:1').port(80 + index) \\
            .labels({"a": "b"})
    if (found := apps.get("é🐘")) and isinstance(found, App):
        found.replicas(2)
    return lambda a, b=1: a


match LEVELS:
    case {"a": level} if level: pass
web = (
    App("web").image("nginx:1.27")  # k8sgen: ignore[latest-tag]
    .depends_on(["db"], Database("db").size(3))
    .expose("shop.example.com", via="ingress", tls=True)
)
'''
PIECES = [
    *("App(", '"', "'", '"""', ")", ".", "[", "]", "{", ":", "=", ":=", "\n", "    ", "def f"),
    *("class A", "for a in ", "with ", " as ", "lambda a: ", "\\", "#", ",", "self", "return "),
    *("import ", "from k8s_gen import ", "*", "é🐘", "\t", "\r\n", "\f", "\0", "async ", "if "),
    *("match x:", "case ", "yield ", "x", ".port(", ".env(key=", "@", "->", ";"),
]


def ask(text: str, offset: int) -> None:
    catalogue = WorkspaceCatalogue(CATALOGUE, Modules(), text)
    list(completions(catalogue, text, offset))
    signature_at(Concern(text, None, catalogue), offset)
    explanation(Concern(text, None, catalogue), offset)


@pytest.mark.parametrize("part", range(8))
def test_every_place_of_a_text_that_is_cut_there(part):
    for offset in range(part, len(SAMPLE), 8):
        ask(SAMPLE[:offset], offset)


@pytest.mark.parametrize("part", range(8))
def test_every_place_of_a_whole_text(part):
    for offset in range(part, len(SAMPLE), 8):
        ask(SAMPLE, offset)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.integers(0, 200))
def test_texts_of_any_shape(parts, place):
    text = "from k8s_gen import App\n" + "".join(parts)

    ask(text, min(place, len(text)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.integers(0, 120))
@pytest.mark.parametrize("name", ["k8sgen.toml", "pyproject.toml", "web.yaml.j2", "notes.txt"])
def test_other_files_of_any_shape(name, parts, place):
    text = "".join(parts)

    list(offers_at(Document(text, CATALOGUE, Path(name)), min(place, len(text))).items)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_pieces_are_the_text_and_stand_where_they_stood(parts):
    text = "".join(parts)
    layout = Layout(text)

    assert "".join(each.text for each in pieces_of(text)) == text
    assert len(layout.code) == len(text)
    for begin, piece in zip(layout.offsets, layout.pieces, strict=True):
        assert text.startswith(piece.text, begin)
        for statement in piece.statements:
            assert 0 <= statement.start <= statement.end <= len(piece.text)
        for found in piece.bindings.values():
            for each in found:
                assert piece.code.startswith(each.name, each.start)


@pytest.mark.parametrize("mark", ['"""', "'", "(", "#", "\n", "    "])
def test_an_edit_gives_what_reading_anew_gives(mark):
    for offset in range(0, len(SAMPLE), 37):
        Layout(SAMPLE)
        edited = Layout(SAMPLE[:offset] + mark + SAMPLE[offset:])
        pieces._pool.trim(0)
        anew = Layout(edited.text)
        assert edited.code == anew.code
        assert [each.bindings for each in edited.pieces] == [each.bindings for each in anew.pieces]
