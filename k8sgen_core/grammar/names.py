"""Names of objects, ports, hosts, keys and variables, each by the rule Kubernetes applies."""

from __future__ import annotations

import re

from k8sgen_core.grammar import ArgumentError, did_you_mean, shown, text

LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(?:\.{LABEL})*"
SERVICE = r"[a-z](?:[a-z0-9-]*[a-z0-9])?"
KEY = r"[-._a-zA-Z0-9]+"
VARIABLE = r"[-._a-zA-Z][-._a-zA-Z0-9]*"
FORMAT = r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*"
_is_label = re.compile(LABEL).fullmatch
_is_subdomain = re.compile(SUBDOMAIN).fullmatch
_is_service = re.compile(SERVICE).fullmatch
_is_core_version = re.compile("v[1-9][0-9]*(?:(?:alpha|beta)[1-9][0-9]*)?").fullmatch
_is_key = re.compile(KEY).fullmatch
_is_variable = re.compile(VARIABLE).fullmatch
_has_letter = re.compile("[a-z]").search
_is_address = re.compile(r"[0-9]+(?:\.[0-9]+){3}").fullmatch
ALPHANUMERIC = "lower-case letters, digits and '-', with a letter or digit at both ends"
DOTTED = "lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each part"


def subdomain(value: object, what: str) -> str:
    """Return an RFC 1123 subdomain, the name of most objects; ``what`` says whose name it is."""
    given = text(value, what)
    if not _is_subdomain(given) or len(given) > 253:
        why = f"an RFC 1123 subdomain: {DOTTED}, at most 253 characters"
        raise _refused(given, what, why, _hint(_proposal(given, 253, keep="."), "web"))
    return given


def path_segment(value: object, what: str) -> str:
    """Return what can stand in the path of a URL, the name of roles and their bindings."""
    given = text(value, what)
    if given in ("", ".", "..") or {"/", "%"} & {*given} or not given.isprintable():
        why = "a name of RBAC: any text without '/' and '%', but not '.' and '..'"
        raise _refused(given, what, why, _hint(_proposal(given, 253, keep="."), "reader"))
    return given


def subject(value: object, what: str, example: str) -> str:
    """Return the name of a user or a group, of which the cluster's authentication decides."""
    given = text(value, what)
    if not given.strip():
        message = f"{shown(given)} is nobody: {what} needs a name"
        raise ArgumentError("invalid-name", message, f"write e.g. {example!r}")
    return given


def api_version(value: object) -> str:
    """Return an API version: ``v1`` of Kubernetes itself, or a group and its version."""
    given = text(value, "the API version")
    group, slash, version = str.rpartition(given, "/")
    of_group = _is_subdomain(group) and len(group) <= 253 and _is_service(version)
    if len(version) > 63 or not (of_group if slash else _is_core_version(version)):
        message = f"{shown(given)} is no API version: it must be 'v1', or <group>/<version>"
        raise ArgumentError("invalid-value", message, "write e.g. 'cert-manager.io/v1'")
    return given


def kind(value: object) -> str:
    """Return the kind of an object, which a CustomResourceDefinition could have too."""
    given = text(value, "the kind")
    if not _is_service(given.lower()) or not given.isascii() or len(given) > 63:
        why = "letters and digits, a letter first, at most 63 characters"
        words = re.sub("[^A-Za-z0-9]+", " ", given).lstrip(" 0123456789").split()
        joined = "".join(f"{word[:1].upper()}{word[1:]}" for word in words)[:63]
        hint = _hint(joined, "Certificate")
        raise _refused(given, "a kind", why, hint, rule="invalid-value")
    return given


def label_name(value: object, what: str) -> str:
    """Return an RFC 1123 label, the name of namespaces, containers and volumes."""
    given = text(value, what)
    if not _is_label(given) or len(given) > 63:
        why = f"an RFC 1123 label: {ALPHANUMERIC}, at most 63 characters"
        raise _refused(given, what, why, _hint(_proposal(given, 63), "web"))
    return given


def service_name(value: object, what: str = "a Service name") -> str:
    """Return an RFC 1035 label, which the name of a Service, and of all that has one, must be."""
    given = text(value, what, "write e.g. 'web'")
    if not _is_service(given) or len(given) > 63:
        why = f"an RFC 1035 label: {ALPHANUMERIC}, a letter first, at most 63 characters"
        raise _refused(given, what, why, _hint(nearest_service_name(given), "web"))
    return given


def nearest_service_name(given: str, most: int = 63) -> str:
    """Return the valid Service name that is nearest to a text, nothing where it has no letters."""
    led = given if re.match("[^a-zA-Z]*[a-zA-Z]", given) is None else given.lstrip("0123456789")
    proposal = _proposal(led, most)
    is_named = not proposal or proposal[0].isalpha()
    return proposal if is_named else _proposal(f"svc-{proposal}", most)


