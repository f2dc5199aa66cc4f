"""What is read line by line is what the parser reads; all else is left to the parser."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8sgen_core.yaml.chunks import Chunk, chunks, split
from k8sgen_core.yaml.lines import LineReader
from k8sgen_core.yaml.loader import Limits, YamlError, load_all

KEYS = (
    "a", "b", "c.d/e-f", "1", "1.5", "0x10", "on", "null", "<<", ".", "...", "---", "-a", "a b",
    '"a"', "'b'", '"on"', "'~'", '"<<"', "a:b", "a#", "[a]", "{a: 1}", "*a", "&x a", "!t a", "? a",
    "é", "", "k" * 200, "k" * 1100,
)  # fmt: skip
VALUES = (
    "1", "x", "x y", "true", "~", "1.50", "07", "a:b", "http://a:80/b", "-x", "-1", "$(A)", "x #c",
    '"q"', "'q'", '"#"', '"a: b"', '"q" # c', "[]", "[a, b]", '["a", \'b\', 1]', "[ a ]", "{}",
    "x#c", '"q"#c', "'a''b'", '"a\\nb"', '""', "''", "# c", "#", "a: b", "a:", "a :b", "a: # c",
    "[a: b]", "[a,]", "[,a]", "[a,, b]", "[a b]", "[a] # c", "[[a]]", "[-a]", "[a]b", '["a"b]',
    "[a#b]", "[a #b]", "[null, .inf]", "{a: b}", "{} x", "{}x", "&x a", "*a", "!t a", "!!int 1",
    "- x", "-", "- - x", "- a: 1", "? x", ":", "@x", "%x", "`x", ".inf", "<<", "=", ",x", "]x",
    '"x', "x'y", '"a" b', "\tx", "x\ty", "é", "x\u2028y", "x\x85y", "x\x7f", "x\ry", "\ufeffx",
    "x\ufeffy", "🐘", "é é", "x\xa0", "\xa0x", "\u3000x", "x\u3000", ")", "}",
    "... ", ">", ">-", "|+", "|2", "| # c", "|x", "x" * 1100, f'"{"x" * 1100}"',
)  # fmt: skip
TEXTS = ("x", "a: b", "- a", "# c", "  y", "", " ", "z  ", "\tq", "é", "...", "'", "}")
OTHERS = (
    "",
    "   ",
    "# c",
    "  # a: b",
    "#",
    "\t",
    "...",
    "--- x",
    "---",
    "--- # c",
    "%TAG ! x",
    "? a",
)


def several(chosen: st.SearchStrategy, most: int) -> st.SearchStrategy:
    return st.lists(chosen, min_size=1, max_size=most)


@st.composite
def scalars(draw, column: int) -> list[str]:
    """Give the rest of the line, and the lines below it."""
    if draw(st.integers(0, 5)):
        return [draw(st.sampled_from(VALUES[:23]) | st.sampled_from(VALUES))]
    indent = " " * (column + draw(st.sampled_from((2, 2, 1, 4, 0))))
    texts = draw(st.lists(st.sampled_from(TEXTS), max_size=4))
    return [draw(st.sampled_from(("|", "|-"))), *(f"{indent}{text}" for text in texts)]


@st.composite
def mappings(draw, column: int, depth: int) -> list[str]:
    keys = draw(st.lists(st.sampled_from(KEYS[:7]), min_size=1, max_size=3, unique=True))
    if not draw(st.integers(0, 5)):
        keys.append(draw(st.sampled_from(KEYS)))
    return [line for key in keys for line in draw(pairs(key, column, depth))]


@st.composite
def pairs(draw, key: str, column: int, depth: int) -> list[str]:
    start = f"{' ' * column}{key}:"
    form = draw(st.integers(0, 5)) if depth else 0
    if form > 3:
        inner = column + draw(st.sampled_from((2, 2, 4, 1)))
        return [start, *draw(mappings(inner, depth - 1))]
    if form == 3:
        inner = column + draw(st.sampled_from((0, 0, 2, 1)))
        return [start, *draw(sequences(inner, depth - 1))]
    if form == 2:
        return [f"{start}{draw(st.sampled_from(('', ' ', ' # c')))}"]
    first, *below = draw(scalars(column))
    return [f"{start} {first}", *below]


@st.composite
def sequences(draw, column: int, depth: int) -> list[str]:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        dash = f"{' ' * column}-{' ' * draw(st.sampled_from((1, 1, 1, 2, 4, 5)))}"
        if depth and draw(st.booleans()):
            first, *below = draw(mappings(len(dash), depth - 1))
            lines += [dash + first.lstrip(" "), *below]
        else:
            first, *below = draw(scalars(column))
            lines += [dash + first, *below]
    return lines


@st.composite
def documents(draw) -> str:
    """Give documents that are nearly right, so that most of them are read."""
    lines = draw(mappings(0, 3) | mappings(2, 2) | sequences(0, 3))
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2)))):
        at = draw(st.integers(0, len(lines) - 1))
        change = draw(st.integers(0, 4))
        if change == 0:
            lines[at] = f" {lines[at]}"
        elif change == 1:
            lines[at] = lines[at][1:]
        elif change == 2:
            lines.insert(at, draw(st.sampled_from(OTHERS)))
        elif change == 3:
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif lines[1:]:
            del lines[at]
    above = draw(st.sampled_from(("", "---\n", "--- # c\n", "---  \n", "# c\n", "--- x\n")))
    text = above + "\n".join(lines) + draw(st.sampled_from(("\n", "\n", "", "\n\n", "\n  ")))
    return text.replace("\n", draw(st.sampled_from(("\n", "\n", "\n", "\r\n"))))


def read(text: str) -> tuple | None:
    return LineReader().read(text, Limits().values)


def parsed(chunk: Chunk, monkeypatch) -> object:
    """Return what the parser reads, and how many values; or its error."""
    with monkeypatch.context() as patch:
        patch.setattr(LineReader, "read", lambda *_: None)
        try:
            return [document.value for document in load_all(chunk.text)]
        except YamlError as error:
            return str(error)


def is_same(ours: object, theirs: object) -> bool:
    """Compare values of YAML, of which True is not 1, and mappings have an order."""
    return repr(ours) == repr(theirs)


def check(text: str, monkeypatch) -> int:
    """Compare each document, and return how many are read line by line."""
    found = 0
    for chunk in split(text, "a.yaml"):
        ours = read(chunk.text)
        if ours is not None:
            found += 1
            theirs = parsed(chunk, monkeypatch)
            assert is_same([ours[0]], theirs), chunk.text
            assert ours[1] == count(ours[0])
    return found


def count(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(1 + count(each) for each in value.values())
    return 1 + (sum(map(count, value)) if isinstance(value, list) else 0)


@pytest.mark.slow
@settings(max_examples=1_000)
@given(documents())
def test_what_is_read_line_by_line_is_what_the_parser_reads(text):
    assert list(chunks(text.encode(), "")) == list(split(text, ""))
    with pytest.MonkeyPatch.context() as patch:
        check(text, patch)


@pytest.mark.parametrize("above", ["", "---\n", "z:\n  y: 1\n", "z:\n- y\n"])
def test_so_it_is_with_each_key_and_value(above, monkeypatch):
    for value in VALUES:
        for line in (
            f"a: {value}",
            f"a:  {value} ",
            f"- {value}",
            f"a:\n- {value}",
            f"- a: {value}",
        ):
            check(f"{above}{line}", monkeypatch)
            check(f"{above}{line}\nb: 1\n", monkeypatch)
            check(f"{above}{line}\n  b: 1\n", monkeypatch)
            check(f"{above}{line}\n   b\n", monkeypatch)
    for key in KEYS:
        for line in (f"{key}: x", f"{key}:", f"{key}: ", f"{key}:x", f"{key} : x", f"- {key}: x"):
            check(f"{above}{line}\n", monkeypatch)
            check(f"{above}{line}\n  b: 1\n", monkeypatch)


def test_so_it_is_in_manifests_of_other_projects(shared: Path, monkeypatch):
    files = [*shared.joinpath("judges").rglob("*.yaml"), *shared.joinpath("judges").rglob("*.yml")]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    chunks = [len(list(split(text, ""))) for text in texts]

    found = sum(check(text, monkeypatch) for text in texts)

    assert found > 0.8 * sum(chunks)


@pytest.mark.parametrize(
    "text",
    [
        "---\n# top\napiVersion: v1 # which\nkind: Service\n\nspec:\n  ports:\n  - port: 80\n",
        "a:\n  - b: 1\n    c:\n      - x\n      - 'y'\n  - b: 2\nd: [\"sleep\", '5']\ne: {}\nf:\n",
        "data:\n  app.conf: |\n    a = 1\n\n      b = 2\n    # c\n  other: |-\n    x\n\nkind: X\n",
        "a: 1\r\nb: |\r\n  c\r\n\r\n  d\r\nc:\r\n- 'x'\r\n",
        "# é\na: é\nb: 'é'\nc: |\n  🐘 é\n",
        'args:\n- --port=80\n- -x\n- "a: b"\n- |\n  exec true\n- []\nimage: a/b:1.2@sha256:0\n',
    ],
)
def test_the_usual_forms_are_read(text, monkeypatch):
    assert check(text, monkeypatch) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2\n", id="duplicate key"),
        pytest.param('1: a\n"1": b\n', id="the same key as text and as number"),
        pytest.param("a: x\n  y\n", id="text on two lines"),
        pytest.param("a: x\n  b: 1\n", id="below a value"),
        pytest.param("a:\n  b: 1\n c: 2\n", id="a column that nothing has"),
        pytest.param("a:\n  - x\n  b: 1\n", id="a pair beside items"),
        pytest.param("a:\n- x\n  - y\n", id="below an item"),
        pytest.param("- a: |\n  b\n", id="literal beside its key"),
        pytest.param("a: &x 1\nb: *x\n", id="anchor"),
        pytest.param("a: &x {b: 1}\nc:\n  <<: *x\n", id="merge key"),
        pytest.param("a: !!str 1\n", id="tag"),
        pytest.param('a: "\\n"\n', id="escape"),
        pytest.param("a:\t1\n", id="tab"),
        pytest.param("a: b\u2028c\n", id="another end of a line"),
        pytest.param("é: a\n", id="key with more than ASCII"),
        pytest.param("a: .inf\n", id="no value of JSON"),
        pytest.param("~: 1\n", id="no key of JSON"),
        pytest.param("a: >\n  b\n", id="folded"),
        pytest.param("a: |\n  b", id="literal without an end of line"),
        pytest.param("a: |\n\n  b\n", id="literal that begins with a blank line"),
        pytest.param("a: |\n   \n  b\n", id="literal that begins with blanks"),
        pytest.param("a: |\n  b\n  \x85\n", id="literal with another end of a line"),
        pytest.param("a: 1\n...\nb: 2\n", id="end of a document"),
        pytest.param("# c\n", id="nothing but a comment"),
        pytest.param(f"{' ' * 41}a: 1\n", id="far to the right"),
    ],
)
def test_what_is_not_usual_is_left_to_the_parser(text):
    assert read(text) is None


def test_a_document_with_too_many_values_is_left_to_the_parser():
    reader = LineReader()
    text = "a: [x, x]\n" + "".join(f"b{number}: 1\n" for number in range(10))

    assert reader.read(text, 60) == (
        {"a": ["x", "x"]} | {f"b{number}": 1 for number in range(10)},
        25,
    )
    assert reader.read(text, 48) is None


def test_equal_lines_give_values_of_their_own():
    [document] = load_all("a:\n  c: [x]\nb:\n  c: [x]\n")

    document.value["a"]["c"].append("y")

    assert document.value["b"] == {"c": ["x"]}


@pytest.mark.parametrize(
    "above", ["a: ", "- ", "- a: ", "", "a:", '"a"', "[", "a: [", "a: [x", "a: '"]
)
@pytest.mark.parametrize(
    "part", [" ", "[", "'", '"', ",", ", ", "x,", "#", ":", "-", "- ", "a: ", "x", " #"]
)
def test_no_line_takes_more_than_linear_time(above, part):
    text = above + part * 200_000

    start = time.process_time()
    read(f"{text}\n")
    read(f"{text};\n")
    read(f"a: |\n{text}\n")
    read(f"a: |\n  {text}\n")

    assert time.process_time() - start < 1


@pytest.mark.parametrize("each", ["  k{}: |\n    x\n", "  k{}:\n    - x\n", "  - k{}: [x]\n"])
def test_no_number_of_lines_takes_more_than_linear_time(each):
    text = "a:\n" + "".join(each.format(number) for number in range(60_000))

    start = time.process_time()
    assert LineReader().read(text, 10**7) is not None

    assert time.process_time() - start < 3


def test_long_streams_keep_few_lines():
    reader = LineReader()
    for number in range(3):
        reader.read("".join(f"a{number}-{line}: {line}\n" for line in range(4000)), 10**6)

    assert len(reader._lines) < 5000
