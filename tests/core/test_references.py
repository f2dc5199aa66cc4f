"""Which objects select which: by all labels that are wanted, in their own namespace."""

import pytest

from k8sgen_core.kubernetes.references import references
from tests.core.described import described

PODS = """
App("web").image("a:1").labels(tier="front", team="shop").override(
    {"spec": {"template": {"metadata": {"labels": {"zone": 1}}}}}
)
App("api").image("a:1").labels(tier="back", team="shop")
App("far").image("a:1").labels(tier="front", team="shop").namespace("far")
CronJob("nightly").image("a:1").schedule("0 2 * * *").labels(tier="back", team="shop")
"""


def selected(policy):
    built = described(f'{PODS}\nNetworkPolicy("rules").override({policy})').built
    return [each.target for each in references(built.lowered) if each.kind == "selects"]


@pytest.mark.parametrize(
    ("labels", "titles"),
    [
        pytest.param(
            '{"team": "shop"}', ["Deployment/web", "Deployment/api", "CronJob/nightly"], id="one"
        ),
        pytest.param('{"team": "shop", "tier": "front"}', ["Deployment/web"], id="both"),
        pytest.param('{"team": "shop", "tier": "none"}', [], id="one of two"),
        pytest.param("{}", [], id="none is wanted"),
        pytest.param('{"zone": 1}', ["Deployment/web"], id="a number"),
        pytest.param('{"zone": "1"}', [], id="text that looks like it"),
        pytest.param('{"zone": [1]}', [], id="a list"),
    ],
)
def test_all_labels_that_are_wanted_select_in_the_order_of_the_objects(labels, titles):
    assert selected(f'{{"spec": {{"podSelector": {{"matchLabels": {labels}}}}}}}') == titles


def test_a_namespace_of_its_own_selects_what_is_there():
    labels = '{"spec": {"podSelector": {"matchLabels": {"team": "shop"}}}}'

    assert selected(f'{{"metadata": {{"namespace": "far"}}, **{labels}}}') == ["Deployment/far"]
