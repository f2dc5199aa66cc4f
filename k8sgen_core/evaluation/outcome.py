"""What one evaluation comes to, as data that crosses from the worker to its front end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.config.discovery import only_defines
from k8sgen_core.evaluation.assigned import assigned_methods
from k8sgen_core.evaluation.idle import idle_calls
from k8sgen_core.evaluation.outputs import Outputs
from k8sgen_core.findings import SEVERITIES, Finding, Place, Position, Range
from k8sgen_core.grammar import did_you_mean
from k8sgen_core.judging.comments import without_excepted
from k8sgen_core.judging.project import project_rules
from k8sgen_core.kubernetes.checks import bare
from k8sgen_core.kubernetes.lowered import problem_of
from k8sgen_core.locating import Locator
from k8sgen_core.pipeline import (
    BASE,
    build,
    environments,
    finding_of,
    finding_of_refusal,
)
from k8sgen_core.plugins.definitions import definitions
from k8sgen_core.preview import preview
from k8sgen_core.rendering import Rendering
from k8sgen_core.session import Collecting
from k8sgen_core.shown import Shown

if TYPE_CHECKING:
    from k8sgen_core.evaluation.request import Request
    from k8sgen_core.judging.selection import Selection

Json = dict[str, Any]
# With these a file did not get to its end, so that what it describes is not all there.
ENDED_EARLY = frozenset(
    (
        "syntax-error",
        "import-error",
        "uncaught-exception",
        "evaluation-timeout",
        "memory-limit",
        "recursion-limit",
        "process-exit",
        "reads-input",
        "too-many-objects",
    )
)


class Ran(NamedTuple):
    """
    A run that has come to its end, and what describing it needs to know.

    ``noted`` says what the run was found to do, which code that is run here may add to.
    ``tell`` is told the findings as soon as they are known.
    """

    session: Collecting
    request: Request
    locator: Locator
    noted: Callable[[], list[Finding]] = list
    output: str = ""
    tell: Callable[[list[Json]], None] = lambda findings: None

    @property
    def is_complete(self) -> bool:
        """Did the file get to its end, so that all that it describes is there?"""
        ended_early = any(finding.rule in ENDED_EARLY for finding in self.noted())
        return self.session.is_complete and not ended_early


def describe(ran: Ran) -> Json:
    """Return the preview, the findings, and, for the disk session, the drafts of the files."""
    session, request, locator = ran.session, ran.request, ran.locator
    rules = project_rules(request.root, locator, request.judging)
    rules = replace(rules, definitions=definitions())
    roots = session.roots()
    made = build(roots, request.environment, request.version, rules)
    is_complete = ran.is_complete
    requests = session.requests if is_complete else []
    outputs = Outputs(request, Rendering(made, roots, requests), requests)
    found = [*rules.findings, *_findings(ran, outputs, is_complete=is_complete)]
    if rules.selection is not None:
        found = _wanted(found, locator, request, rules.selection)
    shown = Shown(locator, request.unit, uris=request.uris, origins=request.origins)
    result: Json = {
        "preview": None,
        "findings": [shown.finding(each) for each in sorted(found, key=_order)],
        "complete": is_complete,
        "environments": environments(session.builders.values()),
        "output": ran.output,
        "unchecked": [[*kind, count] for kind, count in made.unchecked.items()],
    }
    if request.preview:
        ran.tell(result["findings"])
        findings = result["findings"]
        result["preview"] = preview(made, outputs.shown, shown, findings, session.requests)
    if request.objects:
        result["objects"] = [bare(each.object) for each in made.lowered]
    if request.described:
        result["described"] = [shown.described(each) for each in made.lowered]
    if request.plugins:
        result["plugins"] = _plugins(session, locator)
    if request.drafts:
        result["drafts"] = outputs.drafts(shown)
        result["requests"] = outputs.requests(shown)
    return result


def _findings(ran: Ran, outputs: Outputs, *, is_complete: bool) -> list[Finding]:
    """Return what is wrong with a file and with what it describes."""
    session, request, locator = ran.session, ran.request, ran.locator
    # Of what is half described, nobody wants to know what is missing.
    problems = outputs.problems() if is_complete else []
    noted = ran.noted()
    notes = [*session.notes, *(idle_calls(session, locator) if is_complete else ())]
    # What a constructor refused is no resource, and every other builder still is.
    known = environments(session.builders.values())
    return [
        *noted,
        *(finding_of_refusal(refusal, locator) for refusal in session.refusals),
        *(finding_of(each, locator) for each in [*map(problem_of, notes), *problems]),
        *assigned_methods(session, locator, request.path),
        *_unknown_environment(request, known),
        *_unknown_format(request, outputs.names),
        *_nothing(request, session, noted, locator.sources.text(str(request.path)) or ""),
    ]


def _plugins(session: Collecting, locator: Locator) -> list[Json]:
    """Return what the loaded plugins offer; without plugins nothing is imported to say so."""
    if not session.plugin_classes:
        return []
    from k8sgen_core.plugins.introspecting import catalogue

    return catalogue(session.plugin_classes, locator.sources.text)


def _wanted(
    findings: list[Finding], locator: Locator, request: Request, selection: Selection
) -> list[Finding]:
    """Return the findings that are wanted and that no comment excepts."""
    wanted = selection.wanted(findings)
    paths = {each.place.path for each in wanted if each.place is not None}
    texts = {path: locator.sources.text(path) for path in (*paths, str(request.path))}
    return without_excepted(wanted, {p: t for p, t in texts.items() if t}, selection)


def _order(finding: Finding) -> tuple[str, int, int, int]:
    place = finding.place
    if place is None:
        return ("", 0, 0, SEVERITIES.index(finding.severity))
    start = place.range.start
    return (place.path, start.line, start.character, SEVERITIES.index(finding.severity))


def _at_start(path: Path) -> Place:
    return Place(str(path), Range(Position(0, 0), Position(0, 0)))


def _unknown_environment(request: Request, known: list[str]) -> Iterable[Finding]:
    wanted = request.environment
    if wanted is not None and wanted not in (*known, BASE):
        yield Finding(
            "unknown-environment",
            f"nothing here has settings for the environment {wanted!r}",
            _at_start(request.path),
            hint=f"use one of {', '.join(known)}" if known else "call .for_environment(...)",
        )


def _nothing(
    request: Request, session: Collecting, findings: list[Finding], text: str
) -> Iterable[Finding]:
    if not session.builders and not findings and not only_defines(text):
        yield Finding(
            "no-resources",
            "the file describes no resources",
            _at_start(request.path),
            severity="warning",
            hint='create a builder, for example App("web")',
        )


def _unknown_format(request: Request, names: list[str]) -> Iterable[Finding]:
    if request.shown not in names:
        yield Finding(
            "unknown-format",
            f"there is no format {request.shown!r}",
            _at_start(request.path),
            hint=did_you_mean(*get_close_matches(request.shown, names, 1))
            or f"use one of {', '.join(names)}, or call .register_output_format(...)",
        )
