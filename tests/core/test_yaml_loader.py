import gc
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8sgen_core.yaml import depth, nodes
from k8sgen_core.yaml.chunks import chunks
from k8sgen_core.yaml.loader import Limits, YamlError, load_all
from k8sgen_core.yaml.positions import Positions, Span, locate

STRICTER_THAN_GO = {
    '1: a\n"1": b': "both keys become '1'; Go keeps one of them, not always the same",
}
STRICTER_WITHOUT_LIBYAML = {
    "a:\tb": "PyYAML's own scanner wants a space after the colon",
}


@pytest.fixture(params=["libyaml", "python"])
def parser(request, monkeypatch) -> str:
    """Run a test with the C parser and with the one for a PyYAML that has none."""
    if request.param == "python":
        monkeypatch.setattr(nodes, "open_parser", nodes.PythonParser)
        monkeypatch.setattr(depth, "open_parser", nodes.PythonParser)
    return request.param


def values(content: str | bytes) -> list:
    return [document.value for document in load_all(content)]


def refusal(content: str | bytes, **allowed: int) -> tuple[int, int, str]:
    with pytest.raises(YamlError) as caught:
        list(load_all(content, limits=Limits(**allowed)))
    assert caught.value.hint
    return caught.value.line, caught.value.column, caught.value.message


def number_as_kubernetes_reads_it(digits: str) -> int | float:
    number = int(digits)
    return number if -(2**63) <= number < 2**63 else float(digits)


def test_every_recorded_answer_of_go_is_ours(shared: Path, parser):
    recorded = shared / "prototypes/validation/gold.json"
    disagreements = []
    for text, answer in json.loads(recorded.read_text(encoding="utf-8")).items():
        try:
            ours = values(text)[0]
        except YamlError:
            ours = YamlError
        refused = answer.startswith("ERR")
        go = YamlError if refused else json.loads(answer, parse_int=number_as_kubernetes_reads_it)
        if ours != go:
            disagreements.append(text)

    known = STRICTER_THAN_GO | (STRICTER_WITHOUT_LIBYAML if parser == "python" else {})
    assert sorted(disagreements) == sorted(known)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: 1e3", {"a": 1000}, id="integral float is sent as an integer"),
        pytest.param("1e6: x", {"1e+06": "x"}, id="float key"),
        pytest.param("0.1: x", {"0.1": "x"}, id="short float key"),
        pytest.param("-.inf: x", {"-.inf": "x"}, id="infinity as key"),
        pytest.param("a: .5_0", {"a": 0.5}, id="underscore"),
        pytest.param("a: 9223372036854775808", {"a": 2**63}, id="unsigned 64 bits"),
        pytest.param("a: 18446744073709551616", {"a": 2.0**64}, id="more than 64 bits"),
        pytest.param("a: " + "9" * 5000, {"a": "9" * 5000}, id="more digits than a float holds"),
        pytest.param("a: !!timestamp 2024-01-01", {"a": "2024-01-01"}, id="timestamp"),
        pytest.param('a: ! "12"', {"a": "12"}, id="non-specific tag"),
        pytest.param('"<<": {a: 1}', {"<<": {"a": 1}}, id="quoted merge key"),
        pytest.param("!!str 1: x", {"1": "x"}, id="tagged key"),
        pytest.param(
            "p: &p {a: 1}\nq: &q {b: 2}\nr: {<<: [*p, *q], c: 3}",
            {"p": {"a": 1}, "q": {"b": 2}, "r": {"a": 1, "b": 2, "c": 3}},
            id="merge of a list",
        ),
    ],
)
def test_scalars_and_keys_mean_what_they_mean_to_kubectl(text, value, parser):
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a: 1\nb:\n  c: 1\n  c: 2", (4, 3), id="duplicate"),
        pytest.param("a: &x {k: 1}\nb:\n  k: 2\n  <<: *x", (4, 3), id="merge over a key"),
        pytest.param("a: &x {k: 1}\nb:\n  <<: *x\n  k: 2", (4, 3), id="key over a merge"),
        pytest.param("a: {<<: 1}", (1, 5), id="merge of a number"),
        pytest.param("a: ~\n---\nb: ~\n~: c", (4, 1), id="null key"),
        pytest.param("- a\n- .inf", (2, 3), id="infinity"),
        pytest.param("a: !!int x", (1, 4), id="wrong tag"),
        pytest.param("a: !!binary '?'", (1, 4), id="no base64"),
        pytest.param("? {a: b}\n: c", (1, 3), id="mapping as key"),
        pytest.param("a: 1\r\nb: *x\r\n", (2, 4), id="unknown alias, CRLF"),
        pytest.param('é: "🐘\\/"', (1, 6), id="escape that Go does not know"),
        pytest.param("a: 1\n---\nb: c: d", (3, 5), id="second document"),
        pytest.param("a: 1\n...\nb: 2", (3, 1), id="no marker after the end"),
        pytest.param("# é\na: \x07", (2, 4), id="control character"),
        pytest.param("a: b\nc: \ud800", (2, 4), id="half a character"),
        pytest.param(b"a: 1\n\xc3\xa9: \xff", (2, 4), id="not UTF-8"),
        pytest.param('{"a": 1,\n "a": 2}', (2, 2), id="duplicate in JSON"),
    ],
)
def test_errors_are_where_the_fault_is(text, place):
    assert refusal(text)[:2] == place


