"""References to container images: ``[registry/]repository[:tag][@digest]``."""

from __future__ import annotations

import re

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text

RULE = "invalid-image"
COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
HOST_PART = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
REGISTRY = rf"(?:{HOST_PART}(?:\.{HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
TAG = r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}"
# Most references: no port, and a first part that may be a host or a folder.
USUAL = rf"[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/{COMPONENT})*(?::{TAG})?(?:@sha256:[0-9a-f]{{64}})?"
HEX_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
LONGEST_NAME = 255
_is_usual = re.compile(USUAL).fullmatch


class Image:
    """An image reference in its parts; whatever is absent is None, and nothing is filled in."""

    __slots__ = ("digest", "registry", "repository", "tag")

    def __init__(
        self, registry: str | None, repository: str, tag: str | None, digest: str | None
    ) -> None:
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest

    @property
    def name(self) -> str:
        """The registry and the repository: what stays the same from version to version."""
        return self.repository if self.registry is None else f"{self.registry}/{self.repository}"

    def __str__(self) -> str:
        tag = "" if self.tag is None else f":{self.tag}"
        digest = "" if self.digest is None else f"@{self.digest}"
        return f"{self.name}{tag}{digest}"

    def __repr__(self) -> str:
        return f"Image({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Image) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def parse_image(value: str) -> Image:
    """Take a reference apart without judging it, so that rules can read any text."""
    rest, at, digest = value.partition("@")
    folder, slash, last = rest.rpartition("/")
    last, colon, tag = last.partition(":")
    repository = f"{folder}{slash}{last}"
    first, divided, inner = repository.partition("/")
    registry = first if divided and _is_registry(first) else None
    if registry is not None:
        repository = inner
    return Image(registry, repository, tag if colon else None, digest if at else None)


def image(value: object) -> str:
    """Return a reference to an image, e.g. ``ghcr.io/acme/web:1.4``."""
    given = text(value, "the image")
    if not _is_usual(given) or len(given) > LONGEST_NAME:
        fault = _fault_of(given)
        if fault is not None:
            message = f"{shown(given)} is not an image reference: {fault}"
            raise ArgumentError(RULE, message, _remedy(given))
    return given


def _is_registry(first: str) -> bool:
    """Tell a registry from the first folder of a repository, by Docker's rule."""
    return "." in first or ":" in first or first == "localhost"


def _fault_of(given: str) -> str | None:
    if not given:
        return "it is empty"
    if "://" in given:
        return "a reference has no scheme"
    if given.split() != [given]:
        return "it contains blanks"
    parts = parse_image(given)
    faults = (_name_fault(parts), _tag_fault(parts.tag), _digest_fault(parts.digest))
    return next(filter(None, faults), None)


def _name_fault(parts: Image) -> str | None:
    if parts.registry is not None and not re.fullmatch(REGISTRY, parts.registry):
        return f"registry {shown(parts.registry)} is not a host with an optional port"
    if len(parts.repository) > LONGEST_NAME:
        length = len(parts.repository)
        return f"the repository is {length} characters long, at most {LONGEST_NAME} are allowed"
    for component in parts.repository.split("/"):
        if not re.fullmatch(COMPONENT, component):
            return _component_fault(component)
    return None


def _component_fault(component: str) -> str:
    if not component:
        return "a component of the repository is empty"
    if re.fullmatch(COMPONENT, component.lower()):
        return f"repository component {shown(component)} must be lower case"
    return (
        f"repository component {shown(component)} must be lower-case letters and digits, "
        "with single '.', '_' or '__', or '-' between them"
    )


def _tag_fault(tag: str | None) -> str | None:
    if tag is None or re.fullmatch(TAG, tag):
        return None
    if not tag:
        return "the tag after ':' is empty"
    if len(tag) > 128:
        return f"the tag is {len(tag)} characters long, at most 128 are allowed"
    return f"tag {shown(tag)} must be letters, digits, '_', '.' and '-', not led by '.' or '-'"


def _digest_fault(digest: str | None) -> str | None:
    if digest is None:
        return None
    algorithm, _, encoded = digest.partition(":")
    if algorithm not in HEX_DIGITS:
        return f"digest algorithm {shown(algorithm)} must be one of {', '.join(HEX_DIGITS)}"
    wanted = HEX_DIGITS[algorithm]
    if len(encoded) != wanted:
        return f"a {algorithm} digest has {wanted} hexadecimal digits, this one has {len(encoded)}"
    if not re.fullmatch("[0-9a-f]+", encoded):
        return f"a {algorithm} digest consists of the digits 0-9 and a-f, in lower case"
    return None


def _remedy(given: str) -> str:
    tidy = given.rpartition("://")[2].strip().strip("/").rstrip(":@")
    parts = parse_image(tidy)
    parts.repository = re.sub("/{2,}", "/", parts.repository.lower())
    parts.digest = parts.digest.lower() if parts.digest else None
    fixed = str(parts)
    known = did_you_mean(fixed) if fixed != given and _fault_of(fixed) is None else None
    return known or "write [registry/]repository[:tag][@digest], e.g. 'ghcr.io/acme/web:1.4'"
