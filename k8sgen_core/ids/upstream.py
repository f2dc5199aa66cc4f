"""The checks of other tools: which rules stand for them, which are left out, which differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from k8sgen_core.ids import described, registry

# As they are named in the sources of rules, and as people write them.
TOOLS: Mapping[str, str] = {
    "kube-linter": "kube-linter",
    "kube-score": "kube-score",
    "polaris": "Polaris",
    "pod-security": "Pod Security admission",
    "kyverno": "Kyverno",
}


@cache
def standing_for() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return our ids for the checks of each tool."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in registry().values():
        for tool, check in filter(None, map(check_of, rule.sources)):
            found[tool][check].append(rule.id)
    return found


def check_of(source: str) -> tuple[str, str] | None:
    """Return the tool and the check that a source names; a reason why there is none does not."""
    tool, _, check = source.partition(" ")
    return (tool, check) if tool in TOOLS else None


def not_built_in() -> Mapping[str, Mapping[str, str]]:
    """Return why a check is not built in, by tool and check."""
    told: Mapping[str, Mapping[str, str]] = _told()["not-built-in"]
    return told


def differences() -> Mapping[str, str]:
    """Return in what ours differ from the checks of kube-linter that they are named after."""
    told: Mapping[str, str] = _told()["differences"]
    return told


def _told() -> Mapping[str, Any]:
    return described()["upstream"]
