"""Paths in containers and URLs, and the modes of files."""

from __future__ import annotations

import re

from k8sgen_core.grammar import ArgumentError, did_you_mean, is_bool, shown, text, wrong_type

RULE = "invalid-path"
MOST_MODE = 0o777


def path(value: object, what: str) -> str:
    """Return an absolute path; ``what`` names it in the error, e.g. ``the path of a probe``."""
    given = text(value, what)
    if not given.startswith("/"):
        message = f"{shown(given)} is no absolute path; {what} must start with '/'"
        raise ArgumentError(RULE, message, _rooted(given))
    if "\0" in given:
        raise ArgumentError(RULE, f"{shown(given)} contains a NUL character", "remove it")
    return given


def mount_path(value: object) -> str:
    """Return the absolute path a volume is mounted at, which must not contain ``:``."""
    given = path(value, "a mount path")
    if ":" in given:
        message = f"{shown(given)} is not a mount path: it must not contain ':'"
        raise ArgumentError(RULE, message, "drop what stands after ':'; read-only is an option")
    return given


def ingress_path(value: object) -> str:
    """Return a path of an Ingress rule: absolute, and without empty, ``.`` or ``..`` parts."""
    given = path(value, "the path of an Ingress rule")
    parts = str.split(given, "/")[1:]
    if "" in parts[:-1] or {".", ".."} & set(parts) or "%2f" in str.lower(given):
        message = (
            f"{shown(given)} is not a path of an Ingress rule: no '//', '/./', '/../' or '%2f'"
        )
        kept = [part for part in parts if part not in {"", ".", ".."}]
        raise ArgumentError(RULE, message, f"write e.g. {'/' + '/'.join(kept)!r}")
    return given


def file_mode(value: object) -> int:
    """Return permission bits: ``0o644``, or the same as octal text, ``"0644"``."""
    if is_bool(value) or not isinstance(value, (str, int)):
        raise wrong_type(value, "a file mode", "an octal number", "write e.g. 0o644 or '0644'")
    if isinstance(value, str):
        return _octal(value)
    if not 0 <= value <= MOST_MODE:
        raise _outside(value, str(value))
    return value


def _octal(value: str) -> int:
    if not re.fullmatch("(?:0o?)?[0-7]{1,6}", value):
        message = f"{shown(value)} is not a file mode: octal digits"
        raise ArgumentError("invalid-value", message, "write e.g. 0o644 or '0644'")
    mode = int(value.removeprefix("0o"), 8)
    if mode > MOST_MODE:
        raise _outside(value, "")
    return mode


def _outside(value: object, digits: str) -> ArgumentError:
    octal = re.fullmatch("[0-7]{3}", digits)
    hint = f"did you mean 0o{digits}?" if octal else "write e.g. 0o644 or '0644'"
    message = f"{shown(value)} is not a file mode: it must be from 0 to 0o777"
    return ArgumentError("invalid-value", message, hint)


def _rooted(given: str) -> str | None:
    url = re.match(r"[a-z]+://[^/?#]*(/[^?#]*)?", given.strip(), re.IGNORECASE)
    if url:
        return f"only the path of a URL belongs here: {url[1] or '/'!r}"
    bare = re.sub(r"^\./+|^\.$", "", given.strip().replace("\\", "/"))
    return "write e.g. '/data'" if ":" in bare or not bare else did_you_mean(f"/{bare}")
