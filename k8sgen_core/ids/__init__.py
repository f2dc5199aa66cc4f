"""
The registry of ids: what each finding means, and what to do about it.

``k8sgen explain ID``, hover texts and the manual are made of it. ``tool.toml`` has what the
product itself says; each other file has the rules of one subject, which judge Kubernetes objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from k8sgen_core.findings import Finding, Severity
from k8sgen_core.ids import packing

FOLDER = Path(__file__).parent
TOOL = "tool"
POLICY = "policy"
# How the section of an id begins in the manual.
HEADING = "### `"
SECRETS = "secrets"
# In the order of the manual.
SUBJECTS = (
    TOOL,
    POLICY,
    "images",
    "probes",
    "resources",
    "replicas",
    "disruption",
    "jobs",
    "scheduling",
    "references",
    "network",
    "environment",
    "selectors",
    "ports",
    "apis",
    "metadata",
    "pod_security",
    "privileges",
    "host_access",
    "exposure",
    "service_accounts",
    "secrets",
    "rbac",
)


class Option(NamedTuple):
    """What can be set of a rule, in ``[tool.k8sgen.rules.<id>]``."""

    default: Any
    description: str


class Rule(NamedTuple):
    """
    An id that a finding can have.

    ``example`` is a description that has the finding, at the source text ``at``; ``fixed`` is
    one that has not. ``sources`` are the checks of other tools that it stands for, as
    ``kube-linter latest-tag``. A rule that is not ``default`` applies where the configuration
    extends the selection. ``fix`` tells whether ``k8sgen validate --fix`` corrects it: ``safe``
    does by itself, ``unsafe`` if asked to. ``edit`` is how: ``add`` and the call to add to the
    chain, ``before`` and the one to put in front of the call at the place, ``after`` and the
    statement to add below, ``replace`` and the text for the argument, ``remove`` what is at the
    place, ``remove mapping``: all of the mapping that it is a value of, ``remove call``: the call
    at the place, or its statement, if that does nothing else, ``hinted``: put the value
    that the hint of the finding proposes in its place, ``hinted key``: give its key the name
    proposed, or ``hinted call``: add the call that the hint has, with ``"todo"`` for its values.
    ``when`` is the hint of those findings that this corrects, if it does not correct all.
    """

    id: str
    severity: Severity
    summary: str
    why: str
    remedy: str
    example: str = ""
    at: str = ""
    fixed: str = ""
    sources: tuple[str, ...] = ()
    default: bool = True
    options: Mapping[str, Option] = MappingProxyType({})
    versions: str = ""
    fix: Literal["", "safe", "unsafe"] = ""
    edit: str = ""
    when: str = ""
    subject: str = TOOL

    @property
    def is_lint(self) -> bool:
        """Does it judge what is valid, so that it never prevents writing by itself?"""
        return self.subject not in (TOOL, POLICY)

    @property
    def is_refusal(self) -> bool:
        """Does it prevent writing, so that nothing excepts it? Rules of users' own are theirs."""
        is_own = self.id == "failed-validation"
        return self.subject == TOOL and self.severity == "error" and not is_own


@cache
def registry() -> dict[str, Rule]:
    """Return every id with its description, in the order of the documentation."""
    found: dict[str, Rule] = {}
    for subject in SUBJECTS:
        for name, each in described()[subject].items():
            found[name] = _rule(name, subject, each)
    return found


@cache
def described() -> packing.Described:
    """Return what the files of the registry say, by their names."""
    return packing.described(FOLDER)


@cache
def manual_pages() -> dict[str, str]:
    """Return where the manual describes each id, as URIs that name the line, for editors."""
    page = _manual()
    if not page.is_file():
        return {}
    lines = page.read_text(encoding="utf-8").splitlines()
    # Editors that open a file look for a line in the fragment, and for no heading.
    return {
        line.removeprefix(HEADING).rstrip("`"): f"{page.as_uri()}#L{number}"
        for number, line in enumerate(lines, 1)
        if line.startswith(HEADING)
    }


def _manual() -> Path:
    """Return the manual page: a wheel brings it along, a checkout has it among its documents."""
    installed = FOLDER / "rules.md"
    return installed if installed.is_file() else FOLDER.parents[1] / "docs" / "rules.md"


def blocks(finding: Finding) -> bool:
    """Does a finding keep everything from being written? Built-in rules do not by themselves."""
    if finding.severity != "error":
        return False
    rule = registry().get(finding.rule)
    return rule is None or not rule.is_lint


def _rule(name: str, subject: str, described: dict[str, Any]) -> Rule:
    options = {key: Option(**each) for key, each in described.get("options", {}).items()}
    sources = tuple(described.get("sources", ()))
    given = {**described, "options": options, "sources": sources}
    return Rule(name, subject=subject, **given)
