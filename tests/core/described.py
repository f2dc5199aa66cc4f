"""What a DSL text comes to: the one place where tests know how a run is put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import k8s_gen
from k8sgen_core.findings import Finding
from k8sgen_core.judging.project import ProjectRules
from k8sgen_core.kubernetes.checks import bare
from k8sgen_core.locating import Locator
from k8sgen_core.origin import Sources
from k8sgen_core.pipeline import Build, build, finding_of, finding_of_refusal
from k8sgen_core.session import Collecting, Session, activate

BUILDERS = {name: getattr(k8s_gen, name) for name in k8s_gen.__all__}


@dataclass
class Described:
    """A DSL text after its run."""

    source: str
    path: Path
    session: Collecting
    built: Build
    names: dict[str, Any]

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects as they are written, without origins, secrets masked."""
        return [bare(lowered.object) for lowered in self.built.lowered]

    @property
    def files(self) -> dict[str, str]:
        return {str(file.path): file.text for file in self.built.files()}

    @property
    def findings(self) -> list[Finding]:
        locator = Locator(self.path.parent, Sources({str(self.path): self.source}))
        return [
            *(finding_of_refusal(refusal, locator) for refusal in self.session.refusals),
            *(finding_of(problem, locator) for problem in self.built.all_problems),
        ]

    def underlined(self, finding: Finding) -> str:
        """Return the text that an editor underlines for a finding."""
        assert finding.place is not None
        assert finding.place.path == str(self.path)
        start, end = finding.place.range
        lines = self.source.split("\n")[start.line : end.line + 1]
        lines[-1] = lines[-1][: end.character]
        lines[0] = lines[0][start.character :]
        return "\n".join(lines)


def described(
    source: str,
    root: Path = Path("/project"),
    environment: str | None = None,
    version: str = "1.37",
    rules: ProjectRules | None = None,
) -> Described:
    """Run a DSL text as the tool does; the names of the DSL are there without an import."""
    path = root / "app.py"
    session = Collecting(root, environment)
    activate(session)
    names = {**BUILDERS, "__name__": "__main__"}
    try:
        exec(compile(source, str(path), "exec"), names)
        built = build(session.roots(), environment, version, rules)
    finally:
        activate(Session())
    return Described(source, path, session, built, names)


def described_well(source: str, **settings: Any) -> Described:
    """Run a DSL text that must have no finding at all."""
    found = described(source, **settings)
    assert found.findings == []
    return found


def from_yaml(text: str) -> list[Any]:
    """Return the documents of an expectation, in which YAML is read as Kubernetes reads it."""
    return [document for document in yaml.safe_load_all(text) if document is not None]
