"""Objects before the built-in rules: the one place where tests know how they are judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from k8sgen_core.config import Config
from k8sgen_core.judging.linting import Lint, lints_of
from k8sgen_core.judging.selection import Selection
from k8sgen_core.kubernetes.schemas import DEFAULT_VERSION, has_schema, violations
from k8sgen_core.rules.cluster import Cluster
from k8sgen_core.rules.manifest import Manifest
from k8sgen_core.yaml.loader import load_all

Object = Mapping[str, Any]


def selection(**settings: Any) -> Selection:
    """Return the rules that a configuration with these keys chooses."""
    return Selection(replace(Config(Path("/project")), **settings))


def cluster_of(
    objects: Iterable[Object], version: str = DEFAULT_VERSION, options: Any = None
) -> Cluster:
    """Return objects as the rules see them: without what their schemas refuse."""
    cluster = Cluster(version, options)
    for value in objects:
        known = has_schema(str(value.get("apiVersion")), str(value.get("kind")), version)
        cluster.add(value, broken=violations(value, version) if known else ())
    return cluster


def lints(
    objects: Iterable[Object], version: str = DEFAULT_VERSION, **settings: Any
) -> list[tuple[Manifest, Lint]]:
    """Return what the rules say of objects that are judged together."""
    chosen = selection(**settings)
    cluster = cluster_of(objects, version, chosen.options)
    return [(each, lint) for each in cluster.manifests for lint in lints_of(each, chosen)]


def said(objects: str, rule: str, version: str = DEFAULT_VERSION, **settings: Any) -> list[str]:
    """Return the messages of a rule about the objects of a YAML text, with their severity."""
    found = lints(documents(objects), version, select=(rule,), **settings)
    return [f"{lint.severity}: {lint.message}" for _, lint in found]


def documents(text: str) -> list[Object]:
    """Return the objects of a YAML text."""
    values = (each.value for each in load_all(text.encode(), name="objects.yaml"))
    return [value for value in values if isinstance(value, dict)]


def read(*paths: Path) -> list[Object]:
    """Return the objects of YAML files."""
    return [value for path in paths for value in documents(path.read_text(encoding="utf-8"))]
