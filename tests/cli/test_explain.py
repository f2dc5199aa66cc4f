"""``k8sgen explain``: every id that anything can report is described, and no other."""

import ast
import json
import re
from collections.abc import Iterator

import pytest

from k8sgen_core.ids import registry
from tests.cli.project import ROOT, Ran

ID = re.compile(r"[a-z]+(-[a-z][a-z0-9]*)*")
# These take an id as their first argument.
REPORTING = {
    "ArgumentError",
    "Failure",
    "Finding",
    "Problem",
    "_failure",
    "_problem",
    "_raised",
    "note",
    "note_at",
    "problem",
}
# A format or a target version that cannot say something will report it; none does so far.
WAITING = {"setting-not-supported"}


def modules() -> list[ast.Module]:
    packages = ("k8s_gen", "k8sgen_core", "k8sgen_lsp")
    files = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in files]


def reported(tree: ast.Module) -> Iterator[str]:
    """Yield the ids in calls that report something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            named = [each.value for each in node.keywords if each.arg == "rule"]
            for value in [*(node.args[:1] if name in REPORTING else []), *named]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def texts(tree: ast.Module) -> Iterator[str]:
    """Yield every text, and what stands in brackets in it, as in ``info[secret-created]``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
            yield from re.findall(r"\[([a-z-]+)\]", node.value)


def test_every_id_that_is_reported_is_registered():
    used = {value for tree in modules() for value in reported(tree) if ID.fullmatch(value)}

    assert len(used) > 30
    assert used - set(registry()) == set()


def test_every_registered_id_is_reported():
    mentioned = {value for tree in modules() for value in texts(tree)}

    assert set(registry()) - mentioned == WAITING - mentioned


def test_without_an_id_all_are_listed(project):
    ran = project.run("explain")

    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()] == list(registry())


@pytest.mark.parametrize("rule", registry().values(), ids=lambda rule: rule.id)
def test_every_id_is_described_in_sentences(rule):
    assert ID.fullmatch(rule.id)
    for text in (rule.summary, rule.why, rule.remedy):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")


def test_an_id_is_explained(project):
    assert project.run("explain", "invalid-port") == Ran(
        0,
        "invalid-port (error)\n"
        "Not a port number.\n"
        "\n"
        "Why:     Ports are whole numbers from 1 to 65535.\n"
        "Remedy:  Use a number in that range.\n"
        'Example: App("web").port(99999)\n',
        "",
    )


def test_of_a_rule_all_is_said(project):
    assert project.run("explain", "dnsconfig-options").out == (
        "dnsconfig-options (info, not by default)\n"
        "Pods look up names in another way than wanted.\n"
        "\n"
        "Why:     By default (`ndots: 5`) each name outside of the cluster is looked up in vain in"
        " every search domain first, which multiplies the load of the DNS servers.\n"
        "Remedy:  Set the option in `spec.dnsConfig.options` of the pods.\n"
        'Example: App("web").image("nginx:1.27")\n'
        'Fixed:   App("web").image("nginx:1.27").override({"spec": {"template": {"spec":'
        ' {"dnsConfig": {"options": [{"name": "ndots", "value": "2"}]}}}}})\n'
        'Option:  name = "ndots"  The option that has to be set.\n'
        'Option:  value = "2"  The value that it has to have.\n'
        "Sources: kube-linter dnsconfig-options\n"
    )


def test_an_example_of_several_lines_is_indented(project):
    assert project.run("explain", "dangling-servicemonitor").out.splitlines()[5:] == [
        'Example: App("web").image("nginx:1.27").port(80, name="http")',
        '         CustomResource("monitoring.coreos.com/v1", "ServiceMonitor", "web").spec('
        '{"selector": {"matchLabels": {"app.kubernetes.io/name": "web"}},'
        ' "endpoints": [{"port": "htpp"}]})',
        'Fixed:   App("web").image("nginx:1.27").port(80, name="http")',
        '         CustomResource("monitoring.coreos.com/v1", "ServiceMonitor", "web").spec('
        '{"selector": {"matchLabels": {"app.kubernetes.io/name": "web"}},'
        ' "endpoints": [{"port": "http"}]})',
        "Fix:     k8sgen validate --fix",
        "Sources: kube-linter dangling-servicemonitor",
    ]


def test_of_a_rule_with_a_correction_it_is_said_how_to_have_it(project):
    safe = project.run("explain", "no-anti-affinity").out.splitlines()
    unsafe = project.run("explain", "single-replica").out.splitlines()

    assert "Fix:     k8sgen validate --fix" in safe
    assert "Fix:     k8sgen validate --fix, if asked to" in unsafe


def test_an_unknown_id_brings_the_nearest(project):
    assert project.run("explain", "invalid-prot") == Ran(
        2,
        "",
        "error[unknown-id] there is no finding 'invalid-prot'\n"
        "  hint: did you mean 'invalid-port'?\n",
    )


def test_a_machine_reads_all_of_it(project):
    listed = json.loads(project.run("explain", "--json").out)

    known = [
        json.loads(
            json.dumps(
                {
                    **rule._asdict(),
                    "options": {key: each._asdict() for key, each in rule.options.items()},
                }
            )
        )
        for rule in registry().values()
    ]
    assert listed == known
    [port] = [rule for rule in known if rule["id"] == "invalid-port"]
    assert json.loads(project.run("explain", "invalid-port", "--json").out) == [port]
