"""The law of the emitter: what it writes is what every loader reads, and looks as people write."""

# ruff: noqa: E501 - What is expected is a table, and reads best with one case on a line.

import io
import math
from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from k8sgen_core.carriers import Origin, carry, plain
from k8sgen_core.yaml.emitter import Emitter, emit
from k8sgen_core.yaml.loader import load_all
from k8sgen_core.yaml.spelling import scalar

NASTY = [
    *["no", "yes", "on", "off", "y", "n", "Y", "NO", "~", "null", "Null", "true", "True", "FALSE"],
    *["1.10", "012", "0x1f", "1e3", "1_000", "0o14", "12:30:45", ".5", "0b1", "+1", "1e-5", "123"],
    *[".inf", ".NaN", "-.INF", "nan", "inf", "Infinity", "NaN", "2024-01-01", "2024-01-01T10:00:00Z"],
    *["=", "<<", "-", "--", "---", "- a", "? x", "...", ":", "a:", "k:", "a: b", ":a", "::", "a::b"],
    *["#x", "a #b", "a# b", "[a]", "{a}", "&a", "*a", "!t", "%d", "@x", "`x`", "'q'", '"d"', "|"],
    *[">", "|-", ">+", ",", "a,b", "{{ value }}", "", " ", "  ", " lead", "trail ", "a  b", "\t"],
    *["tab\tx", "\tlead", "\\n", "C:\\new", "é☃", "🐘", "a\u2028b", "a\u2029b", "a\x85b", "\ufeff"],
    *["\ufeffx", "x\ufeff", "\x07", "\x00", "\x7f", "\x9f", "\xa0", "a\r\nb", "a\rb", "\r", "\ufffe"],
    *["line1\nline2\n", "a\n", "\na", "\n", "\n\n", "a\n\n", "a\n\nb", " a\nb", "a\n b", "a\n  \nb"],
    *["a\nb ", "a \nb", "a\n\tb", "\ta\nb", "a\nb\n\n\n", "#a\nb", "- a\n- b\n", "a: b\nc: d\n"],
    *["---\na\n", "a\n---\nb", "a\n...\nb", "a\x07\nb\n", "a\u2028\nb\n", "a\ufeff\nb\n", "é\n🐘\n"],
    *["a\r\nb\r\n", "%a\nb", "|\n|\n", "'\n'", "a\n \n", "x" * 2000, "word " * 200, "_", "1_", "e3"],
    *["100m", "1.27", "nginx:1.27", "128Mi", "1:2", "190:20:30", "1m", "0", "-0", "00", "1.", "-"],
]  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(CHARACTERS),
    st.text("ab \n\t:#-'\"|>{}[]&*!%@`,?\\0123.eE+_~=<\r\x85\u2028\ufeff", max_size=12),
    st.lists(st.sampled_from(NASTY), max_size=5).map("\n".join),
)
SCALARS = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.none(),
)
# YAML ends a key on its line after 1,024 characters; no key of Kubernetes is that long.
KEYS = TEXTS.map(lambda key: key[:80])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=5)


def read_by_go(text):
    [document] = load_all(text.encode(), name="x.yaml")
    return document.value


def read_by_yaml_1_2(text):
    return YAML(typ="safe", pure=True).load(io.StringIO(text, newline=""))


LOADERS = {
    "yaml 1.1": lambda text: yaml.load(text, yaml.SafeLoader),
    "libyaml": lambda text: yaml.load(text.encode(), yaml.CSafeLoader),
    "yaml 1.2": read_by_yaml_1_2,
    "go": read_by_go,
}


