"""Findings in plain Kubernetes YAML and JSON, at the line that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from k8sgen_core.findings import Finding, Place, Position, Range
from k8sgen_core.kubernetes.checks import field_path
from k8sgen_core.kubernetes.schemas import (
    DEFAULT_VERSION,
    api_versions,
    has_schema,
    parse_version,
    served,
    violations,
)
from k8sgen_core.rules.policy import breaches
from k8sgen_core.yaml.chunks import YamlError
from k8sgen_core.yaml.loader import Document, load_all
from k8sgen_core.yaml.positions import Positions, Span

if TYPE_CHECKING:
    from k8sgen_core.config import Config


def findings_of(
    content: bytes, name: str, version: str | None = None, config: Config | None = None
) -> list[Finding]:
    """Return what is wrong with the documents of a file, or against the policy of ``config``."""
    target = parse_version(version or DEFAULT_VERSION)
    found: list[Finding] = []
    try:
        for document in load_all(content, name=PurePath(name).name):
            found += _document(document, name, target, config)
    except YamlError as error:
        at = Position(error.line - 1, error.column - 1)
        place = Place(name, Range(at, Position(at.line, at.character + 1)))
        found.append(Finding("invalid-manifest", error.message, place, hint=error.hint))
    return found


def _document(
    document: Document, name: str, version: str, config: Config | None
) -> Iterator[Finding]:
    positions = Positions(document)
    for value, prefix in _objects(document.value, ()):
        if not isinstance(value, dict) or not _identified(value):
            yield Finding(
                "invalid-manifest",
                "this is no Kubernetes object",
                _place(name, positions.locate(prefix)),
                hint="it needs apiVersion and kind",
            )
        else:
            yield from _object(value, prefix, positions, (name, version))
            for breach in breaches(value, config) if config is not None else ():
                place = _place(name, positions.locate((*prefix, *breach.path)))
                yield Finding(
                    breach.rule,
                    breach.message,
                    place,
                    hint=breach.hint,
                    object=_title(value),
                    field=field_path(breach.path),
                )


def _objects(value: Any, prefix: tuple[str | int, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the object, or the objects of a List, with where they stand."""
    if isinstance(value, dict) and value.get("kind") == "List":
        items = value.get("items")
        if isinstance(items, list):
            for index, item in enumerate(items):
                yield from _objects(item, (*prefix, "items", index))
            return
    yield value, prefix


def _identified(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("apiVersion"), str) and isinstance(value.get("kind"), str)


def _title(value: Mapping[str, Any]) -> str:
    kind, metadata = value["kind"], value.get("metadata")
    return f"{kind}/{metadata.get('name', '')}" if isinstance(metadata, dict) else kind


def _object(
    value: Mapping[str, Any],
    prefix: tuple[str | int, ...],
    positions: Positions,
    context: tuple[str, str],
) -> Iterator[Finding]:
    name, version = context
    api_version, kind = value["apiVersion"], value["kind"]
    title = _title(value)
    if not has_schema(api_version, kind, version):
        if not served(api_version, kind, version):
            known = api_versions(kind, version)
            yield Finding(
                "removed-api",
                f"Kubernetes {version} has no {kind} in {api_version}",
                _place(name, positions.locate((*prefix, "apiVersion"))),
                hint=f"use {' or '.join(known)}" if known else None,
                object=title,
                field="apiVersion",
            )
        return
    for each in violations(value, version):
        path = (*prefix, *each.path)
        yield Finding(
            "schema-violation",
            each.message,
            _place(name, positions.locate(path, key=each.is_unknown)),
            hint=each.hint,
            object=title,
            field=field_path(each.path),
        )


def _place(name: str, span: Span) -> Place:
    start = Position(span.line - 1, span.column - 1)
    return Place(name, Range(start, Position(span.end_line - 1, span.end_column - 1)))
