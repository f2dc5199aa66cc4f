import time

import pytest

from tests.templates.rendered import documents, refused

PAYLOADS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ ''['__class__'] }}",
    "{{ name.origin }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ name.__init__.__globals__ }}",
    "{{ labels.__class__ }}",
    "{{ labels.update({'a': 1}) }}",
    "{{ labels.pop('a') }}",
    "{{ items.append(1) }}",
    "{{ name.format(x=1) }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '{x.__class__}'.format_map({'x': name}) }}",
    "{{ '%s' % name }}",
    "{{ name | attr('__class__') }}",
    "{{ items | map(attribute='__class__') | list }}",
    "{{ name | map('attr', '__class__') | list }}",
    "{{ lipsum() }}",
    "{{ items | random }}",
    "{% include '../../etc/passwd' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{{ joiner.__call__.__globals__ }}",
    "{% for i in range(1) %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{{ range }}",
    "{{ unknown() }}",
    "{{ name() }}",
]
CONTEXT = {"name": "web", "labels": {"a": "b"}, "items": ["x"]}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_python_is_reached(tmp_path, payload):
    rule, _, _ = refused(tmp_path, f"a: {payload}\n", **CONTEXT)

    assert rule in ("template-error", "unknown-template-name")


BOMBS = [
    "{{ 'a' * 10**10 }}",
    "{{ 10**10**10**10**10 }}",
    "{{ [1] * 10**9 }}",
    "{{ range(10**9) | list }}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{{ name.ljust(10**10) }}",
    "{{ name.zfill(10**10) }}",
    "{{ name | center(10**10) }}",
    "{{ name | indent(10**10) }}",
    "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}"
    "{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}"
    "{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}"
    "{% set n.x = n.x.replace('a', n.x) %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}"
    "{% set n.x = n.x | replace('a', n.x) %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}"
    "{% endfor %}{{ n.x }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 't.yaml.j2' %}",
    "{{ 'x'.join(['y' * 1000000] * 90000) }}",
    "{{ ['y' * 1000000] * 90000 | join('x') }}",
    "{% set n = namespace(x=2) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}"
    "{% endfor %}{{ n.x }}",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_template_cannot_ask_for_too_much(tmp_path, bomb):
    began = time.perf_counter()

    rule, _, _ = refused(tmp_path, f"a: {bomb}\n", **CONTEXT)

    assert rule == "template-error"
    assert time.perf_counter() - began < 5


def test_a_link_out_of_the_project_is_refused(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("secret: 1\n", encoding="utf-8")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link.j2").symlink_to(outside)

    rule, message, underlined = refused(inside, "a: 1\n{% include 'link.j2' %}\n")

    assert (rule, underlined) == ("template-error", "link.j2")
    assert message == "'link.j2' is a link to a file outside of the project"


def test_a_link_inside_the_project_is_followed(tmp_path):
    (tmp_path / "part.j2").write_text("b: 1\n", encoding="utf-8")
    (tmp_path / "link.j2").symlink_to(tmp_path / "part.j2")

    assert documents(tmp_path, "{% include 'link.j2' %}\n") == [{"b": 1}]


@pytest.mark.parametrize(
    ("source", "message", "underlined"),
    [
        pytest.param(
            "a: 1\nb: {{ nam }}\n",
            "nothing gives the template a value for 'nam'",
            "nam",
            id="unknown",
        ),
        pytest.param(
            "a: {{ name | nofilter }}\n", "No filter named 'nofilter'.", "nofilter", id="filter"
        ),
        pytest.param("a: {{ name is notest }}\n", "No test named 'notest'.", "notest", id="test"),
        pytest.param("a: 1\nb: {{ 1 / 0 }}\n", "division by zero", "{{ 1 / 0 }}", id="division"),
        pytest.param(
            "a: {{ name + 1 }}\n",
            'can only concatenate str (not "int") to str',
            "{{ name + 1 }}",
            id="types",
        ),
        pytest.param(
            "a: 1\n{% if name %}\n",
            "Unexpected end of template. Jinja was looking for the following tags:"
            " 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.",
            "{% if name %}",
            id="open",
        ),
        pytest.param(
            "a: {{ name\n",
            "unexpected end of template, expected 'end of print statement'.",
            "{{ name",
            id="brace",
        ),
    ],
)
def test_a_fault_is_underlined_in_the_template(tmp_path, source, message, underlined):
    _, told, marked = refused(tmp_path, source, **CONTEXT)

    assert (told, marked) == (message, underlined)


def test_a_fault_in_an_included_file_is_underlined_there(tmp_path):
    (tmp_path / "part.j2").write_text("x: 1\ny: {{ 1 / 0 }}\n", encoding="utf-8")

    assert refused(tmp_path, "{% include 'part.j2' %}\n") == (
        "template-error",
        "division by zero",
        "{{ 1 / 0 }}",
    )
