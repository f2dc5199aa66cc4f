"""Runs the built-in rules over an object, each on what it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from k8sgen_core.findings import Severity
from k8sgen_core.grammar import did_you_mean
from k8sgen_core.ids import registry
from k8sgen_core.judging.annotations import OWN, ignored, own
from k8sgen_core.judging.selection import Selection
from k8sgen_core.rules.manifest import Manifest, Path
from k8sgen_core.rules.rule import BuiltIn

UNUSED = "unused-suppression"
UNKNOWN = "unknown-id"


class Lint(NamedTuple):
    """What a rule says of an object; ``path`` starts at the object."""

    rule: str
    severity: Severity
    path: Path
    message: str
    hint: str | None = None


def lints_of(manifest: Manifest, selection: Selection) -> list[Lint]:
    """Return what the rules say of an object, but for what its annotations except."""
    found = list(_all_of(manifest, selection))
    noted = manifest.annotations
    if not noted:
        return found
    excepted = ignored(noted)
    left = [each for each in found if each.rule not in excepted]
    used = {each.rule for each in found}
    return [*left, *(each for each in _idle(noted, used, selection) if each.rule not in excepted)]


def _all_of(manifest: Manifest, selection: Selection) -> Iterator[Lint]:
    yield from _said(selection.of_manifest(manifest), (manifest,), selection)
    pod = manifest.pod
    if pod is not None:
        yield from _said(selection.of_pods, (pod,), selection)
        yield from _said(selection.of_containers, pod.containers, selection)


def _said(
    rules: Iterable[BuiltIn], subjects: Sequence[Any], selection: Selection
) -> Iterator[Lint]:
    for rule in rules:
        check = rule.check
        for subject in subjects:
            for flaw in check(subject):
                path = (*subject.path, *flaw.path)
                severity = selection.severity(rule.id, flaw.severity)
                yield Lint(rule.id, severity, path, flaw.message, flaw.hint)


def _idle(noted: Any, used: set[str], selection: Selection) -> Iterator[Lint]:
    """Yield the annotations of ours that except nothing."""
    for name in own(noted):
        path = ("metadata", "annotations", OWN + name)
        if name not in registry():
            yield Lint(UNKNOWN, "warning", path, f"no finding has the id {name!r}", _near(name))
        elif name not in used and selection.allows(name) and _is_of_rules(name):
            message = in_vain(name, "the annotation")
            yield Lint(UNUSED, "warning", path, message, "remove it")


def _is_of_rules(name: str) -> bool:
    return registry()[name].is_lint or registry()[name].is_refusal


def in_vain(name: str, exception: str) -> str:
    """Return why an exception of an id is of no use."""
    if registry()[name].is_refusal:
        return f"{name} prevents writing, and what does cannot be excepted"
    return f"{name} finds nothing here that {exception} could except"


def _near(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, registry(), n=2)
    return did_you_mean(*near) or "k8sgen explain lists all ids"