def port_name(value: object) -> str:
    """Return an IANA service name, which names a port: at most 15 characters."""
    given = text(value, "a port name")
    if _is_port_name(given):
        return given
    why = (
        f"an IANA service name: {ALPHANUMERIC}, a letter among them, no '--', at most 15 characters"
    )
    proposal = re.sub("-{2,}", "-", _proposal(given, 15))
    if not _is_port_name(proposal):
        proposal = _proposal(f"port-{proposal}", 15)
    raise _refused(given, "a port name", why, did_you_mean(proposal), rule="invalid-port-name")


def host(value: object) -> str:
    """Return the host of an Ingress: a DNS name, or ``*.`` and a DNS name."""
    given = text(value, "a host")
    if _is_address(given):
        message = f"{shown(given)} is an IP address; the host of an Ingress is a DNS name"
        raise ArgumentError("invalid-host", message, "write e.g. 'shop.example.com'")
    if not _is_host(given):
        bare = re.sub(r"^[a-z]+://", "", given.strip().lower())
        bare = re.split("[/:?#]", bare)[0]
        proposal = bare if _is_host(bare) else _proposal(bare, 253, keep=".")
        why = f"a DNS name: {DOTTED}, at most 253 characters; only the first part may be '*'"
        hint = _hint(proposal, "shop.example.com")
        raise _refused(given, "a host", why, hint, rule="invalid-host")
    return given


def config_key(value: object) -> str:
    """Return a key of a ConfigMap or Secret, which becomes a file name."""
    given = text(value, "a key")
    if not _is_key(given) or len(given) > 253 or given.startswith("..") or given == ".":
        why = (
            "letters, digits, '-', '_' and '.', at most 253 characters, not '.' and not led by '..'"
        )
        proposal = re.sub("[^-._a-zA-Z0-9]+", "-", given).lstrip(".").strip("-")[:253]
        hint = _hint(proposal.strip("."), "app.conf")
        raise _refused(given, "a key of a ConfigMap or Secret", why, hint, rule="invalid-key")
    return given


def environment_variable(value: object) -> str:
    """Return the name of an environment variable, as every supported version takes it."""
    what = "an environment variable"
    given = text(value, what)
    if not _is_variable(given) or given.startswith("..") or given == ".":
        why = "letters, digits, '_', '-' and '.', not led by a digit, not '.' and not led by '..'"
        proposal = re.sub("[^-._a-zA-Z0-9]+", "_", given.strip()).lstrip(".")
        hint = _hint(re.sub("^(?=[0-9])", "_", proposal), "LOG_LEVEL")
        raise _refused(given, what, why, hint)
    return given


def environment(value: object) -> str:
    """Return the name of an environment, which nothing but the command line must be able to say."""
    given = text(value, "an environment's name")
    if not given.strip() or not given.isprintable():
        message = f"{shown(given)} cannot be an environment's name: it must be readable text"
        raise ArgumentError("invalid-name", message, "write e.g. 'prod'")
    return given


def format_name(value: object) -> str:
    """Return the name of an output format, which becomes a part of a method's name."""
    given = text(value, "a format's name")
    if not re.fullmatch(FORMAT, given):
        why = "lower-case words of letters and digits, with '-' or '_' between them"
        raise _refused(given, "a format's name", why, _hint(_proposal(given, 63), "terraform"))
    return given


def _is_port_name(given: str) -> bool:
    shape = _is_label(given) is not None and len(given) <= 15
    return shape and "--" not in given and _has_letter(given) is not None


def _is_host(given: str) -> bool:
    bare = str.removeprefix(given, "*.")
    return _is_subdomain(bare) is not None and len(given) <= 253


def _refused(
    given: str, what: str, why: str, hint: str | None, rule: str = "invalid-name"
) -> ArgumentError:
    long = f" of {len(given)} characters" if len(given) > 60 else ""
    message = f"{shown(given)}{long} cannot be {what}: it must be {why}"
    return ArgumentError(rule, message, hint)


def _hint(proposal: str, example: str) -> str:
    return did_you_mean(proposal) or f"write e.g. {example!r}"


def _proposal(given: str, most: int, keep: str = "") -> str:
    """Return the nearest valid name, or nothing where ``given`` has no letter or digit."""
    # Only a wrong name pays for the tables of Unicode, which make "uss" of "üß".
    import unicodedata

    plain = unicodedata.normalize("NFKD", given.casefold()).encode("ascii", "ignore").decode()
    lower = re.sub(f"[^a-z0-9{re.escape(keep)}]+", "-", plain)
    lower = re.sub(r"-*\.[-.]*", ".", lower)
    return lower.strip("-.")[:most].strip("-.")
