"""
The registry of ids: what each finding means, and what to do about it.

``k8sgen explain ID`` and the documentation are made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from k8sgen_core.findings import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """An id that a finding can have."""

    id: str
    severity: Severity
    summary: str
    why: str
    remedy: str
    example: str = ""


@cache
def registry() -> dict[str, Rule]:
    """Return every id with its description, in the order of the documentation."""
    # Most runs ask for no id, and these two are a quarter of what a run imports.
    import tomllib
    from importlib import resources

    text = (resources.files("k8sgen_core") / "ids.toml").read_text(encoding="utf-8")
    return {name: Rule(name, **described) for name, described in tomllib.loads(text).items()}
