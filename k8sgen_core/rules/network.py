"""Network policies: that they are about pods which exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8sgen_core.rules.manifest import Manifest, items, mapping
from k8sgen_core.rules.rule import Flaw, Path, rule

_SIDES = (("ingress", "from"), ("egress", "to"))


@rule("dangling-networkpolicy", on=Manifest, kinds=("NetworkPolicy",))
def dangling_networkpolicy(manifest: Manifest) -> Iterator[Flaw]:
    """Flag policies that apply to no pod."""
    selector = mapping(manifest.spec, "podSelector")
    if _selects_nothing(manifest, selector):
        yield Flaw(
            ("spec", "podSelector"),
            f"{manifest.title} applies to no pod here: none has {_said(selector)}",
            "correct the labels, or add what runs the pods",
        )


@rule("dangling-networkpolicypeer-podselector", on=Manifest, kinds=("NetworkPolicy",))
def dangling_networkpolicypeer_podselector(manifest: Manifest) -> Iterator[Flaw]:
    """Flag peers of a policy that are no pod."""
    for path, peer in _peers(manifest):
        selector = mapping(peer, "podSelector")
        # Pods of other namespaces are rarely among the objects that are given.
        if peer.get("namespaceSelector") is None and _selects_nothing(manifest, selector):
            yield Flaw(
                (*path, "podSelector"),
                f"a peer of {manifest.title} is no pod here: none has {_said(selector)}",
                "correct the labels, or add a namespaceSelector",
            )


def _peers(manifest: Manifest) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for side, field in _SIDES:
        for index, each in items(manifest.spec, side):
            for number, peer in items(each, field):
                yield ("spec", side, index, field, number), peer


def _selects_nothing(manifest: Manifest, selector: Mapping[str, Any]) -> bool:
    """Does a selector that is not empty, and so does not select all, select nothing?"""
    if not mapping(selector, "matchLabels") and not selector.get("matchExpressions"):
        return False
    found = manifest.cluster.running_around(selector, manifest.namespace)
    return next(found, None) is None


def _said(selector: Mapping[str, Any]) -> str:
    labels = [f"{key}={value}" for key, value in mapping(selector, "matchLabels").items()]
    labels += [
        f"{each.get('key')} {each.get('operator')}"
        for _, each in items(selector, "matchExpressions")
    ]
    return ", ".join(labels)