def test_an_error_names_file_place_fault_and_remedy():
    with pytest.raises(YamlError) as caught:
        list(load_all("a: 1\na: 2", name="app.yaml"))

    assert str(caught.value) == (
        "app.yaml:2:1: key 'a' already set in this mapping; "
        "keep one of the two (a key that '<<' brings counts too)"
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_documents_are_numbered_and_know_their_line(newline, parser):
    text = "# top\n---\na: 1\n---\n# only a comment\n---\n--- # b\nb: |\n  ---\n---\n- c\n"

    documents = list(load_all(text.replace("\n", newline)))

    assert [document.value for document in documents] == [{"a": 1}, {"b": "---\n"}, ["c"]]
    assert [document.index for document in documents] == [0, 1, 2]
    assert [document.line for document in documents] == [2, 7, 10]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "\n---\n",
        "---\n---\n--- #\n---x\n---\t",
        "é: 1\n---\nb: 🐘\n ---\n----\n---",
        "a: 1\r\n---\r\nb: 2\r---\rc: 3",
        "%YAML 1.1\n---\na: 1\n---\n",
        "a: 1\n...\n%YAML 1.1\n# c\n\n---\nb: 2\n",
        "\ufeffa: 1\n---\nb: 2",
    ],
)
def test_bytes_have_the_documents_that_their_text_has(text):
    assert list(chunks(text.encode(), "")) == list(chunks(text, ""))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a: é".encode(), id="UTF-8"),
        pytest.param("a: é".encode("utf-8-sig"), id="UTF-8 with mark"),
        pytest.param("a: é".encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xfe\xff" + "a: é".encode("utf-16-be"), id="UTF-16 big end first"),
        pytest.param("\ufeffa: é", id="text with mark"),
        pytest.param("%YAML 1.1\n# c\n---\na: é", id="directive"),
        pytest.param('\n{"a": "\\u00e9"}\n', id="JSON"),
    ],
)
def test_encodings(content):
    assert values(content) == [{"a": "é"}]


def test_json_keeps_what_yaml_would_refuse():
    text = r'{"a": "\ud83d\ude00\/", "b": "\ud83d", "c": "\\ud83d"}'

    [document] = load_all(text)

    assert document.value == {"a": "😀/", "b": "\ufffd", "c": "\\ud83d"}
    assert locate(document, ["c"]) == Span(1, 45, 1, 54)


def test_an_alias_gives_a_value_of_its_own():
    [value] = values("a: &x {b: [1]}\nc: *x")

    value["a"]["b"].append(2)

    assert value["c"] == {"b": [1]}


