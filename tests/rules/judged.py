"""Objects as short texts, and the places of what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from k8sgen_core.ids import registry
from k8sgen_core.judging.linting import Lint
from tests.rules.objects import documents, lints


def judged(
    objects: str | Sequence[Any], *, version: str = "1.37", **settings: Any
) -> list[tuple[str, Lint]]:
    """Return what the rules say of objects, or of the YAML of some, with the object's title."""
    values = documents(objects) if isinstance(objects, str) else objects
    return [(each.title, lint) for each, lint in lints(values, version, **settings)]


@cache
def standing_for(tool: str, check: str) -> set[str]:
    """Return the ids that stand for a check of another tool, in whatever case it is written."""
    source = f"{tool} {check}".lower()
    return {
        rule.id for rule in registry().values() if source in [each.lower() for each in rule.sources]
    }


def fields(rule: str, text: str, *, version: str = "1.37") -> list[str]:
    """Return the places of a rule's findings in YAML, as text: ``Pod/web spec.volumes.0``."""
    found = judged(text, version=version, select=(rule,))
    return [f"{title} {'.'.join(map(str, lint.path))}" for title, lint in found]


def pod(spec: str, *objects: str) -> str:
    """Return a Pod with this spec in the flow style of YAML, and further objects."""
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {spec}\n"
    return "---\n".join((head, *objects))


def container(said: str) -> str:
    """Return a Pod with one container, of which this is said in the flow style of YAML."""
    return pod(f"{{containers: [{{name: web, {said}}}]}}")
