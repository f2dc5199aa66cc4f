"""A finding as reports speak of it: by a path others can open, and by what makes it the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from k8sgen_core.digests import digest_of
from k8sgen_core.findings import Finding, Place, Related


@dataclass(frozen=True, slots=True)
class Reported:
    """
    A finding, the file it is in, and its fingerprint.

    ``path`` is relative to the working folder where it can be, with ``/``. ``fingerprint``
    stays the same when lines move: it is made of the rule, the object and the field.
    ``related`` are the other places it speaks of, the generated field among them.
    """

    finding: Finding
    path: str | None
    fingerprint: str
    related: tuple[Related, ...] = ()


def reported(
    findings: Iterable[Finding],
    path_of: Callable[[str], str],
    generated: Callable[[Finding], Place | None] = lambda finding: None,
) -> list[Reported]:
    """Return the findings with paths and fingerprints, each fingerprint once."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        path = None if finding.place is None else path_of(finding.place.path)
        told = fingerprint(finding, path)
        number = seen[told]
        seen[told] += 1
        unique = told if not number else _hashed(told, str(number))
        made = generated(finding)
        related = [Related(each.message, _moved(each.place, path_of)) for each in finding.related]
        if made is not None:
            related.append(Related("the generated field", made))
        found.append(Reported(finding, path, unique, tuple(related)))
    return found


def _moved(place: Place, path_of: Callable[[str], str]) -> Place:
    return Place(path_of(place.path), place.range)


def fingerprint(finding: Finding, path: str | None) -> str:
    """Return what is the same for a finding in each run, wherever its lines have gone."""
    if finding.object is None:
        return _hashed(finding.rule, path or "", finding.message)
    return _hashed(finding.rule, finding.object, finding.field or "")


def _hashed(*parts: str) -> str:
    return digest_of("\0".join(parts))[:32]
