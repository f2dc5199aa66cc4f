"""Values that stand in many kinds of objects: names, ports, labels, amounts, shares."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from k8sgen_core.faults.fault import NONE, Fault, Object, between, each, fields, one_of, spelled
from k8sgen_core.grammar import ArgumentError, did_you_mean, shown
from k8sgen_core.grammar.labels import annotation_key, label_key, label_value
from k8sgen_core.grammar.names import host as parse_host
from k8sgen_core.grammar.names import label_name, port_name, subdomain
from k8sgen_core.grammar.quantity import amount

MOST_ANNOTATION_BYTES = 256 << 10
_PERCENT = re.compile("[0-9]+%")
# Names, labels and amounts repeat from object to object, mostly near each other.
remembered = lru_cache(maxsize=512)

port_number = between(1, 65535, "invalid-port")
not_negative = between(0)
positive = between(1)
file_mode = between(0, 0o777)
user_id = between(0, 2**31 - 1)
protocol = one_of("TCP", "UDP", "SCTP")


@remembered
def _named(value: str) -> Sequence[Fault]:
    return spelled(lambda name: subdomain(name, "the name of an object"), empty=True)(value)


def object_name(value: str) -> Sequence[Fault]:
    """Judge the name of another object, of most kinds; empty is none."""
    return _named(value)


@remembered
def _label_named(value: str) -> Sequence[Fault]:
    return spelled(lambda name: label_name(name, "a name here"))(value)


def short_name(value: str) -> Sequence[Fault]:
    """Judge the name of a part of an object: a container, a volume, a port of a Service."""
    return _label_named(value)


@remembered
def qualified_name(value: str) -> Sequence[Fault]:
    """Judge a key like those of labels, which may have a prefix."""
    return spelled(label_key)(value)


port_named = remembered(spelled(port_name))
host = remembered(spelled(parse_host, empty=True))


def port(value: Any) -> Sequence[Fault]:
    """Judge the number or the name of a port."""
    return port_named(value) if isinstance(value, str) else port_number(value)


def labels(value: Object) -> Sequence[Fault]:
    """Judge labels, or what selects by them."""
    found: list[Fault] = []
    for key, text in value.items():
        if wrong := (*qualified_name(key), *(NONE if text is None else label_text(text))):
            found += [fault.at(key) for fault in wrong]
    return found


@remembered
def label_text(value: str) -> Sequence[Fault]:
    """Judge the value of a label."""
    return spelled(label_value)(value)


def annotation_texts(value: Object) -> Sequence[Fault]:
    """Judge the keys of annotations, and how much they are together."""
    found = [fault.at(key) for key in value for fault in _annotated(key)]
    size = sum(_bytes(key) + _bytes(text or "") for key, text in value.items())
    if size > MOST_ANNOTATION_BYTES:
        message = f"the annotations have {size:,} bytes, at most {MOST_ANNOTATION_BYTES:,} are kept"
        found.append(Fault("invalid-annotation", (), message, "keep large texts in a ConfigMap"))
    return found


@remembered
def _annotated(key: str) -> Sequence[Fault]:
    return spelled(annotation_key)(key)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


magnitude = remembered(amount)


@remembered
def quantity(value: Any) -> Sequence[Fault]:
    """Judge an amount that is not negative."""
    try:
        if amount(value) >= 0:
            return NONE
    except ArgumentError as error:
        return [Fault(error.rule, (), error.message, error.hint)]
    return [Fault("invalid-quantity", (), f"{shown(value)} is negative", "0 is nothing")]


@remembered
def positive_quantity(value: Any) -> Sequence[Fault]:
    """Judge an amount that is more than nothing."""
    found = quantity(value)
    if not found and amount(value) == 0:
        return [Fault("invalid-quantity", (), f"{shown(value)} is nothing", "ask for some")]
    return found


def count_or_share(value: Any) -> Sequence[Fault]:
    """Judge a number, or a share in percent, of any size."""
    if not isinstance(value, str):
        return not_negative(value)
    if _PERCENT.fullmatch(value):
        return NONE
    meant = f"{value.strip()}%" if value.strip().isdecimal() else None
    message = f"{shown(value)} is neither a number nor a share such as '25%'"
    hint = f"write {value.strip()} without quotes, or {meant!r}" if meant else None
    return [Fault("invalid-value", (), message, hint)]


def count_or_part(value: Any) -> Sequence[Fault]:
    """Judge a number, or a share of at most all."""
    found = count_or_share(value)
    if not found and isinstance(value, str) and int(value[:-1]) > 100:
        return [Fault("invalid-value", (), f"{value} is more than all", "write 100% at most")]
    return found


def is_nothing(value: Any) -> bool:
    """Is a count or share that fits nothing?"""
    return str(value).rstrip("%").strip("0") == "" and value is not None


def relative_path(value: str) -> Sequence[Fault]:
    """Judge a path inside a volume."""
    if value.startswith("/"):
        message = f"{shown(value)} is an absolute path, and must be relative"
        return [Fault("invalid-path", (), message, "drop the '/' in front")]
    return no_way_up(value)


def no_way_up(value: str) -> Sequence[Fault]:
    """Judge a path that must not contain ``..``."""
    if ".." in value.split("/"):
        return [Fault("invalid-path", (), f"{shown(value)} must not contain '..'")]
    return NONE


def address_range(value: str) -> Sequence[Fault]:
    """Judge a range of addresses, as in ``10.0.0.0/8``."""
    given = value.strip()
    try:
        # Leading zeros are taken by some versions, and mean what they say.
        plain = re.sub(r"(?<![0-9a-fA-F:])0+(?=[0-9])", "", given)
        ipaddress.ip_network(plain, strict=False)
    except ValueError:
        return [
            Fault("invalid-value", (), f"{shown(value)} is no range of addresses", _cidr(given))
        ]
    if "/" in given:
        return NONE
    return [Fault("invalid-value", (), f"{shown(value)} has no length of its prefix", _cidr(given))]


def _cidr(given: str) -> str:
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "write e.g. '10.0.0.0/8'"
    return did_you_mean(f"{given}/{address.max_prefixlen}") or ""


def _requirement(value: Object) -> Sequence[Fault]:
    found = list(_EXPRESSION(value))
    operator, listed = value.get("operator"), value.get("values") or ()
    if operator in ("In", "NotIn") and not listed:
        found.append(
            Fault(
                "missing-setting",
                (),
                f"the operator {operator} compares with nothing",
                "set values",
            )
        )
    if operator in ("Exists", "DoesNotExist") and listed:
        message = f"the operator {operator} takes no values"
        found.append(Fault("conflicting-settings", ("values",), message, "remove the values"))
    return found


_EXPRESSION = fields(
    {
        "key": qualified_name,
        "operator": one_of("In", "NotIn", "Exists", "DoesNotExist"),
        "values": each(label_text),
    }
)
selector = fields({"matchLabels": labels, "matchExpressions": each(_requirement)})


def selects(chosen: Object, labelled: Object) -> bool:
    """Do labels fit a selector that is valid?"""
    wanted = chosen.get("matchLabels") or {}
    if any(labelled.get(key) != value for key, value in wanted.items()):
        return False
    return all(_fits(labelled, each) for each in chosen.get("matchExpressions") or ())


def _fits(labelled: Object, expression: Object) -> bool:
    key, listed = str(expression.get("key")), expression.get("values") or ()
    match expression.get("operator"):
        case "Exists":
            return key in labelled
        case "DoesNotExist":
            return key not in labelled
        case "In":
            return key in labelled and labelled[key] in listed
        case _:
            return labelled.get(key) not in listed
