"""Labels and annotations: their keys, their values, and whole mappings of them."""

import re
from collections.abc import Callable, Mapping

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text, wrong_type
from k8sgen_core.grammar.names import SUBDOMAIN

NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_is_name = re.compile(NAME).fullmatch
_is_subdomain = re.compile(SUBDOMAIN).fullmatch
MOST_ANNOTATION_BYTES = 256 * 1024
LETTERS = "letters, digits, '-', '_' and '.', with a letter or digit at both ends"


def label_key(value: object) -> str:
    """Return the key of a label: ``team`` or, with a prefix, ``example.com/team``."""
    given = text(value, "a label key")
    _check_key(given, given, "a label key", "invalid-label")
    return given


def annotation_key(value: object) -> str:
    """Return the key of an annotation: as of a label, but upper case is allowed in the prefix."""
    given = text(value, "an annotation key")
    _check_key(given, given.lower(), "an annotation key", "invalid-annotation")
    return given


def label_value(value: object) -> str:
    """Return the value of a label, which may be empty."""
    given = text(value, "a label value")
    if given and not _is_name(given):
        why = f"{LETTERS}, at most 63 characters, or empty"
        proposal = _proposal(given)
        message = f"{shown(given)} is not a label value: it must be {why}"
        hint = did_you_mean(proposal) or "leave it empty, or use an annotation for free text"
        raise ArgumentError("invalid-label", message, hint)
    return given


def labels(mapping: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``mapping`` if each key and value is fine; an error's path says which is not."""
    _check_each(mapping, "labels", label_key, label_value)
    return mapping


def annotations(mapping: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``mapping`` if each key is fine and the texts fit into 256 KiB together."""
    _check_each(mapping, "annotations", annotation_key, lambda value: text(value, "an annotation"))
    size = sum(len(key.encode()) + len(value.encode()) for key, value in mapping.items())
    if size > MOST_ANNOTATION_BYTES:
        message = f"the annotations have {size} bytes, at most {MOST_ANNOTATION_BYTES} are allowed"
        raise ArgumentError("invalid-annotation", message, "keep large texts in a ConfigMap")
    return mapping


def _check_each(
    mapping: object,
    what: str,
    check_key: Callable[[object], str],
    check_value: Callable[[object], str],
) -> None:
    if not isinstance(mapping, Mapping):
        hint = "write e.g. {'team': 'shop'}"
        raise wrong_type(mapping, what, "a mapping of texts to texts", hint)
    step: object = None
    try:
        for key, value in mapping.items():
            step = ("key", key)
            check_key(key)
            step = key
            check_value(value)
    except ArgumentError as error:
        raise error.under(step) from None


def _check_key(given: str, judged: str, what: str, rule: str) -> None:
    # Of a carrier, each part would carry its origin too.
    prefix, slash, name = str.rpartition(judged, "/")
    if slash and not _is_prefix(prefix):
        why = "its prefix must be a DNS name of lower-case letters, digits, '-' and '.'"
        fits = _is_prefix(prefix.lower()) and _is_name(name)
        hint = did_you_mean(f"{prefix.lower()}/{name}" if fits else None)
        message = f"{shown(given)} is not {what}: {why}"
        raise ArgumentError(rule, message, hint or "write e.g. 'example.com/team'")
    if not _is_name(name):
        why = f"its name must be {LETTERS}, at most 63 characters"
        proposal = _proposal(given.rpartition("/")[2])
        hint = did_you_mean(f"{prefix}{slash}{proposal}" if proposal else None)
        message = f"{shown(given)} is not {what}: {why}"
        raise ArgumentError(rule, message, hint or "write e.g. 'team'")


def _is_prefix(text: str) -> bool:
    return len(text) <= 253 and _is_subdomain(text) is not None


def _proposal(given: str) -> str:
    return re.sub("[^A-Za-z0-9_.-]+", "-", given).strip("-_.")[:63].rstrip("-_.")
