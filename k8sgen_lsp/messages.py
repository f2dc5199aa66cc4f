"""Messages out of the bodies of frames: JSON-RPC 2.0 as the protocol uses it, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn, TypeAlias

from lsprotocol.types import ErrorCodes

from k8sgen_lsp.framing import Malformed

Json: TypeAlias = dict[str, Any]
Id: TypeAlias = int | str

DEEPEST = 128
# Above this, a body is looked at before it is read: what it is made of may take 40 times its size.
_USUAL = 2 << 20
_MOST_VALUES = 500_000
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_VALUE = re.compile(rb"[\[{,]")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_LONE = re.compile("[\ud800-\udfff]")
_MEMBER = rb'"(?:jsonrpc|id|method)"\s*:\s*(?:-?[0-9]{1,15}|"[^"\\\x00-\x1f]{0,200}")\s*'
_CALL = re.compile(rb"\{\s*(" + _MEMBER + rb"(?:,\s*" + _MEMBER + rb")*)")


class Refusal(NamedTuple):
    """The answer to what is no message; without an id if none can be told."""

    id: Id | None
    code: int
    reason: str


def message_of(frame: bytes | Malformed) -> Json | Refusal:
    """Return the request, notification or response in a frame."""
    if isinstance(frame, Malformed):
        return Refusal(_id_in(frame.start), ErrorCodes.ParseError, frame.reason)
    try:
        message = _value(frame)
    except (ValueError, RecursionError) as error:
        return Refusal(_id_in(frame[:4096]), ErrorCodes.ParseError, f"no JSON: {error}")
    number = message.get("id") if isinstance(message, dict) else None
    if fault := _fault(message):
        known = number if _is_id(number) and "method" in message else None
        return Refusal(known, ErrorCodes.InvalidRequest, fault)
    found: Json = message
    return found


def _value(body: bytes) -> Any:
    _refuse_too_many_values(body)
    value = json.loads(body.decode(), parse_constant=_refuse_constant)
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(value):
        raise ValueError(f"it is nested more than {DEEPEST} levels deep")
    return _without_surrogates(value) if _SURROGATE.search(body) else value


def _refuse_too_many_values(body: bytes) -> None:
    if len(body) > _USUAL:
        values = len(_VALUE.findall(_STRING.sub(b'""', body), 0))
        if values > _MOST_VALUES:
            raise ValueError(f"it has {values} values, and {_MOST_VALUES} are allowed")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON's")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _without_surrogates(value: Any) -> Any:
    """Return the value with what no encoding has replaced; columns stay what they are."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(each) for each in value]
    if isinstance(value, dict):
        pairs = value.items()
        return {_without_surrogates(name): _without_surrogates(each) for name, each in pairs}
    return value


def _fault(message: Any) -> str | None:
    if not isinstance(message, dict):
        return "a message is one object; there are no batches in this protocol"
    if message.get("jsonrpc") != "2.0":
        return 'a message has "jsonrpc": "2.0"'
    if "method" in message:
        return _fault_of_call(message)
    if "id" in message and ("result" in message or isinstance(message.get("error"), dict)):
        return None
    return "a message has a method, or the result or error of one"


def _fault_of_call(message: Json) -> str | None:
    if not isinstance(message["method"], str):
        return "a method is a string"
    if "id" in message and not _is_id(message["id"]):
        return "an id is an integer or a string"
    if not isinstance(message.get("params"), dict | list | None):
        return "params are an object or an array"
    return None


def _is_id(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _id_in(start: bytes) -> Id | None:
    """Return the id of a request that cannot be read, if it is in plain sight."""
    for found in _CALL.finditer(start):
        try:
            members = json.loads(b"{%s}" % found[1])
        except ValueError:
            continue
        if "method" in members and _is_id(members.get("id")):
            known: Id = members["id"]
            return known
    return None
