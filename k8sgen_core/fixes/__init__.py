"""Corrections of DSL files: what to change in a text so that a finding is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from k8sgen_core.findings import Finding, Range
from k8sgen_core.fixes.chains import Chain, Source
from k8sgen_core.fixes.edits import Edit, applied
from k8sgen_core.grammar import proposals
from k8sgen_core.ids import registry

__all__ = ["Edit", "Fix", "applied", "fix_of", "fixed"]

_ADD = "add "
_BEFORE = "before "
_REMOVE = "remove"
_REMOVE_MAPPING = "remove mapping"
_REPLACE = "replace "
_HINTED = "hinted"
_HINTED_KEY = "hinted key"


class Fix(NamedTuple):
    """A correction; one that is not safe changes what runs in a way that needs a person's eye."""

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool


def fix_of(rule: str, place: Range, text: str, hint: str | None) -> Fix | None:
    """
    Return the correction for a finding of a rule at a place of a DSL file.

    ``None`` if the rule has none, the text there is not a call that can be changed, or the hint
    of the finding does not say what the rule needs to be told.
    """
    known = registry().get(rule)
    if known is None or not known.edit:
        return None
    source = Source.of(text)
    chain = None if source is None else source.chain_at(place)
    edits = () if chain is None else _edits(known.edit, chain, place, hint)
    return Fix(_title(known.edit, edits), edits, known.fix == "safe") if edits else None


def _edits(recipe: str, chain: Chain, place: Range, hint: str | None) -> tuple[Edit, ...]:
    if recipe == _REMOVE:
        return chain.without(place)
    if recipe == _REMOVE_MAPPING:
        return chain.without_mapping(place)
    if recipe in (_HINTED, _HINTED_KEY):
        meant = proposals(hint or "")
        change = chain.with_value if recipe == _HINTED else chain.with_key
        return change(place, meant[0]) if len(meant) == 1 else ()
    if recipe.startswith(_BEFORE):
        return (Edit(Range(place.start, place.start), f"{recipe.removeprefix(_BEFORE)[1:]}."),)
    if recipe.startswith(_REPLACE):
        return (Edit(place, recipe.removeprefix(_REPLACE)),)
    return chain.with_call(recipe.removeprefix(_ADD))


def _title(recipe: str, edits: tuple[Edit, ...]) -> str:
    if recipe in (_REMOVE, _REMOVE_MAPPING):
        return "Remove this setting"
    for adding in (_ADD, _BEFORE):
        if recipe.startswith(adding):
            return f"Add {recipe.removeprefix(adding)}"
    return f"Change to {edits[0].text}"


def fixed(findings: Iterable[Finding], path: str, text: str) -> str:
    """Return a text with the safe corrections of the findings in it that do not collide."""
    chosen: list[Edit] = []
    for finding in findings:
        if finding.place is None or finding.place.path != path:
            continue
        fix = fix_of(finding.rule, finding.place.range, text, finding.hint)
        if fix is not None and fix.is_safe:
            new = [edit for edit in fix.edits if edit not in chosen]
            if not any(edit.collides(other) for edit in new for other in chosen):
                chosen += new
    return applied(text, chosen)
