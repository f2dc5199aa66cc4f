"""SARIF 2.1.0, which code scanning reads; columns count code points."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from k8sgen_core.findings import Finding, Range, Related
from k8sgen_core.ids import Rule, registry
from k8sgen_core.reports.reported import Reported

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
FINGERPRINT = "k8sgen/v1"


def report(reported: Sequence[Reported], files: Sequence[str]) -> str:
    """Return the report; every rule that found something is described in it."""
    rules = list(dict.fromkeys(each.finding.rule for each in reported))
    numbers = {name: number for number, name in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "k8sgen",
                "semanticVersion": version("k8s-gen"),
                "rules": [_rule(name, registry().get(name)) for name in rules],
            }
        },
        "artifacts": [{"location": _artifact(path)} for path in files],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The working folder."}}},
        "results": [_result(each, numbers[each.finding.rule]) for each in reported],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(name: str, known: Rule | None) -> dict[str, Any]:
    if known is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": known.summary},
        "fullDescription": {"text": known.why},
        "help": {"text": known.remedy, "markdown": known.remedy},
        "defaultConfiguration": {"level": LEVELS[known.severity]},
        "properties": {"tags": [known.subject, *known.sources]},
    }


def _result(reported: Reported, number: int) -> dict[str, Any]:
    finding = reported.finding
    hint = f" ({finding.hint})" if finding.hint else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.message}{hint}"},
        "locations": [_location(reported)],
        "partialFingerprints": {FINGERPRINT: reported.fingerprint},
    }
    if reported.related:
        result["relatedLocations"] = list(map(_related, reported.related))
    return result


def _location(reported: Reported) -> dict[str, Any]:
    finding = reported.finding
    location: dict[str, Any] = {}
    if reported.path is not None and finding.place is not None:
        location["physicalLocation"] = _physical(reported.path, finding.place.range)
    if finding.object is not None:
        location["logicalLocations"] = [_logical(finding)]
    return location


def _logical(finding: Finding) -> dict[str, Any]:
    field = f".{finding.field}" if finding.field else ""
    return {"fullyQualifiedName": f"{finding.object}{field}", "kind": "resource"}


def _physical(path: str, range_: Range) -> dict[str, Any]:
    start, end = range_
    region = {
        "startLine": start.line + 1,
        "startColumn": start.character + 1,
        "endLine": end.line + 1,
        "endColumn": end.character + 1,
    }
    return {"artifactLocation": _artifact(path), "region": region}


def _artifact(path: str) -> Mapping[str, str]:
    """Return a location with what a URI cannot have escaped; relative to the working folder."""
    if path.startswith("<"):
        return {"uri": "stdin"}
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {
        "uri": PurePosixPath("/", path).as_uri().removeprefix("file:///"),
        "uriBaseId": "SRCROOT",
    }


def _related(related: Related) -> dict[str, Any]:
    path, range_ = related.place
    return {"message": {"text": related.message}, "physicalLocation": _physical(path, range_)}
