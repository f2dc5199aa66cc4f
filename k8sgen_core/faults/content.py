"""What an API server refuses of ConfigMaps and Secrets; contents of Secrets are never shown."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping

from k8sgen_core.faults.fault import Fault, Object, conflict, missing, section, spelled
from k8sgen_core.grammar.names import config_key

_MEBIBYTE = 1 << 20
# What stands for a value that only the disk session knows.
_UNKNOWN = "***"
_KEY = spelled(config_key)
_ACCOUNT = "kubernetes.io/service-account.name"
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def config_map(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a ConfigMap."""
    plain, binary = made.get("data") or {}, made.get("binaryData") or {}
    yield from _keys(made, ("data", "binaryData"))
    for key in plain.keys() & binary.keys():
        message = f"{key!r} is in binaryData as well"
        yield conflict(("data", key), message, "remove one of the two")
    yield from _encoded(binary, "binaryData")
    size = sum(len(_bytes(value)) for value in plain.values())
    size += sum(len(value or "") * 3 // 4 for value in binary.values())
    yield from _fitting(size, "ConfigMap")


def secret(made: Object) -> Iterator[Fault]:
    """Yield what is refused of a Secret."""
    data, plain = made.get("data") or {}, made.get("stringData") or {}
    yield from _keys(made, ("data", "stringData"))
    yield from _encoded(data, "data")
    size = sum(len(_bytes(value)) for value in plain.values())
    size += sum(len(value or "") * 3 // 4 for key, value in data.items() if key not in plain)
    yield from _fitting(size, "Secret")
    yield from _typed(made, data.keys() | plain.keys())


def _typed(made: Object, known: set[str]) -> Iterator[Fault]:
    kind = made.get("type") or ""
    lacking = [key for key in _REQUIRED.get(kind, ()) if key not in known]
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & known:
        lacking = ["username"]
    if lacking:
        named = " and ".join(map(repr, lacking))
        yield Fault("missing-setting", ("type",), f"a Secret of the type {kind} has no {named}")
    named_account = section(made, "metadata", "annotations").get(_ACCOUNT)
    if kind == "kubernetes.io/service-account-token" and not named_account:
        yield missing(f"the annotation {_ACCOUNT}", "the token names no service account")


def _keys(made: Object, parts: tuple[str, ...]) -> Iterator[Fault]:
    for part in parts:
        for key in made.get(part) or ():
            yield from (fault.at(part, key) for fault in _KEY(key))


def _encoded(data: Object, part: str) -> Iterator[Fault]:
    for key, value in data.items():
        if value and value != _UNKNOWN and not _is_base64(value):
            message = f"the value of {key!r} is not base64"
            hint = "encode it, or move it to stringData" if part == "data" else "encode it"
            yield Fault("invalid-value", (part, key), message, hint)


def _is_base64(value: str) -> bool:
    # Go's decoder skips the ends of lines.
    text = value.replace("\n", "").replace("\r", "")
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _bytes(value: str | None) -> bytes:
    return (value or "").encode("utf-8", "surrogatepass")


def _fitting(size: int, kind: str) -> Iterator[Fault]:
    if size > _MEBIBYTE:
        message = f"the {kind} has {size} bytes, and may have {_MEBIBYTE}"
        hint = "split it, or keep large files in a volume or the image"
        yield Fault("invalid-value", ("data",), message, hint)
