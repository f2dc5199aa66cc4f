"""Calls without an effect: another call of the same description decides, or nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8sgen_core.carriers import Origin, deep_origins, each, origin_of
from k8sgen_core.parts import Mishap, Record
from k8sgen_core.session import Collecting, current

if TYPE_CHECKING:
    from k8sgen_core.builders.builder import Builder

# What Kubernetes does where a manifest does not say.
_DEFAULTS: Mapping[str, object] = {
    "concurrency_policy": "Allow",
    "parallelism": 1,
    "replicas": 1,
    "retries": 6,
    "suspend": False,
}


def note_replaced(builder: Builder, old: Any) -> None:
    """Note the calls that gave a value which the call that is being made takes the place of."""
    session = current()
    if isinstance(session, Collecting):
        # What carries its origin has attributes too, and none of its value's.
        for origin in each(deep_origins(vars(old) if isinstance(old, Record) else old)):
            if origin.call is not builder._call and _made_by(builder, origin):
                session.replaced.append((origin.call, builder._call))


def note_default(builder: Builder, field: str, value: object) -> None:
    """Note a call that asks for what is so without it, in every environment."""
    default = _DEFAULTS.get(field)
    if default is None or value != default or builder is not builder._base:
        return
    session = current()
    if isinstance(session, Collecting):
        session.defaults.append((builder._call, f"{default}"))


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
