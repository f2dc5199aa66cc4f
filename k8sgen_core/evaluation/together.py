"""What several DSL files come to together: objects that two describe, and files for others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from k8sgen_core.evaluation.result import Evaluation

Json = Mapping[str, Any]
Key = tuple[Path, str, str, str, str]


def judged_together(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """
    Return the evaluations with what only shows in all of them.

    An object that two files describe is reported in the later one. A file without
    resources that another one imports is there for that other one.
    """
    imported = {path for each in evaluations for path in each.result.get("imports", ())}
    seen: dict[Key, tuple[Evaluation, Json]] = {}
    return [_judged(each, seen, imported) for each in evaluations]


def _judged(
    evaluation: Evaluation, seen: dict[Key, tuple[Evaluation, Json]], imported: set[str]
) -> Evaluation:
    findings = [
        finding
        for finding in evaluation.result["findings"]
        if finding["rule"] != "no-resources" or str(evaluation.request.path) not in imported
    ]
    found = {json.dumps(each["range"]): each for each in _duplicates(evaluation, seen)}
    if not found and len(findings) == len(evaluation.result["findings"]):
        return evaluation
    result = {**evaluation.result, "findings": [*findings, *found.values()]}
    return Evaluation(evaluation.request, result, evaluation._interpreter)


def _duplicates(
    evaluation: Evaluation, seen: dict[Key, tuple[Evaluation, Json]]
) -> Iterator[dict[str, Any]]:
    """Yield a finding for each object that another file describes; remember those of this one."""
    for made in reversed(evaluation.preview["objects"]):
        if made["name"] is None or made["origin"] is None:
            continue
        group = made["apiVersion"].rpartition("/")[0]
        key = (
            evaluation.request.root,
            group,
            made["kind"],
            made["namespace"] or "",
            made["name"],
        )
        earlier, first = seen.setdefault(key, (evaluation, made))
        if earlier.request.path != evaluation.request.path and not _is_same(first, made):
            yield _finding(made, first, earlier.name)


def _is_same(one: Json, other: Json) -> bool:
    """Was it described by one call, in a module that both files import?"""
    places = [{key: made["origin"][key] for key in ("path", "range")} for made in (one, other)]
    return bool(places[0] == places[1])


def _finding(made: Json, first: Json, name: str) -> dict[str, Any]:
    title = f"{made['kind']}/{made['name']}"
    where = f" in the namespace {made['namespace']!r}" if made["namespace"] else ""
    place = {key: made["origin"][key] for key in ("path", "range")}
    other = {key: first["origin"][key] for key in ("path", "range")}
    return {
        "rule": "duplicate-object",
        "severity": "error",
        "message": f"{name} describes {title}{where} too",
        "hint": "rename one of them, or put it into another namespace",
        **place,
        "object": title,
        "field": None,
        "related": [{"message": "the other one", **other}],
    }
