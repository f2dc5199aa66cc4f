"""The built-in rules, one subject in each module."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

from k8sgen_core.ids import POLICY, SUBJECTS, TOOL
from k8sgen_core.rules.rule import RULES, BuiltIn


@cache
def rules() -> Mapping[str, BuiltIn]:
    """Return every built-in rule by its id; a module is named like its texts."""
    for subject in SUBJECTS:
        if subject not in (TOOL, POLICY):
            importlib.import_module(f"{__name__}.{subject}")
    return RULES
