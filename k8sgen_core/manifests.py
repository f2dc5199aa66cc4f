"""Findings in plain Kubernetes YAML and JSON, at the line that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.faults import faults
from k8sgen_core.findings import Finding, Place, Position, Range
from k8sgen_core.kubernetes.checks import field_path
from k8sgen_core.kubernetes.schemas import (
    Violation,
    api_versions,
    has_schema,
    parse_version,
    served,
    violations,
)
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.comments import without_excepted
from k8sgen_core.rules.linting import lints_of
from k8sgen_core.rules.manifest import Manifest, Path
from k8sgen_core.rules.policy import breaches
from k8sgen_core.rules.selection import Selection
from k8sgen_core.yaml.chunks import YamlError, decode
from k8sgen_core.yaml.loader import Document, load_all
from k8sgen_core.yaml.positions import Positions, Span

if TYPE_CHECKING:
    from k8sgen_core.config import Config

Sources = Iterable[tuple[str, bytes]]


class Standing(NamedTuple):
    """Where an object stands: the file, the document, and the path to it in a List."""

    name: str
    document: Document
    prefix: Path


class Flaw(NamedTuple):
    """What is wrong with an object, at the value or at the key of a field."""

    finding: Finding
    path: Path
    at_key: bool = False


def findings_of(sources: Sources, version: str, config: Config) -> dict[str, list[Finding]]:
    """
    Return what is wrong with the objects in each file.

    All files are judged together: what one refers to may be in another.
    """
    judge = Judge(parse_version(version), config)
    texts: dict[str, str] = {}
    for name, content in sources:
        judge.read(name, content)
        texts[name] = decode(content, name) if b"k8sgen:" in content else ""
    judge.judge()
    found = judge.found
    return {name: judge.wanted(found[name], {name: text}) for name, text in texts.items()}


def objects_of(sources: Sources) -> list[Any]:
    """Return the objects in files that are only context; what cannot be read is left out."""
    found: list[Any] = []
    for name, content in sources:
        try:
            for document in load_all(content, name=PurePath(name).name):
                found += [each for each, _ in _objects(document.value, ()) if _is_object(each)]
        except YamlError:
            continue
    return found


class Judge:
    """Reads files, and judges the objects in them together."""

    def __init__(self, version: str, config: Config) -> None:
        self.found: dict[str, list[Finding]] = {}
        self._version = version
        self._config = config
        self._selection = Selection(config)
        self._cluster = Cluster(version, self._selection.options)
        self._broken: dict[int, list[Violation]] = {}

    def read(self, name: str, content: bytes) -> None:
        """Read a file; what is no object is a finding."""
        found = self.found.setdefault(name, [])
        try:
            for document in load_all(content, name=PurePath(name).name):
                found += self._document(Standing(name, document, ()))
        except YamlError as error:
            at = Position(error.line - 1, error.column - 1)
            place = Place(name, Range(at, Position(at.line, at.character + 1)))
            found.append(Finding("invalid-manifest", error.message, place, hint=error.hint))

    def _document(self, standing: Standing) -> Iterator[Finding]:
        for value, prefix in _objects(standing.document.value, ()):
            here = standing._replace(prefix=prefix)
            if _is_object(value):
                broken = violations(value, self._version)
                manifest = self._cluster.add(value, (here, value), broken)
                if broken:
                    self._broken[id(manifest)] = broken
            else:
                yield _placed(here, [NO_OBJECT])[0]

    def judge(self) -> None:
        """Judge every object that was read."""
        for manifest in self._cluster.manifests:
            standing, value = manifest.handle
            flaws = [
                *self._of_schema(manifest, value),
                *(Flaw(*each) for each in _of_policy(value, self._config)),
                *self._of_rules(manifest),
            ]
            if flaws:
                self.found[standing.name] += _placed(standing, flaws, manifest.title)

    def _of_schema(self, manifest: Manifest, value: Mapping[str, Any]) -> Iterator[Flaw]:
        api_version, kind = value["apiVersion"], value["kind"]
        if not has_schema(api_version, kind, self._version):
            if not served(api_version, kind, self._version):
                yield _removed(api_version, kind, self._version)
            return
        broken = self._broken.get(id(manifest), ())
        for each in broken:
            finding = Finding("schema-violation", each.message, None, hint=each.hint)
            yield Flaw(finding, each.path, each.is_unknown)
        # A level of Pod Security is judged by alone.
        if broken or self._config.pod_security is not None:
            return
        for fault in faults(value, self._version):
            yield Flaw(Finding(fault.rule, fault.message, None, hint=fault.hint), fault.path)

    def _of_rules(self, manifest: Manifest) -> Iterator[Flaw]:
        for each in lints_of(manifest, self._selection):
            finding = Finding(each.rule, each.message, None, each.severity, each.hint)
            yield Flaw(finding, each.path)

    def wanted(self, findings: list[Finding], texts: dict[str, str]) -> list[Finding]:
        """Return the findings that are wanted, in the order of the lines."""
        wanted = without_excepted(self._selection.wanted(findings), texts, self._selection)
        return sorted(wanted, key=lambda each: each.place.range.start if each.place else (0, 0))


NO_OBJECT = Flaw(
    Finding(
        "invalid-manifest",
        "this is no Kubernetes object",
        None,
        hint="it needs apiVersion and kind",
    ),
    (),
)


def _objects(value: Any, prefix: Path) -> Iterator[tuple[Any, Path]]:
    """Yield the object, or the objects of a List, with where they stand."""
    if isinstance(value, dict) and value.get("kind") == "List":
        items = value.get("items")
        if isinstance(items, list):
            for index, item in enumerate(items):
                yield from _objects(item, (*prefix, "items", index))
            return
    yield value, prefix


def _is_object(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("apiVersion"), str) and isinstance(value.get("kind"), str)


def _removed(api_version: str, kind: str, version: str) -> Flaw:
    known = api_versions(kind, version)
    message = f"Kubernetes {version} has no {kind} in {api_version}"
    hint = f"use {' or '.join(known)}" if known else None
    return Flaw(Finding("removed-api", message, None, hint=hint), ("apiVersion",))


def _of_policy(value: Any, config: Config) -> Iterator[tuple[Finding, Path]]:
    for breach in breaches(value, config):
        yield Finding(breach.rule, breach.message, None, hint=breach.hint), breach.path


def _placed(standing: Standing, flaws: Iterable[Flaw], title: str | None = None) -> list[Finding]:
    """Return the findings at their places; the document is read once more for that."""
    positions = Positions(standing.document)
    found = []
    for finding, path, at_key in flaws:
        place = _place(standing, positions.locate((*standing.prefix, *path), key=at_key))
        field = field_path(path) or None
        found.append(_at(finding, place, title, field))
    return found


def _at(finding: Finding, place: Place, title: str | None, field: str | None) -> Finding:
    return Finding(
        finding.rule, finding.message, place, finding.severity, finding.hint, title, field
    )


def _place(standing: Standing, span: Span) -> Place:
    """Return a place; of what goes on below, its first line."""
    start = Position(span.line - 1, span.column - 1)
    end = Position(span.end_line - 1, span.end_column - 1)
    if end.line > start.line:
        line = standing.document.text.split("\n")[span.line - standing.document.line]
        end = Position(start.line, max(start.character + 1, len(line.rstrip())))
    return Place(standing.name, Range(start, end))
