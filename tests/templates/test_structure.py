import pytest

from tests.templates.rendered import documents, refused

GOLDENS = {
    "a value is typed": (
        "a: {{ n }}\nb: {{ t }}\nc: {{ yes }}\n",
        {"a": 8080, "b": "1.10", "c": True},
    ),
    "a quoted value is text": ("a: '{{ n }}'\nb: \"{{ yes }}\"\n", {"a": "8080", "b": "true"}),
    "a value inside a text": (
        "a: port-{{ n }}\nb: {{ t }}.{{ n }}\n",
        {"a": "port-8080", "b": "1.10.8080"},
    ),
    "a mapping fills a node": (
        "a: {{ m }}\nb:\n  - {{ m }}\n",
        {"a": {"k": "v: w"}, "b": [{"k": "v: w"}]},
    ),
    "a list fills a node": ("a: {{ l }}\n", {"a": ["x", "- y", "z"]}),
    "template text is syntax": (
        "a: {{ '1' }}\nb: {{ missing | default('[1, 2]') }}\n",
        {"a": 1, "b": [1, 2]},
    ),
    "macro": (
        "{% macro pair(key, value) %}\n{{ key }}:\n  is: {{ value }}\n{% endmacro %}\n"
        "{{ pair('a', evil) }}",
        {"a": {"is": 'x"\nb: 1'}},
    ),
    "set": ("{% set sep = ', ' %}\na: [{{ n }}{{ sep }}{{ t }}]\n", {"a": [8080, "1.10"]}),
    "set block": (
        "{% set block %}\n  b: {{ evil }}\n{% endset %}\na:\n{{ block }}",
        {"a": {"b": 'x"\nb: 1'}},
    ),
    "call": (
        "{% macro under(key) %}\n{{ key }}:\n  {{ caller() }}\n{% endmacro %}\n"
        "{% call under('a') %}b: {{ evil }}{% endcall %}\n",
        {"a": {"b": 'x"\nb: 1'}},
    ),
    "loop separators": (
        "a: [{% for i in l %}{{ i }}{{ ', ' if not loop.last }}{% endfor %}]\n",
        {"a": ["x", "- y", "z"]},
    ),
    "join": (
        "a: {{ l | join(', ') }}\nb: {{ l | join('\\n') }}\n",
        {"a": "x, - y, z", "b": "x\n- y\nz"},
    ),
    "tojson": (
        "a: {{ m | tojson }}\nb: '{{ m | tojson }}'\nc: |\n  {{ m | tojson }}\n",
        {"a": {"k": "v: w"}, "b": '{"k": "v: w"}', "c": '{"k": "v: w"}\n'},
    ),
    "indent in a block": ("a: |\n  {{ lines | indent(2) }}\n  end\n", {"a": "one\ntwo\nend\n"}),
    "indent of template text": (
        "{% set inner %}\nb: {{ evil }}\nc: 2\n{% endset %}\na:\n  {{ inner | indent(2) }}",
        {"a": {"b": 'x"\nb: 1', "c": 2}},
    ),
    "literal block": ("a: |\n  {{ evil }}\n  end\n", {"a": 'x"\nb: 1\nend\n'}),
    "folded block": ("a: >-\n  {{ t }}\n  {{ n }}\n", {"a": "1.10 8080"}),
    "keys from values": (
        "{{ t }}: 1\nk-{{ n }}: 2\n'{{ evil }}': 3\n",
        {"1.10": 1, "k-8080": 2, 'x"\nb: 1': 3},
    ),
    "merge keys": (
        "a: &a\n  x: {{ n }}\nb:\n  <<: *a\n  z: 2\n",
        {"a": {"x": 8080}, "b": {"x": 8080, "z": 2}},
    ),
    "anchors": ("a: &a {{ m }}\nb: *a\n", {"a": {"k": "v: w"}, "b": {"k": "v: w"}}),
    "filter block": (
        "{% filter indent(2, true) %}\nb: {{ evil }}\n{% endfilter %}",
        {"b": 'x"\nb: 1'},
    ),
    "filters of values": (
        "a: {{ t | replace('.', '-') }}\nb: {{ l | map('upper') | list }}\n",
        {"a": "1-10", "b": ["X", "- Y", "Z"]},
    ),
    "text joined": ("a: {{ t ~ '-' ~ n }}\nb: {{ t + 'x' }}\n", {"a": "1.10-8080", "b": "1.10x"}),
    "comments": ("# {{ evil }}\na: 1 # {{ n }}\n", {"a": 1}),
    "nothing below a key": (
        "a:\n{% for i in none_of_it %}\n- {{ i }}\n{% endfor %}\nb: 1\n",
        {"b": 1},
    ),
    "null is kept where it is written": ("a: null\nb: ~\n", {"a": None, "b": None}),
    "flow": ("a: {b: {{ evil }}, c: [{{ n }}]}\n", {"a": {"b": 'x"\nb: 1', "c": [8080]}}),
}
CONTEXT = {
    "n": 8080,
    "t": "1.10",
    "yes": True,
    "m": {"k": "v: w"},
    "l": ["x", "- y", "z"],
    "evil": 'x"\nb: 1',
    "lines": "one\ntwo",
    "none_of_it": [],
}