def as_go_reads(value):
    """Return what Kubernetes makes of numbers: JSON has one kind, Go integers have 64 bits."""
    if isinstance(value, dict):
        return {key: as_go_reads(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_go_reads(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return float(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(Decimal(repr(value)))
    return value


def finite_in_64_bits(value):
    if isinstance(value, dict | list):
        return all(map(finite_in_64_bits, value.values() if isinstance(value, dict) else value))
    if isinstance(value, int | float):
        return -1e300 < value < 1e300 if isinstance(value, int) else math.isfinite(value)
    return True


def assert_read_back(value):
    text = emit([value])
    for name, load in LOADERS.items():
        if name != "go":
            assert same(load(text), value), name
        elif finite_in_64_bits(value):
            assert same(as_go_reads(load(text)), as_go_reads(value)), name


def same(one, other):
    """Are both equal, and of the same types all the way down?"""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("text", [pytest.param(text, id=ascii(text)[:30]) for text in NASTY])
def test_nasty_text_reads_back_wherever_it_stands(text):
    assert_read_back({"value": text, "list": [text, [text]], "inner": {"deep": {"x": text}}})
    if len(text) < 100:
        assert_read_back({text: 1, "in": {text: text}, "items": [{text: [text]}]})


@settings(max_examples=60, deadline=None)
@given(OBJECTS)
def test_every_object_reads_back(value):
    assert_read_back(value)


@given(OBJECTS)
def test_values_with_origins_are_written_as_those_without(value):
    known = carry(value, Origin((None, 0)))

    assert emit([known]) == emit([value])
    assert same(plain(known), value)


@given(st.lists(OBJECTS, max_size=3))
def test_every_line_has_a_note_and_every_document_its_lines(values):
    emitter = Emitter()

    places = [emitter.document(value) for value in values]

    lines = emitter.text.split("\n")[:-1]
    assert len(emitter.notes) == len(emitter.lines) == len(lines)
    for value, (start, end) in zip(values, places, strict=True):
        text = "".join(f"{line}\n" for line in lines[start:end])
        assert same(yaml.safe_load(text), value)


@pytest.mark.parametrize(
    "text",
    [
        *["nginx", "nginx:1.27", "100m", "128Mi", "2Gi", "500k", "hello world", "info", "RuntimeDefault"],
        *["ghcr.io/a/b@sha256:0123456789abcdef", "localhost:5000/x:2", "app.kubernetes.io/name", "/data"],
        *["http://api:8080/v1", "ReadWriteOnce", "alpina.example.com", "v1", "apps/v1", "a=b", "web-1"],
        *["Europe/Zurich", "_x", "kubernetes.io/tls"],
    ],
)  # fmt: skip
def test_text_is_plain_where_people_write_it_plain(text):
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.27", '"1.27"'),
        ("yes", '"yes"'),
        ("8080", '"8080"'),
        ("0400", '"0400"'),
        ("", '""'),
        ("30 2 * * *", '"30 2 * * *"'),
        ("a: b", '"a: b"'),
        ("12:30", '"12:30"'),
        ("é", '"é"'),
        ("\x07", r'"\u0007"'),
        ("a\x85b", r'"a\u0085b"'),
        ("a\u2028b", r'"a\u2028b"'),
        ("\ufeff", r'"\ufeff"'),
    ],
)
def test_text_is_quoted_where_a_loader_could_mistake_it(text, written):
    assert scalar(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("a\nb\n", "v: |\n  a\n  b\n", id="ends with a line break"),
        pytest.param("a\nb", "v: |-\n  a\n  b\n", id="ends without one"),
        pytest.param("a\nb\n\n", "v: |+\n  a\n  b\n\n", id="ends with two"),
        pytest.param("a\n\n  b\n", "v: |\n  a\n\n    b\n", id="blank and indented lines"),
        pytest.param("# x\n- y: {z}\n", "v: |\n  # x\n  - y: {z}\n", id="looks like YAML"),
        pytest.param("---\na\n", "v: |\n  ---\n  a\n", id="looks like a document"),
        pytest.param("ü\n🐘\n", "v: |\n  ü\n  🐘\n", id="beyond ASCII"),
        pytest.param("all:\n\tcc x.c\n", "v: |\n  all:\n  \tcc x.c\n", id="a Makefile"),
        pytest.param("a \nb\n", "v: |\n  a \n  b\n", id="blank at the end of a line"),
        pytest.param(" a\nb\n", "v: |2\n   a\n  b\n", id="first line is indented"),
        pytest.param("\na\n", "v: |2\n\n  a\n", id="first line is empty"),
        pytest.param("\n\tb", "v: |2-\n\n  \tb\n", id="first an empty line and then a tab"),
        pytest.param("\n\n", 'v: "\\n\\n"\n', id="nothing but line breaks"),
        pytest.param("a\r\nb\r\n", 'v: "a\\r\\nb\\r\\n"\n', id="carriage returns"),
        pytest.param("a\n", "v: |\n  a\n", id="one line with its break"),
    ],
)
def test_text_of_several_lines_is_a_block_where_a_block_gives_it_back(text, written):
    assert emit([{"v": text}]) == written
    assert_read_back({"v": text, "items": [text, {"k": text}]})


def test_an_object_looks_as_people_write_it():
    value = {
        "kind": "Deployment",
        "spec": {
            "replicas": 2,
            "paused": False,
            "ratio": 0.5,
            "nothing": None,
            "empty": {},
            "none": [],
            "containers": [
                {"name": "web", "ports": [{"containerPort": 80}], "args": ["-c", "a\nb\n"]},
                {"name": "log", "env": [{"name": "A", "value": "1"}]},
            ],
            "matrix": [[1, 2], [[3]], [], {}],
        },
    }

    assert (
        emit([value, {"kind": "Service"}])
        == """\
kind: Deployment
spec:
  replicas: 2
  paused: false
  ratio: 0.5
  nothing: null
  empty: {}
  none: []
  containers:
  - name: web
    ports:
    - containerPort: 80
    args:
    - "-c"
    - |
      a
      b
  - name: log
    env:
    - name: A
      value: "1"
  matrix:
  - - 1
    - 2
  - - - 3
  - []
  - {}
---
kind: Service
"""
    )


@pytest.mark.parametrize(
    ("number", "written"),
    [(1e20, "1.0e+20"), (1e-7, "1.0e-07"), (1.5e300, "1.5e+300"), (-0.0, "-0.0"), (3.0, "3.0")],
)
def test_floats_are_floats_for_yaml_1_1_too(number, written):
    assert emit([{"v": number}]) == f"v: {written}\n"
    assert_read_back({"v": number})
