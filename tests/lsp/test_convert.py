from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from k8sgen_core.ids import manual_pages, registry
from k8sgen_lsp.convert import offset_of, path_of, range_between, structured
from k8sgen_lsp.publishing import Findings

ROOT = Path(__file__).parents[2]
UNITS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@pytest.mark.parametrize(
    ("unit", "column"), [("utf-8", 8), ("utf-16", 5), ("utf-32", 4)], ids=lambda each: str(each)
)
def test_columns_count_what_was_negotiated(unit, column):
    text = 'x\r\n"é🐘" + app\n'

    assert offset_of(text, types.Position(1, column), unit) == text.index(" + app")


def test_a_form_feed_ends_no_line():
    assert offset_of("a\fb\nc", types.Position(1, 1), "utf-16") == 5


@given(st.text(alphabet="aé🐘 ", max_size=20), st.data(), UNITS)
def test_ranges_and_offsets_are_inverse(line, data, unit):
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    text = f"first\n{line}\nlast"

    found = range_between(text, 6 + start, 6 + end, unit)

    assert offset_of(text, found.start, unit) == 6 + start
    assert offset_of(text, found.end, unit) == 6 + end


FINDING = {
    "rule": "invalid-port",
    "severity": "error",
    "message": "70000 is not a port",
    "hint": "use 1 to 65535",
    "path": "app.py",
    "uri": "file:///p/app.py",
    "range": {"start": {"line": 3, "character": 5}, "end": {"line": 3, "character": 9}},
    "object": None,
    "field": None,
    "related": [
        {
            "message": "called from here",
            "path": "b.py",
            "uri": "file:///p/b.py",
            "range": {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 2}},
        }
    ],
}


def span(line, start, end):
    return types.Range(types.Position(line, start), types.Position(line, end))


def test_a_finding_becomes_a_diagnostic():
    assert structured(FINDING) == types.Diagnostic(
        range=span(3, 5, 9),
        message="70000 is not a port\nuse 1 to 65535",
        severity=types.DiagnosticSeverity.Error,
        code="invalid-port",
        code_description=types.CodeDescription(manual_pages()["invalid-port"]),
        source="k8sgen",
        related_information=(
            types.DiagnosticRelatedInformation(
                types.Location("file:///p/b.py", span(0, 1, 2)), "called from here"
            ),
        ),
        data={"object": None, "field": None},
    )


@pytest.mark.parametrize(
    ("rule", "tag"),
    [
        ("no-effect", types.DiagnosticTag.Unnecessary),
        ("removed-api", types.DiagnosticTag.Deprecated),
    ],
)
def test_what_does_nothing_or_is_old_is_tagged(rule, tag):
    assert structured(FINDING | {"rule": rule}).tags == (tag,)


@pytest.mark.parametrize("rule", registry())
def test_an_id_links_to_its_section_of_the_manual(rule):
    page, _, line = manual_pages()[rule].partition("#L")

    assert path_of(page) == ROOT / "docs/rules.md"
    assert path_of(page).read_text("utf-8").splitlines()[int(line) - 1] == f"### `{rule}`"


def test_a_helper_shows_what_each_importer_found_once(tmp_path):
    one, two, helper = (tmp_path / name for name in ("one.py", "two.py", "helper.py"))
    shared = {"rule": "a", "uri": helper.as_uri(), "range": None, "related": []}
    only_two = shared | {"rule": "b"}
    findings = Findings()

    assert findings.replace(one, [shared]) == {one, helper}
    assert findings.replace(two, [shared, only_two]) == {two, helper}
    assert findings.of(helper) == [shared, only_two]
    assert findings.withdraw(two) == {two, helper}
    assert findings.of(helper) == [shared]
    assert findings.replace(one, []) == {one, helper}
    assert findings.of(helper) == []


def test_what_is_known_first_is_shown_beside_the_rest_until_all_is_known():
    path = Path("/p/app.py")
    old, new = (FINDING | {"rule": rule} for rule in ("old", "new"))
    findings = Findings()
    findings.replace(path, [old])

    assert findings.add(path, [new], {}) == {path}
    assert findings.of(path) == [old, new]
    assert findings.add(path, [old], {}) == {path}
    assert findings.of(path) == [old]
    assert findings.replace(path, [new], early=True) == {path}
    assert findings.of(path) == [new]
    assert findings.replace(path, [new]) == set()

    findings.add(path, [old], {})
    assert findings.replace(path, [new]) == {path}
    assert findings.of(path) == [new]
    findings.add(path, [old], {})
    assert findings.withdraw(path) == {path}
    assert findings.of(path) == []
