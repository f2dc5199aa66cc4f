"""The outline of a document, and the resources of the workspace."""

import pytest

from k8sgen_lsp.features.symbols import matching, symbols_in
from tests.lsp.documents import IMPORT, covered, shown

SHOP = (
    IMPORT + '"🐘"; db = App("dätabase").image("pg:17")\r\n'
    "shop = (\r\n"
    '    App("shop")\r\n'
    "    .port(80)\r\n"
    '    .add_config(ConfigMap("settings").add("A", "1"))\r\n'
    '    .add_secret(Secret("s").add("password", "hunter2"))\r\n'
    ")\r\n"
    "db.port(5432)\r\n"
    "for name in names:\r\n"
    "    Job(name)\r\n"
)


def outline(symbols):
    return [(each.name, each.detail, outline(each.children or ())) for each in symbols]


@pytest.mark.parametrize("unit", ["utf-8", "utf-16", "utf-32"])
def test_an_outline_has_resources_and_the_calls_below_them(tmp_path, unit):
    document = shown(SHOP, tmp_path / "app.py", unit)
    symbols = symbols_in(document)

    assert outline(symbols) == [
        ("dätabase", "App", [("image", '"pg:17"', [])]),
        (
            "shop",
            "App",
            [
                ("port", "80", []),
                ("add_config", 'ConfigMap("settings").add("A", "1")', []),
                ("add_secret", 'Secret("s").add("password", "hunter2")', []),
                ("settings", "ConfigMap", [("add", '"A", "1"', [])]),
                ("s", "Secret", [("add", None, [])]),
            ],
        ),
        ("db", "App dätabase", [("port", "5432", [])]),
        ("name", "Job", []),
    ]
    assert covered(document, symbols[0].range) == 'App("dätabase").image("pg:17")'
    assert covered(document, symbols[0].children[0].selection_range) == "image"
    assert covered(document, symbols[2].selection_range) == "db"


def test_every_range_is_inside_the_one_around_it(tmp_path):
    def check(symbols):
        for each in symbols:
            assert each.range.start <= each.selection_range.start
            assert each.selection_range.end <= each.range.end
            for inner in each.children or ():
                assert each.range.start <= inner.range.start
                assert inner.range.end <= each.range.end
            check(each.children or ())

    check(symbols_in(shown(SHOP, tmp_path / "app.py")))


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", 5), ("shp", 1), ("cfgm", 1), ("job", 1), ("nothing", 0)],
)
def test_resources_are_found_by_the_letters_of_a_query(tmp_path, query, expected):
    document = shown(SHOP, tmp_path / "app.py")

    assert len(list(matching(document, query))) == expected


def test_what_is_no_dsl_file_has_no_symbols(tmp_path):
    assert symbols_in(shown("class App: ...\nApp('x').port(1)\n", tmp_path / "a.py")) == []
