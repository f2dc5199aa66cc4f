"""Circles of builders that hold each other: refused where they close, never an empty output."""

import pytest

from tests.core.described import described


@pytest.mark.parametrize(
    ("source", "closing", "message"),
    [
        pytest.param(
            'a = App("a").image("a:1")\na.add(a)', "a", "App('a') cannot hold itself", id="itself"
        ),
        pytest.param(
            'a = App("a").image("a:1")\na.for_environment("prod").add(a)',
            "a",
            "App('a') cannot hold itself",
            id="itself in an environment",
        ),
        pytest.param(
            'x, y = AppGroup("x"), AppGroup("y")\nx.add(y)\ny.add(x)',
            "x",
            "AppGroup('y') cannot hold AppGroup('x'), which holds AppGroup('y') already",
            id="two groups",
        ),
        pytest.param(
            'x, y, z = AppGroup("x"), AppGroup("y"), AppGroup("z")\n'
            'x.add(y)\ny.for_environment("prod").add(z)\nz.add(ConfigMap("c"), x)',
            "x",
            "AppGroup('z') cannot hold AppGroup('x'), which holds AppGroup('z') already",
            id="three groups, one in an environment",
        ),
    ],
)
def test_a_circle_is_refused_at_the_argument_that_closes_it(source, closing, message):
    found = described(source)

    [finding] = found.findings
    assert (finding.rule, finding.message) == ("conflicting-settings", message)
    assert found.underlined(finding) == closing
    assert finding.place.range.start.line == source.count("\n")


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        pytest.param("depends_on(a)", "a", id="waits for itself"),
        pytest.param("depends_on([b, a])", "a", id="in a list"),
        pytest.param("connect_to(b, a)", "a", id="calls itself"),
        pytest.param('for_environment("prod").depends_on(a)', "a", id="in an environment"),
    ],
)
def test_nothing_needs_itself(call, argument):
    found = described(f'a, b = App("a").image("a:1"), App("b").image("a:1")\na.{call}')

    [finding] = found.findings
    assert (finding.rule, finding.message) == (
        "conflicting-settings",
        "App('a') cannot need itself",
    )
    assert found.underlined(finding) == argument


@pytest.mark.parametrize(
    ("source", "argument"),
    [
        pytest.param(
            'a = App("a").image("a:1")\nAppGroup("g").add(a.for_environment("prod"))',
            'a.for_environment("prod")',
            id="of a group",
        ),
        pytest.param(
            'c = ConfigMap("c").add("k", "v")\nprod = c.for_environment("prod").add("k", "w")\n'
            'App("a").image("a:1").add_config(prod)',
            "prod",
            id="of an application",
        ),
    ],
)
def test_what_an_environment_changes_is_no_part_by_itself(source, argument):
    found = described(source)

    [finding] = found.findings
    assert finding.rule == "wrong-type"
    assert finding.message.endswith(" in 'prod', and no resource by itself")
    assert found.underlined(finding) == argument


def test_what_is_in_a_circle_is_still_described():
    found = described('a = App("a").image("a:1")\nx = AppGroup("x").add(a)\na.add(x)')

    assert [each["kind"] for each in found.objects] == ["Deployment"]


def test_two_may_hold_the_same():
    source = """\
c = ConfigMap("c").add("k", "v")
a = App("a").image("a:1").add(c)
App("b").image("a:1").add(c, a)
"""

    assert described(source).findings == []
