"""File names made of object names, safe on every operating system."""

from __future__ import annotations

import re

from k8sgen_core.digests import digest_of

LONGEST = 100
SAFE = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
# Windows opens the device whatever follows the first dot.
DEVICE = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?"

_is_safe = re.compile(rf"(?!{DEVICE}\Z){SAFE}").fullmatch
_is_device = re.compile(DEVICE).fullmatch


def slug(text: str) -> str:
    """
    Return ``text`` as a lower-case file name without extension.

    A text that is safe already stays as it is; any other carries a short hash of itself, so
    that names which differ only in what a file name cannot hold do not share a file.
    """
    if _is_safe(text) and len(text) <= LONGEST:
        return text
    base = re.sub("[^a-z0-9.-]+", "-", text.lower())
    if _is_device(base):
        base = base.replace(".", "-")
    mark = _hash(text)
    kept = base.strip("-.")[: LONGEST - len(mark) - 1].rstrip("-.")
    return f"{kept}-{mark}" if kept else mark


def _hash(text: str) -> str:
    return digest_of(text)[:8]
