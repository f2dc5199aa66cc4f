"""What is different in one environment: calls that are made after those of the base."""

import pytest

from k8sgen_core.pipeline import environments
from tests.core.described import described, described_well

APP = 'app = App("web").image("nginx:1.27").port(80)\n'


def objects(source, environment=None):
    return described_well(source, environment=environment).objects


def test_without_a_choice_there_is_only_the_base():
    source = f'{APP}app.replicas(2).for_environment("prod").replicas(5)\n'

    assert objects(source) == objects(f"{APP}app.replicas(2)\n")
    assert objects(source, "staging") == objects(source)


@pytest.mark.parametrize(
    ("overlay", "same"),
    [
        pytest.param(".replicas(5)", ".replicas(5)", id="scalar"),
        pytest.param('.environment({"A": "2"})', '.environment({"A": "2"})', id="mapping"),
        pytest.param(".port(81)", ".port(81)", id="list"),
        pytest.param('.add_config(ConfigMap("c").add("A", "1"))', None, id="held"),
        pytest.param(".scale(2, 4)", None, id="object"),
        pytest.param('.override({"spec": {"paused": True}})', None, id="override"),
    ],
)
def test_calls_count_as_if_made_last(overlay, same):
    source = f'{APP}app.for_environment("prod"){overlay}\n'
    base = 'app.replicas(2).environment({"A": "1", "B": "1"})\n'

    assert objects(source + base, "prod") == objects(f"{APP}{base}app{same or overlay}\n")


def test_calls_after_for_environment_still_belong_to_the_base():
    source = f'{APP}prod = app.for_environment("prod")\nprod.replicas(5)\napp.labels(team="x")\n'

    [found, *_] = objects(source, "prod")

    assert found["spec"]["replicas"] == 5
    assert found["metadata"]["labels"]["team"] == "x"


def test_an_overlay_is_asked_for_as_often_as_one_likes():
    source = (
        f'{APP}app.for_environment("prod").replicas(3)\n'
        'app.for_environment("prod").for_environment("prod").labels(a="b")\n'
    )

    [found, *_] = objects(source, "prod")

    assert (found["spec"]["replicas"], found["metadata"]["labels"]["a"]) == (3, "b")


def test_members_of_a_group_and_what_is_held_follow():
    source = (
        'settings = ConfigMap("s").add("LEVEL", "debug")\n'
        f"{APP}app.add_config(settings)\n"
        'shop = AppGroup("shop").add(app)\n'
        'settings.for_environment("prod").add("LEVEL", "warning")\n'
        'app.for_environment("prod").replicas(3)\n'
        'shop.for_environment("prod").namespace("prod")\n'
    )

    by_kind = {each["kind"]: each for each in objects(source, "prod")}

    assert by_kind["ConfigMap"]["data"] == {"LEVEL": "warning"}
    assert by_kind["Deployment"]["spec"]["replicas"] == 3
    assert {each["metadata"]["namespace"] for each in by_kind.values()} == {"prod"}


def test_building_for_an_environment_leaves_the_base_as_it_was():
    source = f'{APP}app.for_environment("prod").labels(a="b").port(81).environment({{"A": "1"}})\n'
    found = described_well(source, environment="prod")

    assert described_well(source).objects == objects(APP)
    assert found.names["app"].build().ports == described_well(APP).names["app"].build().ports


def test_an_overlay_is_no_resource_of_its_own():
    source = f'{APP}app.for_environment("prod").replicas(3)\napp.for_environment("test")\n'
    found = described_well(source, environment="prod")

    assert [each["kind"] for each in found.objects] == ["Deployment", "Service"]
    assert environments(found.session.builders.values()) == ["prod", "test"]


def test_a_wrong_argument_of_an_overlay_is_found_once_whatever_is_chosen():
    source = f'{APP}app.for_environment("prod").replicas(-1)\n'

    for environment in (None, "prod"):
        found = described(source, environment=environment)
        [finding] = found.findings
        assert (finding.rule, found.underlined(finding)) == ("invalid-value", "-1")


@pytest.mark.parametrize(
    ("chosen", "asked", "expected"),
    [
        pytest.param(None, "app", (2, 80), id="none"),
        pytest.param("prod", "app", (5, 80), id="the chosen one"),
        pytest.param("staging", "app", (2, 80), id="one without settings"),
        pytest.param(None, "prod", (5, 80), id="that of an overlay"),
        pytest.param("test", "prod", (5, 80), id="that of an overlay and not the chosen one"),
    ],
)
def test_a_view_is_of_the_environment(chosen, asked, expected):
    source = (
        f'{APP}app.replicas(2)\nprod = app.for_environment("prod").replicas(5)\n'
        'app.for_environment("test").replicas(7)\n'
        f"view = {asked}.build()\nread = (view.replicas, view.port)\n"
    )

    assert described_well(source, environment=chosen).names["read"] == expected
