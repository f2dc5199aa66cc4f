"""What a DSL text comes to as a Compose project, without a process of its own."""

from __future__ import annotations

from typing import Any

import yaml

from k8sgen_core.carriers import each
from k8sgen_core.formats.compose import Compose
from k8sgen_core.rendering import problems_in
from k8sgen_core.yaml.emitter import line_origins
from tests.core.described import Described, described


def files(source: str, folder: str = ".") -> dict[str, str]:
    """Return the files of the project, secret values masked; no error may be there."""
    found = described(source)
    problems = problems_in(found.built, ["compose"])
    assert [each.message for each in problems if each.severity == "error"] == []
    return {str(file.path): file.text for file in Compose(folder).render(found.built.model)}


def project(source: str, folder: str = ".") -> dict[str, Any]:
    """Return ``compose.yaml``, read back."""
    found: dict[str, Any] = yaml.safe_load(files(source, folder)["compose.yaml"])
    return found


def lost(source: str) -> list[tuple[str, str]]:
    """Return what Compose cannot say: the text that is underlined, and why."""
    found = described(source)
    problems = Compose().problems(found.built.model)
    return [(_underlined(found, problem), problem.message) for problem in problems]


def _underlined(found: Described, problem: Any) -> str:
    from k8sgen_core.locating import Locator
    from k8sgen_core.origin import Sources
    from k8sgen_core.pipeline import finding_of

    locator = Locator(found.path.parent, Sources({str(found.path): found.source}))
    return found.underlined(finding_of(problem, locator))


def calls_of_lines(source: str) -> dict[tuple[str, int], set[str]]:
    """Return the names of the calls that made each line."""
    found = described(source)
    return {
        (str(file.path), number): {origin.call.name for origin in each(origins)}
        for file in Compose().render(found.built.model)
        for number, origins in enumerate(line_origins(file.notes))
    }
