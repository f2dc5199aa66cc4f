"""The whole way: what builders describe → model → objects → findings and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.builders.builder import Builder
from k8sgen_core.builders.freezing import Freezing
from k8sgen_core.carriers import Origin, Origins
from k8sgen_core.findings import Finding, Related
from k8sgen_core.formats import OutputFile
from k8sgen_core.formats.kubernetes import Placeholder, render
from k8sgen_core.garbage import no_collection
from k8sgen_core.kubernetes.lowered import Lowered, Lowering, Problem
from k8sgen_core.kubernetes.lowering import lower
from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION
from k8sgen_core.locating import Locator
from k8sgen_core.model import Model
from k8sgen_core.session import Refusal, current
from k8sgen_core.templates.hook import Renderer

if TYPE_CHECKING:
    from k8sgen_core.judging.project import ProjectRules
    from k8sgen_core.kubernetes.checks import Judged

BASE = "default"


class Build:
    """
    What a set of builders comes to, for one environment and target version.

    What judges it is loaded where somebody asks; without ``rules`` the schemas judge alone.
    """

    def __init__(
        self,
        model: Model,
        lowered: list[Lowered],
        problems: list[Problem],
        version: str,
        rules: ProjectRules | None = None,
    ) -> None:
        self.model = model
        self.lowered = lowered
        self.problems = problems
        self.version = version
        self.rules = rules

    @cached_property
    def _rules(self) -> ProjectRules:
        from k8sgen_core.judging.project import ProjectRules

        return ProjectRules() if self.rules is None else self.rules

    @cached_property
    def judged(self) -> list[Judged]:
        """The objects, with what their schemas say of them."""
        from k8sgen_core.kubernetes.checks import judged

        return judged(self.lowered, self._rules.kinds(self.version))

    @property
    def unchecked(self) -> Counter[tuple[str, str]]:
        """How many objects there are of each kind that has no schema."""
        from k8sgen_core.kubernetes.checks import unchecked

        values = (each.value for each in unchecked(self.judged, self.version))
        return Counter((value["apiVersion"], value["kind"]) for value in values)

    @cached_property
    def all_problems(self) -> list[Problem]:
        """Every problem of the objects, those of their schemas included."""
        from k8sgen_core.judging.ignoring import unignored
        from k8sgen_core.kubernetes.checks import problems_of

        objects, rules = self.judged, self._rules
        strict = rules.config is not None and rules.config.strict_crds
        found = [
            *self.problems,
            *problems_of(self.model, objects, self.version, rules.context, strict=strict),
            *rules.problems(objects, self.version),
        ]
        return unignored(found, self.lowered, rules.selection)

    def files(self, placeholder: Placeholder | None = None) -> list[OutputFile]:
        """Return the manifests; without ``placeholder`` secret values are masked."""
        with no_collection():
            return list(render(self.lowered, placeholder))


def build(
    roots: Iterable[Builder],
    environment: str | None = None,
    version: str = DEFAULT_VERSION,
    rules: ProjectRules | None = None,
) -> Build:
    """Return what the builders describe, lowered to Kubernetes objects."""
    freezing = Freezing(environment)
    model = Model(
        roots=freezing.roots(roots),
        environment=environment or BASE,
    )
    session = current()
    renderer = Renderer(session.templates, session.root or Path.cwd(), model.environment)
    lowering = Lowering(version, list(renderer.missing()), renderer)
    with no_collection():
        lowered = lower(model, lowering)
    return Build(model, lowered, lowering.problems, version, rules)


def environments(builders: Iterable[Builder]) -> list[str]:
    """Return the names of the environments that builders have settings for."""
    return list(dict.fromkeys(name for builder in builders for name in builder._overlays))


def finding_of(problem: Problem, locator: Locator) -> Finding:
    """Return a problem as a finding at the call that caused it."""
    return Finding(
        rule=problem.rule,
        message=problem.message,
        place=problem.place or locator.place(problem.origin),
        severity=problem.severity,
        hint=problem.hint,
        object=problem.object,
        field=problem.field,
        related=(*_also(problem, locator), *_via(problem.origin, locator)),
    )


def _also(problem: Problem, locator: Locator) -> tuple[Related, ...]:
    """Return the call that a problem with a place of its own is due to; or its template's line."""
    if problem.laid_out is not None:
        return (Related("laid out here", problem.laid_out),)
    place = None if problem.place is None else locator.place(problem.origin)
    return () if place is None else (Related("used here", place),)


def finding_of_refusal(refusal: Refusal, locator: Locator) -> Finding:
    """Return a refused argument as a finding at the argument."""
    error = refusal.error
    origins: Origins = getattr(error, "origin", None) or Origin((refusal.call, None))
    return Finding(
        rule=error.rule,
        message=error.message,
        place=locator.place(origins),
        hint=error.hint,
        related=_via(origins, locator),
    )


def _via(origins: Origins, locator: Locator) -> tuple[Related, ...]:
    first = origins if isinstance(origins, Origin) else (origins or (None,))[0]
    if first is None:
        return ()
    return tuple(Related("called from here", place) for place in locator.via(first))


class GenerationError(Exception):
    """What was described cannot be generated; ``findings`` has every reason."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(_line_of, findings)))


def _line_of(finding: Finding) -> str:
    place = finding.place
    where = "" if place is None else f"{place.path}:{place.range.start.line + 1}: "
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"{where}error[{finding.rule}] {finding.message}{hint}"
