"""Every built-in rule: what is said of it is there, and its examples show it where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from k8sgen_core.config import Config
from k8sgen_core.fixes import applied, fix_of
from k8sgen_core.ids import SUBJECTS, Rule, registry
from k8sgen_core.judging.project import ProjectRules
from k8sgen_core.judging.selection import Selection
from k8sgen_core.rules import rules
from tests.core.described import Described, described

CATALOGUE = {rule.id: rule for rule in registry().values() if rule.is_lint}
# Checks of other tools, by what an id may stand for; a reason where there is none is a sentence.
TOOLS = ("kube-linter", "kube-score", "polaris", "pod-security", "kyverno", "kubeconform")
NEWEST = 37


@pytest.fixture(params=sorted(CATALOGUE))
def rule(request: pytest.FixtureRequest) -> Rule:
    return CATALOGUE[request.param]


def run(source: str, rule: Rule, version: str = f"1.{NEWEST}") -> Described:
    config = Config(Path("/project"), extend_select=(rule.id,))
    rules = ProjectRules(config, selection=Selection(config))
    return described(source, version=version, rules=rules)


def test_every_rule_is_described_and_every_description_is_of_a_rule():
    assert {name: each.id for name, each in rules().items()} == {name: name for name in CATALOGUE}


def test_a_rule_stands_in_the_module_of_its_subject():
    modules = {name: each.check.__module__.rpartition(".")[2] for name, each in rules().items()}

    assert modules == {name: each.subject for name, each in CATALOGUE.items()}
    assert set(modules.values()) <= set(SUBJECTS)


def test_texts(rule):
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    for text in (rule.summary, rule.why, rule.remedy):
        assert re.fullmatch(r"\S.*[.)!?`]", text), text
        assert "\n" not in text
    assert len(rule.summary) <= 110
    assert rule.severity in ("error", "warning", "info")
    assert rule.fix in ("", "safe", "unsafe")
    assert rules()[rule.id].check.__doc__, "says what it flags"


def test_sources_or_a_reason(rule):
    assert rule.sources, "which checks of other tools it stands for, or why it stands for none"
    for source in rule.sources:
        tool, _, check = source.partition(" ")
        is_reason = len(source.split()) > 2
        assert is_reason or (tool in TOOLS and re.fullmatch(r"[\w-]+", check)), source


def test_options(rule):
    for name, option in rule.options.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert option.description.endswith("."), name
        assert option.default is not None, name


def test_the_example_has_the_finding_where_it_says(rule):
    shown = run(rule.example, rule)
    found = [each for each in shown.findings if each.rule == rule.id]

    assert [shown.underlined(each) for each in found] == [rule.at]
    for each in found:
        assert each.severity == rule.severity
        assert "\n" not in each.message
        assert not each.message.endswith(".")


def test_the_fixed_version_has_not(rule):
    before = run(rule.example, rule).findings
    after = run(rule.fixed, rule).findings

    assert rule.id not in [each.rule for each in after]
    new = {each.rule for each in after if each.severity == "error"} - {each.rule for each in before}
    assert new == set(), [each.message for each in after if each.rule in new]


def test_versions(rule):
    if not rule.versions:
        return
    [since] = re.findall(r"^1\.(\d+) and newer$", rule.versions)
    older, first = f"1.{int(since) - 1}", f"1.{since}"

    assert rule.id in [each.rule for each in run(rule.example, rule, first).findings]
    assert rule.id not in [each.rule for each in run(rule.example, rule, older).findings]


def test_fixes(rule):
    """A correction of the example makes the finding go, and brings no other error."""
    assert bool(rule.fix) == bool(rule.edit)
    if not rule.fix:
        return
    before = run(rule.example, rule)
    [finding] = [each for each in before.findings if each.rule == rule.id]
    assert finding.place is not None

    fix = fix_of(rule.id, finding.place.range, rule.example, finding.hint)

    assert fix is not None
    assert fix.is_safe == (rule.fix == "safe")
    after = run(applied(rule.example, fix.edits), rule).findings
    assert rule.id not in [each.rule for each in after]
    errors = {each.rule for each in after if each.severity == "error"}
    assert errors <= {each.rule for each in before.findings}


@pytest.mark.parametrize(
    "source",
    [
        'App("web").image("nginx:1.27")',
        'App("web").image("nginx:1.27").port(53, protocol="UDP")',
        'App("web").image("nginx:1.27").security_context(privileged=True)',
        'App("web").image("nginx:1.27").security_context(capabilities={"add": ["SYS_ADMIN"]})',
        'App("web").image("nginx:1.27").security_context(\n'
        "    privileged=True, allow_privilege_escalation=True\n)",
        'StatefulApp("db").image("postgres:17").replicas(3).hardened()',
        'CronJob("c").image("busybox:1.37").schedule("@daily")',
    ],
)
def test_no_correction_brings_an_error(source):
    every = Config(Path("/project"), extend_select=tuple(CATALOGUE))
    rules = ProjectRules(every, selection=Selection(every))
    before = described(source, rules=rules).findings
    errors = {each.rule for each in before if each.severity == "error"}

    for finding in before:
        fix = fix_of(finding.rule, finding.place.range, source, finding.hint)
        if fix is not None:
            after = described(applied(source, fix.edits), rules=rules).findings
            new = {each.rule for each in after if each.severity == "error"} - errors
            assert new == set(), (finding.rule, fix.title)
            # What was said of the same is said less often, too.
            told = [[each.rule for each in some].count(finding.rule) for some in (before, after)]
            assert told[1] < told[0], (finding.rule, fix.title)
