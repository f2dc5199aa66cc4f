"""Hints and lenses: what the preview says of a document, at the right places of it."""

import pytest

from k8sgen_core.evaluation.result import evaluate
from k8sgen_lsp.features.code_lens import Changed, lenses_in
from k8sgen_lsp.features.inlay_hints import hints_in
from tests.lsp.documents import IMPORT, shown


def previewed(text, path, unit="utf-16"):
    """Return a document and its preview, as the server has it."""
    document = shown(text, path, unit)
    preview = dict(evaluate(path).preview)
    objects = []
    for each in preview["objects"]:
        origin = each["origin"]
        objects.append({**each, "origin": origin and {**origin, "uri": path.as_uri()}})
    return document, {**preview, "objects": objects}


def hints(document, preview):
    return [
        (each.position.line, document.text[: document.offset(each.position)][-6:], each.label)
        for each in hints_in(document, preview)
    ]


def test_a_chain_says_what_it_makes_and_which_defaults_it_has(tmp_path):
    source = (
        '"é"; web = (\r\n    App("web")\r\n    .image("a:1")\r\n    .port(80)\r\n)\r\n'
        'db = App("db").image("b:1").replicas(2)\r\n'
        'App("s").image("b:1").scale(1, 3)\r\n'
        'for n in ("x", "y", "z"):\r\n    Job(n).image("c:1")\r\n'
    )

    assert hints(*previewed(IMPORT + source, tmp_path / "app.py")) == [
        (4, "rt(80)", "→ Deployment/web, Service/web"),
        (2, '"web")', "replicas: 1"),
        (6, "cas(2)", "→ Deployment/db"),
        (7, "(1, 3)", "→ Deployment/s, HorizontalPodAutoscaler/s"),
        (9, '"c:1")', "→ Job/x, Job/y, Job/z"),
        (9, "Job(n)", "backoffLimit: 6"),
    ]


def test_many_objects_are_counted(tmp_path):
    source = 'for n in "abcdefg":\n    App(n).image("c:1").replicas(1)\n'

    [(_, _, label)] = hints(*previewed(IMPORT + source, tmp_path / "app.py"))

    assert label.endswith("Deployment/d and 3 more")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (None, "2 resources · 49 lines"),
        (Changed(2, 0), "2 resources · 49 lines · +2 \N{MINUS SIGN}0 since HEAD"),
    ],
)
def test_lenses_tell_how_much_a_file_deploys(tmp_path, changed, expected):
    source = '\nx = 1\nApp("web").image("a:1").port(80)\n'
    document, preview = previewed(IMPORT + source, tmp_path / "app.py")

    lenses = lenses_in(document, preview, changed)

    lines = sum(len(each["text"].splitlines()) for each in preview["files"])
    assert [each.command.title for each in lenses] == [
        expected.replace("49", str(lines)),
        "Preview",
        "Validate",
    ]
    assert {each.range.start.line for each in lenses} == {3}
    assert lenses[1].command.arguments == [{"uri": document.uri}]
