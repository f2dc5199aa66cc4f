"""Findings of an earlier text, in the text of now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.columns import lines_of
from k8sgen_lsp.rebasing import Movement, moved_finding

OLD = "import k8s_gen\nApp('a')\nApp('b')\n    .port(0)\nApp('c')\n"


def finding(line: int, last: int | None = None, **more) -> dict:
    end = line if last is None else last
    span = {"start": {"line": line, "character": 4}, "end": {"line": end, "character": 9}}
    return {"rule": "r", "uri": "file:///a", "range": span, "related": []} | more


def lines(found: dict) -> tuple[int, int]:
    return found["range"]["start"]["line"], found["range"]["end"]["line"]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD, 3, id="the same"),
        pytest.param("# new\n" + OLD, 4, id="a line before"),
        pytest.param(OLD.replace("\n", "\r\n") + "x = 1", 3, id="other line ends"),
        pytest.param(OLD.replace("App('a')\n", ""), 2, id="a line less"),
        pytest.param(OLD.replace(".port(0)", ".port(1)"), None, id="changed"),
        pytest.param(OLD.replace("    .port", "  .port"), None, id="moved within its line"),
        pytest.param(OLD.replace("App('a')", "x").replace("App('c')", "y"), 3, id="around it"),
        pytest.param("", None, id="gone"),
    ],
)
def test_a_finding_goes_with_its_line(new, expected):
    found = moved_finding(finding(3), lambda place: Movement(OLD, new))

    assert (found and lines(found)) == (expected and (expected, expected))


def test_a_finding_of_several_lines_needs_all_of_them():
    several = finding(2, 3)

    def at(new):
        found = moved_finding(several, lambda place: Movement(OLD, new))
        return found and lines(found)

    assert at("#\n" + OLD) == (3, 4)
    assert at(OLD.replace("    .port", "#\n    .port")) is None
    assert at(OLD.replace("App('b')", "App('d')")) is None


def test_related_places_move_in_their_own_file():
    other = finding(0, uri="file:///b")

    def with_other(how):
        moves = {"file:///a": None, "file:///b": how}
        return moved_finding(finding(3, related=[other]), lambda place: moves[place["uri"]])

    found = with_other(Movement("x\n", "\nx\n"))
    gone = with_other(Movement("x", "y"))

    assert [lines(each) for each in found["related"]] == [(1, 1)]
    assert gone["related"] == []


def test_what_has_no_place_stays():
    assert moved_finding(finding(0, range=None), lambda place: Movement("a", "b"))["range"] is None


LINES = st.text(alphabet="abc\n", max_size=20)


@given(LINES, LINES)
def test_a_line_never_moves_to_another_text(old, new):
    how = Movement(old, new)
    after = lines_of(new)

    for number, line in enumerate(lines_of(old)):
        by = how.by(number, number)
        assert by is None or after[number + by] == line


@given(LINES, LINES, LINES)
def test_what_is_around_an_edit_is_kept(start, middle, end):
    before, after = f"{start}\nx\n{end}", f"{start}\n{middle}\ny\n{end}"
    how = Movement(before, after)
    changed = len(lines_of(start))

    assert how.by(changed, changed) is None
    others = {*range(len(lines_of(before)))} - {changed}
    assert all(how.by(each, each) is not None for each in others)