@pytest.mark.parametrize("name", GOLDENS)
def test_golden(tmp_path, name):
    source, expected = GOLDENS[name]

    assert documents(tmp_path, source, **CONTEXT) == [expected]


def test_include_and_import(tmp_path):
    (tmp_path / "part.j2").write_text("  b: {{ evil }}\n", encoding="utf-8")
    (tmp_path / "macros.j2").write_text(
        "{% macro c(value) %}\n  c: {{ value }}\n{% endmacro %}\n", encoding="utf-8"
    )
    source = "{% from 'macros.j2' import c %}\na:\n{% include 'part.j2' %}\n{{ c(n) }}"

    assert documents(tmp_path, source, **CONTEXT) == [{"a": {"b": 'x"\nb: 1', "c": 8080}}]


def test_extends_and_blocks(tmp_path):
    (tmp_path / "base.j2").write_text(
        "a:\n{% block inner %}\n  x: 1\n{% endblock %}\n", encoding="utf-8"
    )
    source = "{% extends 'base.j2' %}{% block inner %}{{ super() }}  z: {{ t }}\n{% endblock %}"

    assert documents(tmp_path, source, **CONTEXT) == [{"a": {"x": 1, "z": "1.10"}}]


def test_several_documents(tmp_path):
    assert documents(tmp_path, "a: {{ n }}\n---\nb: {{ t }}\n", **CONTEXT) == [
        {"a": 8080},
        {"b": "1.10"},
    ]


HOSTILE = [
    'x"\n        - name: PWN\n          value: "y',
    *("yes", "no", "1e3", "0x1F", "007", "~", "null", "&a", "*a", "!!python/object", "---"),
    *(
        "{{7*7}}",
        "{% x %}",
        "a\u2028b",
        "#x",
        "a: b",
        "- a",
        "",
        "[",
        "{",
        "|",
        ">",
        "%TAG",
        "@",
        "`",
    ),
    *("'", '"', "\\n", "C:\\new", "<<", "? a", "a\tb", "\uf8f0", "\uf8f00x0\uf8f1", "\ue000"),
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "source",
    [
        pytest.param("a: {{ v }}\nb: 1\n", id="plain"),
        pytest.param('a: "{{ v }}"\nb: 1\n', id="quoted"),
        pytest.param("a: |-\n  {{ v }}\nb: 1\n", id="block"),
        pytest.param("{a: {{ v }}, b: 1}\n", id="flow"),
    ],
)
def test_a_value_is_never_syntax(tmp_path, source, value):
    assert documents(tmp_path, source, v=value) == [{"a": value, "b": 1}]


@pytest.mark.parametrize("value", [value for value in HOSTILE if value])
def test_a_value_as_key_is_never_syntax(tmp_path, value):
    assert documents(tmp_path, "{{ v }}: 1\nother: 2\n", v=value) == [{value: 1, "other": 2}]


@pytest.mark.parametrize(
    ("source", "message", "underlined"),
    [
        pytest.param(
            "a: 1\n{{ t }}: 2\n1.10: 3\n'1.10': 4\n", "given twice", "'1.10': 4", id="twice"
        ),
        pytest.param(
            "a: 1\n{{ empty }}: 2\n", "an empty text cannot be a key", "{{ empty }}", id="empty key"
        ),
        pytest.param(
            "{{ m }}: 2\n", "a mapping or a list cannot be a key", "{{ m }}", id="mapping key"
        ),
        pytest.param("a: &{{ t }} 1\n", "expected alphabetic", "{{ t }}", id="anchor"),
        pytest.param("a: b: {{ t }}\n", "mapping values are not allowed", "{{ t }}", id="no YAML"),
        pytest.param("a: 1\n  b: 2\n", "mapping values are not allowed", "b: 2", id="indent"),
    ],
)
def test_what_is_no_object_is_refused_at_its_line(tmp_path, source, message, underlined):
    rule, told, marked = refused(tmp_path, source, **CONTEXT, empty="")

    assert rule == "template-output"
    assert message in told
    assert marked == underlined
