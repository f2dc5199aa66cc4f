"""Judges the objects of several files together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from k8sgen_core.faults import faults
from k8sgen_core.field_paths import field_path
from k8sgen_core.findings import Finding, Place, Position, Range, Severity
from k8sgen_core.grammar import did_you_mean
from k8sgen_core.judging.comments import without_excepted
from k8sgen_core.judging.linting import lints_of
from k8sgen_core.judging.policy import breaches
from k8sgen_core.judging.selection import Selection
from k8sgen_core.kubernetes.custom import DEFINITION, Kinds
from k8sgen_core.kubernetes.schemas import (
    Violation,
    api_versions,
    has_schema,
    served,
    violations,
)
from k8sgen_core.manifests.foreign import (
    UNREADABLE,
    by_place,
    is_meant,
    of_broken,
    of_document,
    of_other,
)
from k8sgen_core.manifests.objects import is_object, objects_in
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.manifest import Manifest, Path
from k8sgen_core.yaml.chunks import Chunk, YamlError, chunks
from k8sgen_core.yaml.lines import LineReader
from k8sgen_core.yaml.loader import Document, load_all

if TYPE_CHECKING:
    from k8sgen_core.config import Config
    from k8sgen_core.yaml.positions import Positions, Span


class Standing(NamedTuple):
    """
    An object as it was read, and where it stands.

    That is the file, the line that its document begins at, and the path to it in a List.
    """

    value: Mapping[str, Any]
    name: str
    line: int
    prefix: Path


class Judgement(NamedTuple):
    """What is wrong with an object, at the value or at the key of a field."""

    finding: Finding
    path: Path
    at_key: bool = False


_Part: TypeAlias = tuple[Document, Path, Any]
_Flawed: TypeAlias = tuple[Standing, Sequence[Judgement], str]


class Judge:
    """Reads files, and judges the objects in them together."""

    def __init__(self, version: str, config: Config, named: frozenset[str] | None = None) -> None:
        self.found: dict[str, list[Finding]] = {}
        self.skipped: dict[str, str] = {}
        self.unchecked: dict[str, Counter[tuple[str, str]]] = {}
        self._version = version
        self._config = config
        self._named = named
        self._selection = Selection(config)
        self._cluster = Cluster(version, self._selection.options)
        self._kinds = Kinds(version, config.schema_locations, config.root)
        self._waiting: list[Standing] = []
        self._broken: dict[int, list[Violation]] = {}
        self._contents: dict[str, bytes] = {}
        self._has_policy = any(config.policy.values())

    def read(self, name: str, content: bytes, lines: LineReader) -> None:
        """Read a file; what is no object is a finding, or a file of another kind."""
        found = self.found.setdefault(name, [])
        self._contents[name] = content
        is_named = self._named is None or name in self._named
        what = by_place(name)
        if what is not None and not is_named:
            self.skipped[name] = what
            return
        try:
            others = self._read(name, _parts(name, content, lines), what)
        except YamlError as error:
            text = content[:_SHOWN].decode("utf-8", "replace")
            what = what or of_broken(text)
            others = [Other(what or UNREADABLE, _unreadable(name, error, what))]
            is_named = is_named or (what is None and is_meant(text))
        if is_named:
            found += [each.finding for each in others]
        elif others:
            self.skipped[name] = others[0].what

    def _read(self, name: str, parts: Iterator[_Part], place: str | None) -> list[Other]:
        """Keep the objects of a file; if it has none, return what it has, or is by its place."""
        objects: list[Standing] = []
        known: list[Other] = []
        others: list[Other] = []
        for document, prefix, value in parts:
            standing = Standing(value, name, document.line, prefix)
            if what := of_document(value, document.text):
                known.append(_other(what, standing, document))
            elif is_object(value):
                objects.append(standing)
            elif len(others) < _MOST_OTHERS:
                others.append(_other(place or of_other(value), standing, document))
            elif not objects:
                break
        for standing in objects:
            self._keep(standing)
        if not objects:
            return known + others
        self.found[name] += [each.finding for each in others]
        return []

    def _keep(self, standing: Standing) -> None:
        """Add an object; of what may be a custom resource, its definition may be still to come."""
        value = standing.value
        if has_schema(value["apiVersion"], value["kind"], self._version):
            self._add(standing, violations(value, self._version))
            if value["kind"] == DEFINITION:
                self._kinds.learn([value])
        else:
            self._waiting.append(standing)

    def _add(self, standing: Standing, broken: list[Violation]) -> None:
        manifest = self._cluster.add(standing.value, standing, broken)
        if broken:
            self._broken[id(manifest)] = broken

    def judge(self, context: Iterable[Mapping[str, Any]] = ()) -> None:
        """Judge every object that was read; those in ``context`` are known, and not judged."""
        context = list(context)
        self._kinds.learn(context)
        for standing in self._waiting:
            self._add(standing, self._kinds.violations(standing.value))
        own = list(self._cluster.manifests)
        for value in context:
            self._cluster.add(value)
        repeated = {each.key for each in own if self._cluster.named(*each.key) is not each}
        seen: set[tuple[str, ...]] = set()
        flawed: dict[str, list[_Flawed]] = {}
        for manifest in own:
            standing = manifest.handle
            value = standing.value
            flaws = [
                *(_again(manifest, standing.name, seen) if manifest.key in repeated else ()),
                *self._of_schema(manifest, value),
                *(self._of_policy(value) if self._has_policy else ()),
                *self._of_rules(manifest),
            ]
            if flaws:
                flawed.setdefault(standing.name, []).append((standing, flaws, manifest.title))
        for name, each in flawed.items():
            self.found[name] += _placed(self._contents[name], each)

    def _of_schema(self, manifest: Manifest, value: Mapping[str, Any]) -> Iterator[Judgement]:
        api_version, kind = value["apiVersion"], value["kind"]
        if not has_schema(api_version, kind, self._version):
            yield from self._of_custom(api_version, kind, manifest.handle.name)
        broken = self._broken.get(id(manifest), ())
        for each in broken:
            finding = Finding("schema-violation", each.message, None, hint=each.hint)
            yield Judgement(finding, each.path, each.is_unknown)
        # A level of Pod Security is judged by alone.
        if broken or self._config.pod_security is not None:
            return
        for fault in (*faults(value, self._version), *self._kinds.repeated(value)):
            yield Judgement(Finding(fault.rule, fault.message, None, hint=fault.hint), fault.path)

    def _of_custom(self, api_version: str, kind: str, name: str) -> Iterator[Judgement]:
        """Yield that a kind is not served, or cannot be judged if that is an error."""
        if not served(api_version, kind, self._version):
            yield _removed(api_version, kind, self._version)
        elif not self._kinds.knows(api_version, kind):
            self.unchecked.setdefault(name, Counter())[api_version, kind] += 1
            if self._config.strict_crds:
                yield Judgement(unknown_kind(api_version, kind), ("kind",))

    def _of_policy(self, value: dict[str, Any]) -> Iterator[Judgement]:
        for each in breaches(value, self._config):
            yield Judgement(Finding(each.rule, each.message, None, hint=each.hint), each.path)

    def _of_rules(self, manifest: Manifest) -> Iterator[Judgement]:
        for each in lints_of(manifest, self._selection):
            finding = Finding(each.rule, each.message, None, each.severity, each.hint)
            yield Judgement(finding, each.path)

    def wanted(self, findings: list[Finding], texts: dict[str, str]) -> list[Finding]:
        """Return the findings that are wanted, in the order of the lines."""
        wanted = without_excepted(self._selection.wanted(findings), texts, self._selection)
        return sorted(wanted, key=lambda each: each.place.range.start if each.place else (0, 0))


# How much of a file that cannot be read tells what it is.
_SHOWN = 1 << 16
# A file that is no manifest at all may have a million documents.
_MOST_OTHERS = 100


def _parts(name: str, content: bytes, lines: LineReader) -> Iterator[_Part]:
    for document in load_all(content, name=PurePath(name).name, lines=lines):
        for value, prefix in objects_in(document.value):
            yield document, prefix, value


class Other(NamedTuple):
    """A document that is no object: what it is, and that as a finding."""

    what: str
    finding: Finding


def _other(what: str, standing: Standing, document: Document) -> Other:
    finding = Finding("invalid-manifest", *_said(what, "it needs apiVersion and kind"))
    place = _place(standing, document, _positions(document).locate(standing.prefix))
    return Other(what, finding._replace(place=place))


def _said(what: str, hint: str) -> tuple[str, None, Severity, str]:
    message, _, remedy = what.partition(": ")
    return f"this is {message}", None, "error", remedy or hint


def _unreadable(name: str, error: YamlError, what: str | None) -> Finding:
    at = Position(error.line - 1, error.column - 1)
    place = Place(name, Range(at, Position(at.line, at.character + 1)))
    if what is None:
        return Finding("invalid-manifest", error.message, place, hint=error.hint)
    return Finding("invalid-manifest", *_said(what, error.hint))._replace(place=place)


def unknown_kind(api_version: str, kind: str) -> Finding:
    """Return that there is no schema for a kind."""
    message = f"there is no schema of {kind} in {api_version}, so it is not checked"
    return Finding("unknown-kind", message, None, hint=_SCHEMA_HINT)


_SCHEMA_HINT = "add its CustomResourceDefinition, or name a folder with --schema-location"


def _removed(api_version: str, kind: str, version: str) -> Judgement:
    known = api_versions(kind, version)
    message = f"Kubernetes {version} has no {kind} in {api_version}"
    hint = did_you_mean(*known[:1])
    return Judgement(Finding("removed-api", message, None, hint=hint), ("apiVersion",))


def _again(manifest: Manifest, file: str, seen: set[tuple[str, ...]]) -> Iterator[Judgement]:
    """Yield that an object is in its file twice; in two files they may be alternatives."""
    if not manifest.metadata.get("name"):
        return
    key = (file, manifest.group, manifest.kind, manifest.namespace, manifest.name)
    if key in seen:
        message = f"there is another {manifest.title} in this file"
        hint = "rename one of them, or put it into another namespace"
        yield Judgement(Finding("duplicate-object", message, None, hint=hint), ("metadata", "name"))
    seen.add(key)


def _positions(written: Document | Chunk) -> Positions:
    # The parser behind it is not loaded where nothing is wrong.
    from k8sgen_core.yaml.positions import Positions

    return Positions(written)


def _placed(content: bytes, flawed: Collection[_Flawed]) -> Iterator[Finding]:
    """Yield the findings in a file at their places; their documents are read once more for that."""
    lines = {standing.line for standing, _, _ in flawed}
    written = {each.line: each for each in chunks(content, "") if each.line in lines}
    chunk, positions = None, None
    for standing, flaws, title in flawed:
        if positions is None or written[standing.line] is not chunk:
            chunk = written[standing.line]
            positions = _positions(chunk)
        for finding, path, at_key in flaws:
            span = positions.locate((*standing.prefix, *path), key=at_key)
            place = _place(standing, chunk, span)
            field = field_path(path) or None
            yield finding._replace(place=place, object=title, field=field)


def _place(standing: Standing, written: Document | Chunk, span: Span) -> Place:
    """Return a place; of what goes on below, its first line."""
    start = Position(span.line - 1, span.column - 1)
    end = Position(span.end_line - 1, span.end_column - 1)
    if end.line > start.line:
        line = written.text.split("\n")[span.line - written.line]
        end = Position(start.line, max(start.character + 1, len(line.rstrip())))
    return Place(standing.name, Range(start, end))