MANIFEST = """\
# first
kind: A
---
kind: Deployment
spec:
  template: {labels: {on: "é"}}  # c
  containers:
  - name: web
    args: [a, 🐘, b]
    text: |
      one
      two

  defaults: &d
    cpu: 1
  merged:
    <<: *d
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        pytest.param(["kind"], (4, 7, 4, 17), (4, 1, 4, 5), id="plain"),
        pytest.param(
            ["spec", "template", "labels", "true"], (6, 27, 6, 30), (6, 23, 6, 25), id="flow"
        ),
        pytest.param(
            ["spec", "containers", 0, "args", 2], (9, 18, 9, 19), (9, 18, 9, 19), id="item"
        ),
        pytest.param(
            ["spec", "containers", 0, "text"], (10, 11, 12, 10), (10, 5, 10, 9), id="block"
        ),
        pytest.param(
            ["spec", "containers", 0], (8, 5, 12, 10), (8, 5, 12, 10), id="mapping in a list"
        ),
        pytest.param(
            ["spec", "merged", "cpu"], (15, 10, 15, 11), (15, 5, 15, 8), id="through a merge"
        ),
        pytest.param(
            ["spec", "containers", 7, "x"], (8, 3, 12, 10), (8, 3, 12, 10), id="no such item"
        ),
        pytest.param(["kind", "x"], (4, 7, 4, 17), (4, 7, 4, 17), id="inside a scalar"),
    ],
)
def test_positions_are_found_on_demand(path, value, key, parser):
    document = list(load_all(MANIFEST))[1]

    positions = Positions(document)

    assert positions.locate(path) == Span(*value)
    assert positions.locate(path, key=True) == Span(*key)


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[" * 20_000, "values are nested more than 128 deep", id="brackets"),
        pytest.param("[\n" * 20_000, "values are nested more than 128 deep", id="lines"),
        pytest.param("- " * 10_000, "values are nested more than 128 deep", id="dashes"),
        pytest.param(
            "\n".join(" " * n + "a:" for n in range(2_000)),
            "values are nested more than 128 deep",
            id="blocks",
        ),
        pytest.param(
            '{"a":' * 20_000 + "1" + "}" * 20_000,
            "values are nested more than 128 deep",
            id="JSON",
        ),
        pytest.param(laughs(9), "aliases make this document too large", id="laughs"),
        pytest.param(
            f"a: &a {'x' * 100_000}\nb: [{'*a,' * 1_000}]",
            "aliases make this document too large",
            id="long text",
        ),
        pytest.param("a: &a [*a]", "an anchor's value contains itself", id="cycle"),
        pytest.param(
            "".join(f"%TAG !a{n}! x\n" for n in range(20_000)) + "---\na: 1",
            "the document has 19,982 %TAG directives",
            id="directives",
        ),
    ],
)
def test_hostile_text_is_refused_at_once(text, message):
    assert refusal(text)[2] == message

    # Other tests leave a heap behind whose collection would count as time of this one.
    assert any(seconds(lambda: refusal(text)) < 1 for _ in range(3))


def seconds(work) -> float:
    gc.disable()
    try:
        begin = time.process_time()
        work()
        return time.process_time() - begin
    finally:
        gc.enable()


def test_nesting_is_counted_through_aliases():
    chain = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))

    assert refusal("a0: &a0 x\n" + chain)[2] == "values are nested more than 128 deep"


def test_size_and_number_of_values_are_limited():
    assert refusal("a: 1234567", size=9)[2] == "the file has 10 characters, more than 9"
    assert refusal("- a\n" * 20, values=20)[2] == "the document has more than 20 values"
    assert refusal('{"a": [1, 2, 3, 4]}', values=4)[2] == "the document has more than 4 values"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100 + "]" * 100, id="brackets"),
        pytest.param("\n".join(" " * n + "a:" for n in range(100)), id="blocks"),
        pytest.param("a: '" + "[" * 500 + "'", id="quoted"),
        pytest.param("a: 1 #" + "[" * 500, id="comment"),
        pytest.param("a: |\n" + " " * 300 + "- - {[" * 300, id="block scalar"),
    ],
)
def test_ordinary_text_is_never_too_deep(text, parser):
    assert len(values(text)) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values))
def test_json_is_read_as_json(value):
    assert values(json.dumps(value)) == [value]
