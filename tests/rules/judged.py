"""What the built-in rules say of objects: the one place where tests know how they are run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from k8sgen_core.config import Config
from k8sgen_core.ids import registry
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.linting import Lint, lints_of
from k8sgen_core.rules.selection import Selection


def judged(
    objects: str | Sequence[Any], *, version: str = "1.37", **configured: Any
) -> list[tuple[str, Lint]]:
    """Return what the rules say of objects, or of the YAML of some, with the object's title."""
    values = list(yaml.safe_load_all(objects)) if isinstance(objects, str) else objects
    selection = Selection(Config(Path("/project"), **configured))
    cluster = Cluster(version, selection.options)
    manifests = [cluster.add(value) for value in values if value]
    return [(each.title, lint) for each in manifests for lint in lints_of(each, selection)]


@cache
def standing_for(tool: str, check: str) -> set[str]:
    """Return the ids that stand for a check of another tool, in whatever case it is written."""
    source = f"{tool} {check}".lower()
    return {
        rule.id for rule in registry().values() if source in [each.lower() for each in rule.sources]
    }


def fields(rule: str, text: str, *, version: str = "1.37", **configured: Any) -> list[str]:
    """Return the places of a rule's findings in YAML, as text: ``Pod/web spec.volumes.0``."""
    found = judged(text, version=version, select=(rule,), **configured)
    return [f"{title} {'.'.join(map(str, lint.path))}" for title, lint in found]


def pod(spec: str, *objects: str) -> str:
    """Return a Pod with this spec in the flow style of YAML, and further objects."""
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {spec}\n"
    return "---\n".join((head, *objects))


def container(said: str) -> str:
    return pod(f"{{containers: [{{name: web, {said}}}]}}")
