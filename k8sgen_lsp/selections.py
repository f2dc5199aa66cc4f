"""Which findings a project wants, as its configuration and its comments say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from k8sgen_core.config.project_file import OWN, SHARED
from k8sgen_core.findings import Finding
from k8sgen_lsp.context import Stamp, stamp_of

if TYPE_CHECKING:
    from k8sgen_core.judging.selection import Selection


def wanted(
    findings: Sequence[Finding], root: Path | None, path: str, text: str
) -> Iterable[Finding]:
    """Return those findings in a file of a project that an evaluation would have too."""
    selection = None if root is None or not findings else selection_of(root)
    if selection is None:
        return findings
    from k8sgen_core.judging.comments import exemptions, unexcepted

    left = selection.wanted(findings)
    is_plain = all(each.severity == "error" for each in left)
    # What prevents writing is not excepted, and most of what the text shows does.
    return left if is_plain else unexcepted(left, exemptions(path, text))


def selection_of(root: Path) -> Selection | None:
    """Return what the configuration of a project chooses, ``None`` if it cannot be used."""
    return _selection(root, tuple(stamp_of(root / name) for name in (OWN, SHARED)))


@lru_cache(maxsize=8)
def _selection(root: Path, stamps: tuple[Stamp | None, ...]) -> Selection | None:
    """Return it as it is for what tells one text of the configuration from another."""
    del stamps
    # Rules take a while to load, and most documents have nothing to choose from.
    from k8sgen_core.config import ConfigurationError, load
    from k8sgen_core.judging.selection import Selection

    try:
        return Selection(load(root))
    except ConfigurationError:
        return None
