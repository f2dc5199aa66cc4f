"""``docs/rules.md``: made of the registry, and every check of other tools is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from k8sgen_core.ids import FOLDER, manual, packing, registry
from k8sgen_core.ids.upstream import TOOLS, differences, not_built_in, standing_for

ROOT = Path(__file__).parents[2]
COUNTS = {"kube-linter": 63, "kube-score": 39, "Polaris": 44, "Pod Security admission": 19}


def test_the_manual_is_what_the_registry_says():
    assert (ROOT / "docs/rules.md").read_text("utf-8") == manual.documentation()


def test_every_link_leads_to_a_heading():
    text = manual.documentation()
    headings = {line.strip("#` ") for line in text.splitlines() if line.startswith("### `")}

    assert headings == set(registry())
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= headings


def checks_of(shared: Path, title: str) -> set[str]:
    """Return the checks of a tool, of which the reference has one in each line."""
    text = (shared / "reference" / "rules.md").read_text(encoding="utf-8")
    section = re.split(rf"^## {title} \(", text, flags=re.MULTILINE)[1].partition("\n## ")[0]
    return set(re.findall(r"^- `([^`]+)`", section, flags=re.MULTILINE))


def policies_of_kyverno(shared: Path) -> set[str]:
    """Return the policies of Kyverno that the table of rules names after ``ky``."""
    text = (shared / "reference" / "rules.md").read_text(encoding="utf-8")
    named = re.findall(r"\bky ([a-z -]+?)(?: idea)? *[;|]", text.partition("### 3.2")[0])
    return {name for names in named for name in names.split()}


def explained(tool: str) -> set[str]:
    return {*standing_for().get(tool, ()), *not_built_in().get(tool, ())}


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "kyverno"])
def test_every_check_of_another_tool_is_mapped(shared, tool):
    checks = checks_of(shared, TOOLS[tool])

    assert len(checks) == COUNTS[TOOLS[tool]]
    assert checks - explained(tool) == set()


def test_every_policy_of_kyverno_that_is_named_is_mapped(shared):
    policies = policies_of_kyverno(shared)

    assert len(policies) > 10
    assert policies - explained("kyverno") == set()


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "kyverno"])
def test_nothing_is_mapped_that_the_tool_has_not(shared, tool):
    assert {plain(name) for name in standing_for()[tool]} <= set(
        map(plain, checks_of(shared, TOOLS[tool]))
    )


def plain(check: str) -> str:
    """Return a check without its level, in the case that its fixtures have."""
    return check.lower().partition("_")[0]


def test_differences_are_of_checks_that_are_built_in():
    assert set(differences()) <= set(standing_for()["kube-linter"])
    assert set(differences()) <= set(registry())


def test_a_wheel_brings_the_registry_as_one_file_that_says_the_same(tmp_path):
    parsed = packing.parsed(FOLDER)
    (tmp_path / packing.PACKED).write_text(json.dumps(parsed), encoding="utf-8")

    assert packing.described(tmp_path) == parsed
    assert list(packing.described(tmp_path)["tool"]) == list(parsed["tool"])
