"""What a resource says does not apply to it, and why."""

from __future__ import annotations

from k8sgen_core.builders.arguments import checked, refusal
from k8sgen_core.carriers import Origin, origin_of, plain
from k8sgen_core.grammar import text
from k8sgen_core.ids import registry
from k8sgen_core.parts import Ignored, Mishap
from k8sgen_core.session import current


def ignored(rule: str, reason: str, call: Origin) -> Ignored:
    """Return the exception that ``call`` makes; that no finding has the id is only a warning."""
    told = Ignored(
        rule=checked(text, rule, "a rule's id"), reason=checked(text, reason, "a reason")
    )
    if not told.reason.strip():
        message = f"why {plain(rule)!r} does not apply is not said"
        raise refusal(reason, "invalid-value", message, "give the reason in a few words")
    if plain(rule) not in registry():
        _note_unknown(rule, call)
    return told


def _note_unknown(rule: str, call: Origin) -> None:
    from k8sgen_core.misfits import unknown_id

    said = unknown_id(plain(rule), registry())
    current().note(
        Mishap(
            rule=said.rule,
            message=said.message,
            severity="warning",
            hint=said.hint,
            origin=origin_of(rule) or call,
        )
    )
