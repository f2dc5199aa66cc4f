"""What several DSL files come to together: objects that two describe, and files for others."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from k8sgen_core.evaluation.result import Evaluation

Json: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[Path, str, str, str, str]
_UNKNOWN = "unknown-environment"


class Described(NamedTuple):
    """
    What one of several files came to.

    ``name`` is its path in the project. Of an object only its names and its origin count.
    """

    path: Path
    root: Path
    name: str
    imports: Collection[Path]
    findings: Sequence[Json]
    objects: Sequence[Json]


def judged_together(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Return the evaluations with what only shows in all of them."""
    told = findings_together([_described(each) for each in evaluations])
    return [_judged(each, found) for each, found in zip(evaluations, told, strict=True)]


def _described(evaluation: Evaluation) -> Described:
    request, result = evaluation.request, evaluation.result
    imports = [Path(each) for each in result.get("imports", ())]
    objects = result["described"] if "described" in result else evaluation.preview["objects"]
    name = evaluation.name
    return Described(request.path, request.root, name, imports, result["findings"], objects)


def _judged(evaluation: Evaluation, findings: list[Json]) -> Evaluation:
    if findings == evaluation.result["findings"]:
        return evaluation
    # The language server judges files together without it.
    from k8sgen_core.evaluation.result import Evaluation

    result = {**evaluation.result, "findings": findings}
    return Evaluation(evaluation.request, result, evaluation._interpreter)


def findings_together(files: Sequence[Described]) -> list[list[Json]]:
    """
    Return the findings of each file, with what only shows in all of them.

    An object that two files describe is reported in the later one. A file without
    resources that another one imports is there for that other one. What is found in a
    module that several of them import is told once. An environment that one of them has
    settings for is known to its project: the others are then as they are without.
    """
    knowing = {each.root for each in files if not _lacks_environment(each)}
    imported = {path for each in files for path in each.imports}
    seen: dict[Key, tuple[Described, Json]] = {}
    told: dict[str, Path] = {}
    return [[*_own(each, imported, told, knowing), *_duplicates(each, seen)] for each in files]


def _own(
    file: Described, imported: Collection[Path], told: dict[str, Path], knowing: Collection[Path]
) -> Iterator[Json]:
    for finding in file.findings:
        first = told.setdefault(json.dumps(finding, sort_keys=True), file.path)
        is_needless = finding["rule"] == "no-resources" and file.path in imported
        is_known = finding["rule"] == _UNKNOWN and file.root in knowing
        if first == file.path and not is_needless and not is_known:
            yield finding


def _lacks_environment(file: Described) -> bool:
    return any(finding["rule"] == _UNKNOWN for finding in file.findings)


def _duplicates(file: Described, seen: dict[Key, tuple[Described, Json]]) -> Iterable[Json]:
    """Return a finding for each call that made what another file describes; note what this did."""
    found: dict[str, Json] = {}
    for made in reversed(file.objects):
        if made["name"] is None or made["origin"] is None:
            continue
        group = made["apiVersion"].rpartition("/")[0]
        key = (file.root, group, made["kind"], made["namespace"] or "", made["name"])
        earlier, first = seen.setdefault(key, (file, made))
        if earlier.path != file.path and not _is_same(first, made):
            finding = _finding(made, first, earlier.name)
            found[json.dumps(finding["range"])] = finding
    return found.values()


def _is_same(one: Json, other: Json) -> bool:
    """Was it described by one call, in a module that both files import?"""
    places = [{key: made["origin"][key] for key in ("path", "range")} for made in (one, other)]
    return bool(places[0] == places[1])


def _finding(made: Json, first: Json, name: str) -> Json:
    title = f"{made['kind']}/{made['name']}"
    where = f" in the namespace {made['namespace']!r}" if made["namespace"] else ""
    place, other = _place(made), _place(first)
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


def _place(made: Json) -> Json:
    origin = made["origin"]
    return {key: origin[key] for key in ("path", "uri", "range") if key in origin}
