"""What the annotations of an object say does not apply to it, ours and those of other linters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8sgen_core.ids.upstream import standing_for

OWN = "ignore.k8s-gen.io/"
_KUBE_LINTER = "ignore-check.kube-linter.io/"
_KUBE_LINTER_ALL = "kube-linter.io/ignore-all"
_KUBE_SCORE = "kube-score/ignore"


def ignored(annotations: Mapping[str, Any]) -> set[str]:
    """Return the ids that do not apply to an object with these annotations."""
    return {rule for key, value in annotations.items() for rule in _named(str(key), value)}


def own(annotations: Mapping[str, Any]) -> list[str]:
    """Return the ids that annotations of ours name, which ought to be known and needed."""
    return [str(key).removeprefix(OWN) for key in annotations if str(key).startswith(OWN)]


def _named(key: str, value: Any) -> Iterator[str]:
    if key.startswith(OWN):
        yield key.removeprefix(OWN)
    elif key.startswith(_KUBE_LINTER):
        yield from _standing_for("kube-linter", key.removeprefix(_KUBE_LINTER))
    elif key == _KUBE_LINTER_ALL:
        for names in standing_for().get("kube-linter", {}).values():
            yield from names
    elif key == _KUBE_SCORE and isinstance(value, str):
        for name in value.split(","):
            yield from _standing_for("kube-score", name.strip())


def _standing_for(tool: str, check: str) -> Sequence[str]:
    return standing_for().get(tool, {}).get(check, ())
