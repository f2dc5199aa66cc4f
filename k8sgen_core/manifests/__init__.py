"""Findings in plain Kubernetes YAML and JSON, at the line that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from k8sgen_core.findings import Finding
from k8sgen_core.kubernetes.schemas import parse_version
from k8sgen_core.manifests.judge import Judge
from k8sgen_core.manifests.objects import is_object, objects_in
from k8sgen_core.yaml.chunks import YamlError
from k8sgen_core.yaml.lines import LineReader
from k8sgen_core.yaml.loader import load_all

if TYPE_CHECKING:
    from k8sgen_core.config import Config

Sources = Iterable[tuple[str, bytes]]


class Outcome(NamedTuple):
    """What is wrong in each file, which files are none of Kubernetes', and what has no schema."""

    findings: dict[str, list[Finding]]
    skipped: dict[str, str]
    unchecked: dict[str, Counter[tuple[str, str]]]


def outcome_of(
    sources: Sources,
    version: str,
    config: Config,
    *,
    context: Iterable[Mapping[str, Any]] = (),
    named: frozenset[str] | None = None,
) -> Outcome:
    """
    Return what comes of the objects in each file.

    All files are judged together: what one refers to may be in another, or in ``context``.
    Files that are ``named``, by default all, are wrong if they have no object; others are skipped.
    """
    judge = Judge(parse_version(version), config, named)
    texts = _read(judge, sources)
    judge.judge(context)
    found = judge.found
    return Outcome(
        {name: judge.wanted(found[name], {name: text}) for name, text in texts.items()},
        judge.skipped,
        judge.unchecked,
    )


def _read(judge: Judge, sources: Sources) -> dict[str, str]:
    """Read the files, and return the texts of those that may except findings."""
    lines = LineReader()
    texts: dict[str, str] = {}
    for name, content in sources:
        judge.read(name, content, lines)
        texts[name] = content.decode("utf-8", "replace") if b"k8sgen:" in content else ""
    return texts


def findings_of(sources: Sources, version: str, config: Config) -> dict[str, list[Finding]]:
    """Return what is wrong with the objects in each file."""
    return outcome_of(sources, version, config).findings


def objects_of(sources: Sources) -> list[Any]:
    """Return the objects in files that are only context; what cannot be read is left out."""
    lines = LineReader()
    found: list[Any] = []
    for name, content in sources:
        try:
            for document in load_all(content, name=PurePath(name).name, lines=lines):
                found += [each for each, _ in objects_in(document.value) if is_object(each)]
        except YamlError:
            continue
    return found
