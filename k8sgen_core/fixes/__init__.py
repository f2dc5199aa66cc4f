"""Corrections of DSL files: what to change in a text so that a finding is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from k8sgen_core.findings import Finding, Range
from k8sgen_core.fixes.chains import Chain, Source
from k8sgen_core.fixes.edits import Edit, applied
from k8sgen_core.fixes.receivers import ANY, Receiver, receiver_of
from k8sgen_core.grammar import proposals
from k8sgen_core.ids import registry

__all__ = ["Edit", "Fix", "applied", "fix_of", "fixed"]


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
    if known is None or not known.edit or known.when not in ("", hint):
        return None
    source = Source.of(text)
    chain = None if source is None else source.chain_at(place)
    if chain is None:
        return None
    receiver = _receiver(known.edit, chain, hint)
    edits = _edits(known.edit, chain, place, hint) if receiver.builders else ()
    is_safe = known.fix == "safe" and receiver.is_sure
    return Fix(_title(known.edit, edits), edits, is_safe) if edits else None


def _receiver(recipe: str, chain: Chain, hint: str | None) -> Receiver:
    """Return which builders can be changed so: a plugin's own calls are not those of builders."""
    kind, told = _parted(recipe)
    if kind in ("hinted", "hinted key"):
        # It is said of the value that stands there, whoever passes it on.
        return ANY._replace(is_sure=True)
    receiver = receiver_of(chain.source, chain.call)
    if kind not in ("add", "hinted call"):
        return receiver
    added = _CALLED.search(told or hint or "")
    return receiver if added is None else receiver.having(added["method"])


_CALLED = re.compile(r"\.(?P<method>\w+)\(")


class _Asked(NamedTuple):
    """What a recipe is followed with: its words after the first, and what the finding says."""

    chain: Chain
    place: Range
    told: str
    hint: str | None

    @property
    def meant(self) -> str | None:
        """The one thing that the hint proposes."""
        options = proposals(self.hint or "")
        return options[0] if len(options) == 1 else None


def _edits(recipe: str, chain: Chain, place: Range, hint: str | None) -> tuple[Edit, ...]:
    kind, told = _parted(recipe)
    return _RECIPES[kind](_Asked(chain, place, told, hint))


def _parted(recipe: str) -> tuple[str, str]:
    """Return the kind of a recipe, and what it tells beyond that."""
    kind = next(each for each in _RECIPES if recipe.startswith(each))
    return kind, recipe.removeprefix(kind).removeprefix(":").strip()


def _before(asked: _Asked) -> tuple[Edit, ...]:
    start = asked.place.start
    return (Edit(Range(start, start), f"{asked.told.removeprefix('.')}."),)


def _without_mapping(asked: _Asked) -> tuple[Edit, ...]:
    return asked.chain.without_mapping(asked.place)


def _with_value(asked: _Asked) -> tuple[Edit, ...]:
    return () if asked.meant is None else asked.chain.with_value(asked.place, asked.meant)


def _with_key(asked: _Asked) -> tuple[Edit, ...]:
    return () if asked.meant is None else asked.chain.with_key(asked.place, asked.meant)


def _with_hinted_call(asked: _Asked) -> tuple[Edit, ...]:
    call = (asked.hint or "").removeprefix("add ")
    return asked.chain.with_call(call.replace("...", '"todo"')) if call.startswith(".") else ()


# What stands here first of two that begin alike is the longer one.
_RECIPES: Mapping[str, Callable[[_Asked], tuple[Edit, ...]]] = {
    "add": lambda asked: asked.chain.with_call(asked.told),
    "after": lambda asked: asked.chain.followed_by(asked.told),
    "before": _before,
    "hinted call": _with_hinted_call,
    "hinted key": _with_key,
    "hinted": _with_value,
    "remove call": lambda asked: asked.chain.without_idle(asked.place),
    "remove mapping": _without_mapping,
    "remove": lambda asked: asked.chain.without(asked.place),
    "replace": lambda asked: (Edit(asked.place, asked.told),),
}


def _title(recipe: str, edits: tuple[Edit, ...]) -> str:
    kind, told = _parted(recipe)
    if kind.startswith("remove"):
        return "Remove this call" if kind == "remove call" else "Remove this setting"
    if kind == "after":
        return f"Add a {told.partition('(')[0]}"
    if kind == "hinted call":
        return f"Add {edits[0].text.strip(', ')}"
    return f"Add {told}" if kind in ("add", "before") else f"Change to {edits[0].text}"


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
