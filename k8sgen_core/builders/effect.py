"""Calls without an effect: another call of the same description decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8sgen_core.carriers import Origin, each, origin_of
from k8sgen_core.parts import Mishap
from k8sgen_core.session import current

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder


def note_idle_replicas(builder: Builder) -> None:
    """
    Note a number of pods beside automatic scaling, which decides.

    A number of the base that only one environment scales has its effect elsewhere.
    """
    session, draft = current(), builder._draft
    if not session.collects or session.is_inside or not {"replicas", "scale"} <= draft.keys():
        return
    for origin in each(origin_of(draft["replicas"])):
        if _made_by(builder, origin):
            session.note(
                Mishap(
                    rule="no-effect",
                    message="replicas has no effect, because scale decides how many pods run",
                    severity="info",
                    hint="remove one of the two calls",
                    origin=Origin((origin.call, None)),
                )
            )


def _made_by(builder: Builder, origin: Origin) -> bool:
    """Was the call made on this builder, and is it no repetition for an environment?"""
    if builder is builder._base:
        return True
    return any(call is origin.call for call, *_ in builder._replays or ())
