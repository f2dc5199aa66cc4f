"""
What setters refuse: each block of ``refusals.txt`` is a program with exactly one finding.

The marks are what an editor underlines; then come the id and the beginning of the message,
and, behind ``->``, that of the hint.
"""

from pathlib import Path

import pytest

from k8s_gen import App, ArgumentError, Companion, CustomResource, Manifests, Secret
from tests.core.described import described, described_well

BLOCKS = (Path(__file__).with_name("refusals.txt").read_text(encoding="utf-8")).split("\n\n")


@pytest.mark.parametrize("block", [pytest.param(b, id=b.partition("\n")[0][:80]) for b in BLOCKS])
def test_a_wrong_argument_is_one_finding_at_the_argument(block):
    source, marks, said, *hint = block.rstrip("\n").split("\n")

    found = described(source)
    # A program that is wrong in one point need not be a whole one.
    findings = [each for each in found.findings if each.rule != "missing-image"]

    [finding] = findings
    start, end = finding.place.range
    rule, _, message = said.strip().partition(": ")
    assert (finding.rule, finding.message[: len(message)]) == (rule, message)
    assert (start.line, start.character) == (0, marks.index("^"))
    assert (end.line, end.character) == (0, len(marks))
    shown = (finding.hint or "")[:60].rstrip()
    assert [f"  -> {shown}"] * bool(shown) == hint


def test_every_refusal_of_a_file_is_found():
    source = """\
web = (
    App("Web")
    .image("Nginx:1.27")
    .port(0)
    .replicas("2")
    .environment({"A": "x"})
)
Companion("c", role="side")
Secret("s").add("a b", "x").generate_password("p", length=1)
"""

    found = described(source)

    assert [(each.rule, found.underlined(each)) for each in found.findings] == [
        ("invalid-name", '"Web"'),
        ("invalid-image", '"Nginx:1.27"'),
        ("invalid-port", "0"),
        ("wrong-type", '"2"'),
        ("invalid-value", '"side"'),
        ("invalid-key", '"a b"'),
        ("invalid-value", "1"),
    ]


def test_what_follows_a_refusal_is_still_described():
    [app] = described('App("web").image("nginx:1.27").replicas(-1).labels(team="x")').objects

    assert "replicas" not in app["spec"]
    assert app["metadata"]["labels"]["team"] == "x"


def test_what_is_missing_because_it_was_refused_is_not_reported_again():
    found = described('CronJob("report").image("Report").schedule("daily")')

    assert [each.rule for each in found.findings] == ["invalid-image", "invalid-cron"]


@pytest.mark.parametrize(
    "call",
    [
        "labels(a='b')",
        "annotations({'a': 'b'})",
        "namespace('prod')",
        "override({'tty': True})",
        "lifecycle(termination_grace_period=5)",
    ],
)
def test_what_a_container_cannot_have_is_not_dropped_in_silence(call):
    companion = f"Companion('log').image('fluent-bit:3.2').{call}"

    found = described(f"App('web').image('nginx:1.27').add_companion({companion})")

    [finding] = found.findings
    assert (finding.rule, finding.hint) == ("setting-not-supported", "set it on the workload")
    assert found.underlined(finding) in call


def test_a_refusal_in_a_companion_is_not_reported_for_its_workload():
    found = described('App("web").image("nginx:1.27").add_companion(Companion("log").image("Bit"))')

    assert [each.rule for each in found.findings] == ["invalid-image"]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: App("web").port(0), id="setter"),
        pytest.param(lambda: App("Web"), id="name"),
        pytest.param(lambda: Companion("log", role="side"), id="role"),
        pytest.param(lambda: CustomResource(1, "K", "x"), id="type in a constructor"),
        pytest.param(lambda: Manifests("no-such-folder"), id="file in a constructor"),
        pytest.param(lambda: Secret("x").add("a b", "y"), id="secret"),
    ],
)
def test_a_plain_script_is_stopped_at_once(call):
    with pytest.raises(ArgumentError):
        call()


def test_messages_have_no_addresses_of_objects():
    found = described('App("web").add_companion(App("x"))')

    assert not any(" object at 0x" in each.message for each in found.findings)


def test_text_enumerations_are_text():
    source = """
import enum

class Level(str, enum.Enum):
    LOW = "low"

class Count(enum.IntEnum):
    TWO = 2

app = App("web").image("nginx:1.27").environment({"LEVEL": Level.LOW})
app.replicas(Count.TWO).labels(x=Level.LOW)
"""

    [app] = described_well(source).objects

    [container] = app["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "LEVEL", "value": "low"}]
    assert app["spec"]["replicas"] == 2
    assert app["metadata"]["labels"]["x"] == "low"


@pytest.mark.parametrize(
    ("value", "patch", "underlined", "message"),
    [
        ('d = {}; d["x"] = d', "d", "d", "this mapping contains itself"),
        ('d = {}; d["x"] = [{"y": d}]', '{"spec": d}', "d", "this mapping contains itself"),
        ("d = [1]; d.append(d)", '{"spec": {"x": d}}', "d", "this list contains itself"),
        ('d = {}; d["x"] = d', "patch=d", "d", "this mapping contains itself"),
    ],
)
def test_a_value_that_contains_itself_is_refused_at_the_argument(value, patch, underlined, message):
    found = described(f'{value}\nApp("a").image("a:1").override({patch}).port(0)\n')

    endless, port = found.findings
    assert (endless.rule, endless.message) == ("invalid-value", message)
    assert found.underlined(endless) == underlined
    assert port.rule == "invalid-port"


def test_a_value_that_contains_itself_raises_in_a_plain_script():
    value: dict[str, object] = {}
    value["x"] = value

    with pytest.raises(ArgumentError, match="this mapping contains itself"):
        App("a").override(value)


def test_a_value_that_is_given_twice_does_not_contain_itself():
    value = {"a": {"b": "c"}}

    assert App("a").override({"metadata": {"x": value, "y": [value, value]}}).build()
