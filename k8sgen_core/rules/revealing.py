"""
What looks like a secret, by its name and by its value.

Almost no false alarm is worth more here than a secret more: a name must end in a word for secrets
or hold the word itself, a value must be able to be one.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST = 253
_CERTAIN = frozenset({"password", "passwd", "passphrase", "pwd", "apikey"})
_CERTAIN_PAIRS = frozenset(
    {("api", "key"), ("private", "key"), ("secret", "key"), ("access", "key")}
)
# What has none of these in its name is not looked at further.
_MAYBE = re.compile("pass|pwd|secret|token|key|cred", re.IGNORECASE)
# Names that end so name a secret, or where it is kept.
_LIKELY = frozenset({"secret", "token", "credential", "credentials"})
_ANYWHERE = frozenset({"secret", "password", "passwd", "passphrase"})
# What the last word of a name says that the value is, if it is no secret.
_ABOUT = re.compile(
    r"""
    algorithm|alg|arn|audience|backend|bucket|class|count|dir|directory|driver|duration|enabled
    |encoding|endpoint|engine|expiration|expires|expiry|field|file|filename|format|header|host
    |hostname|id|interval|issuer|key|keyid|keyring|kind|label|length|level|limit|location|manager
    |max|min|mode|mount|names?|namespaces?|path|policy|port|prefix|provider|ref|reference|region
    |rotation|scope|seconds|selector|server|service|size|store|suffix|timeout|ttl|type|uri|url
    |user|username|vault|version|volume
    """,
    re.VERBOSE,
)
_SETTING = re.compile(
    "true|false|yes|no|on|off|enabled|disabled|none|null|nil|required|optional|default"
)
_REFERENCE = re.compile(
    r"""
      \$[({\w].*            # $(OTHER), ${OTHER}, $OTHER
    | \{\{.*                # a template
    | <.*>                  # to be filled in
    | [./~].*               # a path
    | [*xX.…]+              # blackened
    | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+   # another name, which something fills in
    | .*(?i:your[-_ ]|placeholder|replace|redacted|todo|fixme|example).*
    | (?:vault|ref\+|op|sm|gcpsm|awssm|secretsmanager|aws|gcp|azure|file|env|arn|projects)[:/+].*
    | [a-z][a-z0-9+.-]*://[^@]*   # an address without a password
    """,
    re.VERBOSE | re.DOTALL,
)
# What nothing but a secret looks like, by a text that it has in it, which is found faster.
_KNOWN = {
    "PRIVATE KEY-----": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "gh": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    "github_pat_": re.compile(r"\bgithub_pat_[A-Za-z0-9_]{50,}\b"),
    "glpat-": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "xox": re.compile(r"\bxox[abprs]-[0-9]+-[0-9A-Za-z-]{10,}"),
    "k_live_": re.compile(r"\b[sr]k_live_[A-Za-z0-9]{20,}\b"),
    "AIza": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "npm_": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "eyJ": re.compile(
        r"(?<![\w-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"
    ),
    "://": re.compile(r"://[^\s/:@$<{]*:[^\s/@$<{*]{3,}@[^\s/]+"),
}
_SHORTEST = len("a://b:ccc@d")
# What may be the name of the object that keeps it.
_NAME = re.compile(r"(?=.*[-./])[a-z0-9]([a-z0-9./-]*[a-z0-9])?")


def is_certain(name: str, value: str) -> bool:
    """Is what is named like this, and has this value, a secret and not where one is kept?"""
    return _is_certain(_words(name)) and _could_be(value)


def is_likely(name: str, value: str) -> bool:
    """The same where names say what the values are, as those of options do."""
    return _is_likely(_words(name), value)


def is_variable(name: str, value: str) -> bool:
    """The same for an environment variable, which may have the word anywhere in its name."""
    words = _words(name)
    if not words:
        return False
    anywhere = not _ANYWHERE.isdisjoint(words) and not _ABOUT.fullmatch(words[-1])
    return _is_likely(words, value) or (anywhere and _could_be_kept(value))


def reveals(value: str) -> bool:
    """Has a value a secret in it, whatever its name?"""
    if len(value) < _SHORTEST:
        return False
    return any(known.search(value) for mark, known in _KNOWN.items() if mark in value)


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name, without the numbers at its end; none if they are harmless."""
    return _split(name) if len(name) <= _LONGEST else ()


@lru_cache(maxsize=1024)
def _split(name: str) -> tuple[str, ...]:
    if _MAYBE.search(name) is None:
        return ()
    words = [word.lower() for word in _WORDS.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    return tuple(words)


def _is_likely(words: tuple[str, ...], value: str) -> bool:
    if _is_certain(words):
        return _could_be(value)
    return bool(words) and words[-1] in _LIKELY and _could_be_kept(value)


def _is_certain(words: tuple[str, ...]) -> bool:
    return bool(words) and (words[-1] in _CERTAIN or words[-2:] in _CERTAIN_PAIRS)


def _could_be(value: str) -> bool:
    told = value.strip()
    is_setting = _SETTING.fullmatch(told.lower()) or _REFERENCE.fullmatch(told)
    return bool(told) and is_setting is None


def _could_be_kept(value: str) -> bool:
    return _could_be(value) and not _NAME.fullmatch(value.strip())
