"""References to images: what no kubelet could pull."""

from __future__ import annotations

import re
from collections.abc import Sequence

from k8sgen_core.faults.fault import NONE, Fault, spelled
from k8sgen_core.faults.words import remembered
from k8sgen_core.grammar.image import image as parse_image

# What another tool replaces before the object is applied: ko://..., ${IMAGE}, <image>.
_TO_BE_FILLED = re.compile("://|[$<{%]")


@remembered
def image(value: str) -> Sequence[Fault]:
    """Judge a reference to an image; one that is to be filled in is not known yet."""
    if not value.strip() or _TO_BE_FILLED.search(value):
        return NONE
    return spelled(parse_image)(value)
