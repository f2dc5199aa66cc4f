"""Corrections that need to be told what was meant are told it by the hint of the finding."""

import pytest

from k8sgen_core.evaluation.result import evaluate
from k8sgen_core.fixes import Fix, applied, fix_of
from k8sgen_core.grammar import did_you_mean, proposals
from tests.core.described import described
from tests.fixes.test_chains import place_of

MARKED = """App("web").health_checks({"port": «'htpp'»})"""
SOURCE = MARKED.replace("«", "").replace("»", "")


def fix(hint: str | None, rule: str = "liveness-port") -> Fix | None:
    return fix_of(rule, place_of(SOURCE, MARKED), SOURCE, hint)


def test_what_the_hint_proposes_is_written():
    found = fix(did_you_mean("http"))

    assert found is not None
    assert (found.title, found.is_safe) == ("Change to 'http'", True)
    assert applied(SOURCE, found.edits) == SOURCE.replace("htpp", "http")


def test_a_name_that_only_may_be_meant_is_for_a_person_to_choose():
    found = fix(did_you_mean("http"), "dangling-ingress")

    assert found is not None
    assert not found.is_safe


@pytest.mark.parametrize("hint", [None, "", "correct it", did_you_mean("http", "https")])
def test_without_one_proposal_nothing_is_changed(hint):
    assert fix(hint) is None


@pytest.mark.parametrize(
    "options", [["a"], ["a", "b"], ["it's", "b"], ['say "a"'], ["what?", "it' or 'is"]]
)
def test_proposals_are_what_was_proposed(options):
    assert proposals(f"before; {did_you_mean(*options)} after") == options


@pytest.mark.parametrize("text", ["", "did you mean?", "did you mean 'a", "did you mean a?"])
def test_other_texts_propose_nothing(text):
    assert proposals(text) == []


@pytest.mark.parametrize(
    ("source", "rule", "expected"),
    [
        ('App("Web_App").image("a:1")', "invalid-name", 'App("web-app").image("a:1")'),
        ("App('a').namespace('My Team')", "invalid-name", "App('a').namespace('my-team')"),
        ('App("a").labels({"team": "a b"})', "invalid-label", 'App("a").labels({"team": "a-b"})'),
        ('App("a").labels({"te am": "b"})', "invalid-label", 'App("a").labels({"te-am": "b"})'),
        (
            'CustomResource("policy/v1beta1", "PodDisruptionBudget", "web")',
            "removed-api",
            'CustomResource("policy/v1", "PodDisruptionBudget", "web")',
        ),
        (
            'CustomResource("autoscaling/v2beta2", "HorizontalPodAutoscaler", "web")',
            "removed-api",
            'CustomResource("autoscaling/v2", "HorizontalPodAutoscaler", "web")',
        ),
    ],
)
def test_what_kubernetes_refuses_is_corrected(source, rule, expected):
    [finding] = [each for each in described(source).findings if each.rule == rule]
    found = fix_of(rule, finding.place.range, source, finding.hint)

    assert found is not None
    assert found.is_safe
    assert applied(source, found.edits) == expected
    assert rule not in [each.rule for each in described(expected).findings]


def test_a_call_that_a_hint_has_is_added_with_values_to_fill_in():
    text = 'App("web").image("nginx:1.27")'
    place = place_of(text, '«App("web")».image("nginx:1.27")')

    found = fix_of("missing-required-label", place, text, "add .labels({'team': ...})")

    assert found is not None
    assert (found.title, found.is_safe) == ("Add .labels({'team': \"todo\"})", False)
    assert applied(text, found.edits) == f"{text}.labels({{'team': \"todo\"}})"
    assert fix_of("missing-required-label", place, text, "ask the owners") is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'App("a").image("b:1").replicas(5).replicas(2)\n',
            'App("a").image("b:1").replicas(2)\n',
            id="in a chain",
        ),
        pytest.param(
            '(\n    App("a").image("b:1")  # one\n    .replicas(5)  # two\n    .replicas(2)\n)\n',
            '(\n    App("a").image("b:1")  # one  # two\n    .replicas(2)\n)\n',
            id="on a line of its own",
        ),
        pytest.param(
            'a = App("a").image("b:1")\na.replicas(5)  # five\na.replicas(2)\n',
            'a = App("a").image("b:1")\na.replicas(2)\n',
            id="a statement",
        ),
        pytest.param(
            'a = App("a").image("b:1")\na.replicas(5).port(80)\na.replicas(2)\n',
            'a = App("a").image("b:1")\na.port(80)\na.replicas(2)\n',
            id="a part of a statement",
        ),
        pytest.param(
            'a = App("a").image("b:1")\na.replicas(5); a.replicas(2)\n', None, id="shares its line"
        ),
        pytest.param(
            'App("a").image("b:1").replicas(int("5")).replicas(2)\n', None, id="does something"
        ),
        pytest.param(
            'Job("a").image("b:1").retries(6)\n', 'Job("a").image("b:1")\n', id="a default"
        ),
    ],
)
def test_a_call_without_effect_is_removed_by_who_wants_that(tmp_path, source, expected):
    file = tmp_path / "app.py"
    text = f"from k8s_gen import App, Job\n{source}"
    file.write_text(text, encoding="utf-8")
    [finding] = [e for e in evaluate(file, judging=None).findings if e.rule == "no-effect"]

    found = fix_of(finding.rule, finding.place.range, text, finding.hint)

    if expected is None:
        assert found is None
    else:
        assert (found.title, found.is_safe) == ("Remove this call", False)
        assert applied(text, found.edits) == f"from k8s_gen import App, Job\n{expected}"
        file.write_text(applied(text, found.edits), encoding="utf-8")
        assert "no-effect" not in [e.rule for e in evaluate(file, judging=None).findings]
