"""Names of the IANA time zone database, as a CronJob's ``timeZone`` takes them."""

from __future__ import annotations

import re
from functools import cache

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text

RULE = "invalid-time-zone"
PART = r"[A-Za-z._0-9+-]{1,14}"
LEGACY = "US/Pacific"


def time_zone(value: object) -> str:
    """Return the name of a time zone, e.g. ``Europe/Berlin`` or ``Etc/UTC``."""
    given = text(value, "a time zone")
    if given.lower() == "local":
        message = f"{shown(given)} differs from machine to machine; Kubernetes wants a named zone"
        raise ArgumentError(RULE, message, "write e.g. 'Europe/Berlin' or 'Etc/UTC'")
    if not all(_is_part(part) for part in given.split("/")):
        message = f"{shown(given)} is not the name of a time zone of the IANA database"
        raise ArgumentError(RULE, message, did_you_mean(*_near(given)) or "write 'Area/City'")
    if given not in _zones():
        _check_known(given)
    return given


def _is_part(part: str) -> bool:
    dots = part in {".", ".."}
    return not dots and not part.startswith("-") and re.fullmatch(PART, part) is not None


def _check_known(given: str) -> None:
    near = _near(given)
    # Some systems have no data, others leave out the old names: absence proves nothing there.
    complete = LEGACY in _zones()
    if complete or [zone.lower() for zone in near] == [given.lower()]:
        message = f"{shown(given)} is no time zone of the IANA database"
        raise ArgumentError(RULE, message, did_you_mean(*near) or "write 'Area/City'")


@cache
def _zones() -> set[str]:
    # Only time zones need it, and reading the database is slow: never on the path of an import.
    import zoneinfo

    return zoneinfo.available_timezones()


def _near(given: str) -> list[str]:
    import difflib

    spelled = {zone.lower(): zone for zone in sorted(_zones())}
    tidy = given.strip().replace(" ", "_").lower()
    if tidy in spelled:
        return [spelled[tidy]]
    return [spelled[zone] for zone in difflib.get_close_matches(tidy, spelled, n=1, cutoff=0.8)]
