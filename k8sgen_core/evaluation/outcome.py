"""What one evaluation comes to, as data that crosses from the worker to its front end."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8sgen_core.findings import SEVERITIES, Finding, Place, Position, Range
from k8sgen_core.formats.kubernetes import paths_of
from k8sgen_core.kubernetes.lowered import problem_of
from k8sgen_core.locating import Locator
from k8sgen_core.pipeline import (
    BASE,
    Build,
    build,
    environments,
    finding_of,
    finding_of_refusal,
)
from k8sgen_core.preview import Shown, preview
from k8sgen_core.rules.project import project_rules
from k8sgen_core.secrets import Checksum, Given, Reference
from k8sgen_core.session import Collecting
from k8sgen_core.writing import Draft, drafts, placeholder

if TYPE_CHECKING:
    from k8sgen_core.evaluation.request import Request

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


def describe(
    session: Collecting, request: Request, locator: Locator, findings: list[Finding], output: str
) -> Json:
    """Return the preview, the findings, and, for the disk session, the drafts of the files."""
    # What a constructor refused is no resource, and every other builder still is.
    known = environments(session.builders.values())
    rules = project_rules(request.root, locator)
    made = build(session.roots(), request.environment, request.version, rules)
    is_complete = not any(finding.rule in ENDED_EARLY for finding in findings)
    # Of what is half described, nobody wants to know what is missing.
    problems = made.all_problems if is_complete else []
    found = [
        *findings,
        *rules.findings,
        *(finding_of_refusal(refusal, locator) for refusal in session.refusals),
        *(finding_of(each, locator) for each in [*map(problem_of, session.notes), *problems]),
        *_unknown_environment(request, known),
        *_nothing(request, session, findings),
    ]
    ordered = sorted(found, key=_order)
    shown = Shown(locator, request.unit, uris=request.uris)
    result: Json = {
        "preview": preview(made, shown, ordered, session.requests) if request.preview else None,
        "findings": [shown.finding(each) for each in ordered],
        "complete": is_complete,
        "environments": known,
        "output": output,
    }
    if request.drafts:
        result["drafts"] = [_draft(each) for each in drafts(made.files(placeholder))]
        result["requests"] = _requests(session, made)
    return result


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


def _nothing(request: Request, session: Collecting, findings: list[Finding]) -> Iterable[Finding]:
    if not session.builders and not findings:
        yield Finding(
            "no-resources",
            "the file describes no resources",
            _at_start(request.path),
            severity="warning",
            hint='create a builder, for example App("web")',
        )


def _requests(session: Collecting, made: Build) -> list[Json]:
    """Return the folders that the file asks for: which files, under which names."""
    roots = zip(session.roots(), made.model.roots, strict=True)
    resources = {id(builder): resource for builder, resource in roots}
    asked: dict[str, set[int]] = {}
    for each in session.requests:
        folder = os.path.normpath(each.path)
        asked.setdefault(folder, set()).add(id(resources[id(each.builder)]))
    return [{"folder": folder, "files": _files(made, wanted)} for folder, wanted in asked.items()]


def _files(made: Build, roots: set[int]) -> list[tuple[int, str]]:
    """Return the objects of these roots, by number, with the paths they have by themselves."""
    found = [number for number, each in enumerate(made.lowered) if id(each.root) in roots]
    return list(zip(found, paths_of([made.lowered[n].object for n in found]), strict=True))


def _draft(draft: Draft) -> Json:
    return {
        "path": str(draft.path),
        "text": draft.text,
        "root": draft.root,
        "values": [[s, _reference(reference), encoded] for s, reference, encoded in draft.values],
    }


def _reference(reference: Reference) -> Json:
    if isinstance(reference, Given):
        return {"text": reference.text}
    if isinstance(reference, Checksum):
        return {"parts": [[key, _reference(part)] for key, part in reference.parts]}
    return {
        "namespace": reference.namespace,
        "name": reference.name,
        "key": reference.key,
        "length": reference.length,
        "charset": reference.charset,
    }
