"""Plugins as different hands write them: each behaves, or is refused with a sentence."""

from pathlib import Path

import pytest

from tests.plugins.trying import tried

STYLES = Path(__file__).with_name("styles")


def style(name, root):
    return tried((STYLES / f"{name}.py").read_text(encoding="utf-8"), root)


def replicas(found, title):
    return found.object(title)["spec"]["replicas"]


def image(found, title):
    return found.object(title)["spec"]["template"]["spec"]["containers"][0]["image"]


def test_class_attributes_are_each_plugins_own(tmp_path):
    found = style("class_attributes", tmp_path)

    assert found.told == []
    assert [replicas(found, "Deployment/one"), replicas(found, "Deployment/two")] == [3, 2]
    assert [image(found, "Deployment/one"), image(found, "Deployment/two")] == [
        "nginx:1.27",
        "httpd:1.27",
    ]
    labelled = [title["metadata"]["labels"].get("public") for title in found.objects]
    assert labelled == ["yes", None]


def test_properties_are_settings(tmp_path):
    found = style("properties", tmp_path)

    assert replicas(found, "Deployment/queue") == 4
    assert found.told == [("invalid-value", "0 workers do nothing", "bad.workers")]


def test_a_data_class(tmp_path):
    found = style("data_class", tmp_path)

    assert found.told == []
    assert [each["data"] for each in found.objects] == [
        {"level": "info", "extra": "0"},
        {"level": "debug", "extra": "2"},
    ]


def test_inheritance_and_a_mixin(tmp_path):
    found = style("inheritance", tmp_path)

    assert found.told == []
    assert found.titles == [
        "Deployment/one",
        "Service/one",
        "ConfigMap/one-dashboard",
        "Deployment/two",
        "Service/two",
    ] or sorted(found.titles) == sorted(
        [
            "ConfigMap/one-dashboard",
            "Deployment/one",
            "Deployment/two",
            "Service/one",
            "Service/two",
        ]
    )
    assert [replicas(found, "Deployment/one"), replicas(found, "Deployment/two")] == [3, 2]


def test_a_generator_function_and_setters_that_return_nothing(tmp_path):
    found = style("generator", tmp_path)

    assert found.told == []
    assert found.titles == [
        "Deployment/fleet-eu",
        "Deployment/fleet-us",
        "ConfigMap/fleet-regions",
    ]
    assert found.objects[2]["data"] == {"count": "2"}


def test_nested_plugins_and_builders_are_generated_once(tmp_path):
    found = style("nested", tmp_path)

    assert found.told == []
    assert found.titles == [
        "Deployment/shop-db",
        "Deployment/web",
        "Deployment/audit",
        "ConfigMap/shop-notes",
    ]
    lines = {name: dict(lines) for name, lines in found.calls().items()}
    assert lines["web-deployment.yaml"]["  replicas: 3"] == {"App.replicas", "Stack.part"}
    assert "Database.size" in lines["audit-deployment.yaml"]["  replicas: 5"]
    assert lines["shop-db-deployment.yaml"]["  replicas: 2"] == {"Stack"}


def test_methods_that_are_made_up_when_they_are_asked_for(tmp_path):
    found = style("getattr_made", tmp_path)

    assert found.told == []
    assert found.objects[0]["data"] == {"colour": "red", "size": "xl"}
    lines = dict(found.calls()["options-configmap.yaml"])
    assert lines["  colour: red"] == {"Options.colour"}
    assert lines["  size: xl"] == {"Options.size"}


def test_slots(tmp_path):
    found = style("slots", tmp_path)

    assert found.told == []
    assert found.titles == ["Deployment/slim", "Service/slim"]
    assert replicas(found, "Deployment/slim") == 4


def test_callbacks(tmp_path):
    found = style("callbacks", tmp_path)

    assert found.told == []
    assert replicas(found, "Deployment/service") == 6
    assert found.titles == ["Deployment/service", "Service/service"]
    lines = dict(found.calls()["service-deployment.yaml"])
    assert lines["  replicas: 6"] == {"Service.customise"}


def test_names_that_are_setters_and_values(tmp_path):
    found = style("self_shadowing", tmp_path)

    assert found.told == []
    assert found.shadowed == [
        "self.count",
        "self.flag",
        "self.mode",
        "self.limits",
        '"colour"',
    ]
    states = [each["metadata"]["annotations"]["state"] for each in found.objects]
    assert states == [
        '[4, true, null, {"cpu": 1, "memory": 2}, [4, 4]]',
        '[5, false, "x", {}, [5, 5]]',
    ]


BROKEN = [
    pytest.param(
        "nosuper", "plugin-failed", "AttributeError", "self.name", "super().__init__", id="no super"
    ),
    pytest.param(
        "callssetter", "plugin-failed", "calls its setter size() while it generates",
        "size(2)", "self.size = ...", id="setter called while generating",
    ),
    pytest.param("raises", "plugin-failed", "ZeroDivisionError", "1 / 0", "line", id="raises"),
    pytest.param("nothing", "plugin-generates-nothing", "generates nothing", "broken",
                 "generate_resources", id="nothing"),
    pytest.param("wrongresult", "plugin-wrong-result", "generates 'a text'",
                 "generate_resources", "return builders", id="wrong result"),
    pytest.param("waits", "plugin-wrong-result", "coroutine", "generate_app", "not async",
                 id="coroutine"),
    pytest.param("takesmore", "plugin-failed", "missing 1 required positional argument", "broken",
                 "takes no arguments", id="takes arguments"),
    pytest.param("badargument", "invalid-port", "70000", "70_000", "", id="refused argument"),
    pytest.param("endless", "plugin-failed", "RecursionError", "generate_app()", "", id="endless"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rule", "message", "underlined", "hint"), BROKEN)
def test_a_broken_plugin_is_refused_with_a_sentence(
    tmp_path, name, rule, message, underlined, hint
):
    found = style("broken", tmp_path)

    [finding] = [each for each in found.findings if f"({name!r})" in each.message]
    assert finding.rule == rule
    assert message in finding.message
    assert underlined in found.underlined(finding)
    assert hint in (finding.hint or "")


def test_what_is_not_broken_goes_on(tmp_path):
    assert "Deployment/well" in style("broken", tmp_path).titles
